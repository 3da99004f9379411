/**
 * A worker as a process of its own that works on accesses, and is killed as if the power was cut: at the checkpoint
 * CRASH_AT, KILL_AFTER milliseconds after a job was begun, or at the latest when a job is done and that is not
 * written down yet. HOLD_AT names a checkpoint at which it says so and waits for SIGUSR2. The server refuses the
 * first REFUSE passwords.
 */
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { workOnAccess } from '../../../src/access/work-on-access.ts'
import { openDeps } from '../../../src/cli/open-deps.ts'
import { readConfig } from '../../../src/config.ts'
import type { JobHandler } from '../../../src/jobs/handler.ts'
import { startWorker } from '../../../src/jobs/worker.ts'
import { ProvisionerError } from '../../../src/provisioners/provisioner.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const { CRASH_AT, HOLD_AT, KILL_AFTER, REFUSE } = process.env
const die = () => process.kill(process.pid, 'SIGKILL')
let refusals = Number(REFUSE ?? 0)

async function checkpoint(name: string) {
  if (name === CRASH_AT) die()
  if (name === HOLD_AT) {
    const asked = once(process, 'SIGUSR2')
    say(`holds at ${name}`)
    await asked
  }
  if (name !== 'password sent' || refusals === 0) return
  refusals -= 1
  throw new ProvisionerError('refused', 'The password is too simple.')
}

const work: JobHandler = async (deps, job) => {
  if (KILL_AFTER) void wait(Number(KILL_AFTER)).then(die)
  const outcome = await workOnAccess(deps, job).catch(error => {
    say(`gave up: ${error.name}`)
    throw error
  })
  if (!HOLD_AT) die()
  return outcome
}

const { deps, signals } = await openDeps(readConfig(), pino({ level: 'silent' }))
startWorker({ ...deps, checkpoint }, { handlers: { 'work on access': work }, recurring: [] }, signals.onWake)
