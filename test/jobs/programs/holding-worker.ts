/**
 * A worker as a process of its own. Its job `hold` says so, waits for SIGUSR2, then tries to write under its lease;
 * its job `greet` is done at once.
 */
import { once } from 'node:events'
import { setInterval } from 'node:timers'
import { pino } from 'pino'
import { openDeps } from '../../../src/cli/open-deps.ts'
import { readConfig } from '../../../src/config.ts'
import type { Deps } from '../../../src/deps.ts'
import type { ClaimedJob, JobOutcome } from '../../../src/jobs/handler.ts'
import { startWorker } from '../../../src/jobs/worker.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const done: JobOutcome = { kind: 'done' }

async function hold(deps: Deps, job: ClaimedJob): Promise<JobOutcome> {
  const asked = once(process, 'SIGUSR2')
  job.lease.signal.addEventListener('abort', () => say(`told: ${job.lease.signal.reason.name}`))
  say(`holds, attempt ${job.attempts}`)
  await asked
  await deps.db
    .transaction()
    .execute(async tx => {
      await tx
        .insertInto('settings')
        .values({ name: `by ${process.pid}`, value: '' })
        .execute()
      await job.lease.guard(tx)
    })
    .then(
      () => say('wrote'),
      error => say(`did not write: ${error.name}`),
    )
  return done
}

const { deps, signals, close } = await openDeps(readConfig(), pino({ level: 'silent' }))
signals.listen('request:2261', () => say('heard of request 2261'))
const greet = async (): Promise<JobOutcome> => {
  say('greets')
  return done
}
const worker = startWorker(deps, { handlers: { hold, greet }, recurring: [] }, signals.onWake)
await Promise.all([signals.ready, worker.ready])
const asked = once(process, 'SIGTERM')
const staying = setInterval(() => {}, 60_000)
say('ready')
await asked
await worker.stop()
await close()
clearInterval(staying)
