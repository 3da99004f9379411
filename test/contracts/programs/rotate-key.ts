/**
 * `gatehouse key rotate` as a process of its own that is killed as if the power was cut, at the checkpoint CRASH_AT;
 * HOLD_AT names one at which it says so and goes on when it is told by SIGUSR2.
 */
import { once } from 'node:events'
import { openDatabase } from '../../../db/open.ts'
import { rotateKey } from '../../../src/cli/key-rotation.ts'
import { systemClock } from '../../../src/clock.ts'
import { readConfig } from '../../../src/config.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const { CRASH_AT } = process.env
let { HOLD_AT } = process.env
// A waiting process must not end because nothing else keeps it.
const alive = setInterval(() => {}, 60_000)

async function checkpoint(name: string) {
  if (name === CRASH_AT) process.kill(process.pid, 'SIGKILL')
  if (name !== HOLD_AT) return
  HOLD_AT = undefined
  const asked = once(process, 'SIGUSR2')
  say(`holds at ${name}`)
  await asked
}

const config = readConfig()
const open = await openDatabase(config)
await rotateKey({ db: open.db, config, clock: systemClock, say, checkpoint })
await open.close()
clearInterval(alive)
