/**
 * A worker as a process of its own that performs runs. CRASH_AT names a checkpoint at which it is killed as if the
 * power was cut, HOLD_AT one at which it says so and stays. Says how runs end.
 */
import { once } from 'node:events'
import { pino } from 'pino'
import { PREPARATION_JOB, prepareCampaign } from '../../../src/access/campaign-preparation.ts'
import { workOnAccess } from '../../../src/access/work-on-access.ts'
import { runbookDefinition } from '../../../src/automation/runbook.ts'
import {
  createRun,
  executeRun,
  finishRun,
  latestRun,
  type Recovered,
  recoverRun,
} from '../../../src/automation/runs.ts'
import { openDeps } from '../../../src/cli/open-deps.ts'
import { readConfig } from '../../../src/config.ts'
import type { Deps } from '../../../src/deps.ts'
import type { ClaimedJob, JobOutcome } from '../../../src/jobs/handler.ts'
import { startWorker } from '../../../src/jobs/worker.ts'
import { runServiceRequest } from '../../../src/service-requests/run-service-request.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const { CRASH_AT, HOLD_AT } = process.env

interface Payload {
  requestId: number
  definition: unknown
}

/** As the service request's own handler does it, without the request. */
async function run(deps: Deps, job: ClaimedJob): Promise<JobOutcome> {
  try {
    return await runUnderLease(deps, job)
  } catch (error) {
    say(`gave up: ${error instanceof Error ? error.name : error}`)
    throw error
  }
}

async function runUnderLease(deps: Deps, { payload, lease }: ClaimedJob): Promise<JobOutcome> {
  const { requestId, definition } = payload as Payload
  const plan = {
    definition: runbookDefinition.parse(definition),
    values: { asset: {}, request: {}, field: {} },
  }
  const hooks = { onStep: async () => {} }
  const found = await latestRun(deps.db, requestId)
  if (found && found.state !== 'running' && found.state !== 'unknown') return { kind: 'done' }
  const make = (attempt: number) =>
    deps.db.transaction().execute(async tx => {
      if (found) await finishRun(tx, deps, lease, found.id, { kind: 'repeat', reason: 'Repeated.' })
      return createRun(tx, deps, lease, { requestId, attempt, plan })
    })
  let id = found?.id ?? (await make(1))
  await deps.checkpoint?.('run created')
  let outcome: Recovered = found
    ? await recoverRun(deps, lease, id, plan, hooks)
    : await executeRun(deps, lease, id, plan, hooks)
  if (outcome.kind === 'repeat') {
    id = await make((found?.attempt ?? 0) + 1)
    outcome = await executeRun(deps, lease, id, plan, hooks)
  }
  say(`outcome ${JSON.stringify(outcome)}`)
  if (outcome.kind === 'again' || outcome.kind === 'released') return outcome
  const ended = outcome
  await deps.db.transaction().execute(tx => finishRun(tx, deps, lease, id, ended))
  say(`ended ${ended.kind}`)
  return { kind: 'done' }
}

async function checkpoint(name: string) {
  if (name === CRASH_AT) process.kill(process.pid, 'SIGKILL')
  if (name !== HOLD_AT) return
  const asked = once(process, 'SIGUSR2')
  say(`holds at ${name}`)
  await asked
}

const { deps, signals, close } = await openDeps(readConfig(), pino({ level: 'silent' }))
const handlers = {
  run,
  'run service request': runServiceRequest,
  'work on access': workOnAccess,
  [PREPARATION_JOB]: prepareCampaign,
}
const worker = startWorker({ ...deps, checkpoint }, { handlers, recurring: [] }, signals.onWake)
process.once('SIGTERM', async () => {
  await worker.stop()
  await close()
  say('stopped')
})
await worker.ready
say('ready')
