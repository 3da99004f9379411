import { z } from 'zod'
import {
  createRun,
  executeRun,
  finishRun,
  latestRun,
  type RunOutcome,
  recoverRun,
} from '../automation/runs.ts'
import type { Deps, Tx } from '../deps.ts'
import type { JobHandler, JobOutcome } from '../jobs/handler.ts'
import type { Lease } from '../jobs/lease.ts'
import { topicOf } from './change-request.ts'
import { finishRequest } from './finish-request.ts'
import { type PickedUp, pickUp } from './pick-up.ts'

const payload = z.object({ requestId: z.number().int() })

/** The job of a queued request: pick up, run, write how it ended. After a crash it finds what was begun. */
export const runServiceRequest: JobHandler = async (deps, job): Promise<JobOutcome> => {
  const { requestId } = payload.parse(job.payload)
  const picked = await pickUp(deps, job.lease, requestId)
  if (picked.kind === 'later') return { kind: 'again', at: picked.at }
  if (picked.kind === 'nothing') return { kind: 'done' }
  const { runId, outcome } = picked.resumed
    ? await recover(deps, job.lease, picked)
    : { runId: picked.runId, outcome: await execute(deps, job.lease, picked) }
  if (outcome.kind === 'released' || outcome.kind === 'again') return outcome
  await finishRequest(deps, job.lease, requestId, runId, outcome)
  return { kind: 'done' }
}

type Running = Extract<PickedUp, { kind: 'run' }>

const execute = (deps: Deps, lease: Lease, { request, runId, plan }: Running): Promise<RunOutcome> =>
  executeRun(deps, lease, runId, plan, { onStep: (tx, step) => showStep(tx, request.id, step) })

/** The present step, shown as Automation Job Status. */
async function showStep(tx: Tx, requestId: number, step: string): Promise<void> {
  await tx
    .updateTable('service_requests')
    .set({ job_status: step })
    .where('id', '=', requestId)
    .where('status', '=', 'INPROG')
    .execute()
}

/** An earlier attempt was begun: it is adopted, given up as UNKNOWN, or, where declared safe, repeated. */
async function recover(
  deps: Deps,
  lease: Lease,
  running: Running,
): Promise<{ runId: number; outcome: RunOutcome | Extract<JobOutcome, { kind: 'again' }> }> {
  const { request, runId, plan } = running
  const found = await recoverRun(deps, lease, runId, plan, {
    onStep: (tx, step) => showStep(tx, request.id, step),
  })
  if (found.kind !== 'repeat') return { runId, outcome: found }
  const again = { ...running, runId: await nextAttempt(deps, lease, running, found.reason) }
  deps.announce(topicOf(request.id))
  return { runId: again.runId, outcome: await execute(deps, lease, again) }
}

/** The attempt that was lost is closed in the same step that begins the next one. */
const nextAttempt = (deps: Deps, lease: Lease, running: Running, reason: string): Promise<number> =>
  deps.db.transaction().execute(async tx => {
    const { request, plan, runId } = running
    const lost = await latestRun(tx, request.id)
    const attempt = (lost?.attempt ?? 0) + 1
    const next = await createRun(tx, deps, lease, { requestId: request.id, attempt, plan })
    await finishRun(tx, deps, lease, runId, { kind: 'repeat', reason })
    return next
  })
