import { systemActor } from '../audit/record.ts'
import { finishRun, type RunOutcome } from '../automation/runs.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Lease } from '../jobs/lease.ts'
import { moveRequest, tell } from './change-request.ts'
import type { ServiceRequest } from './find-request.ts'
import { bringNextForward } from './request-job.ts'
import { mailEnded } from './request-mails.ts'

export type Ended = Exclude<RunOutcome, { kind: 'released' }>

const endings = {
  succeeded: { event: 'resolve', status: 'RESOLVED' },
  failed: { event: 'fail', status: 'FAILED' },
  aborted: { event: 'fail', status: 'FAILED' },
  unknown: { event: 'lose', status: 'UNKNOWN' },
} as const

/** Writes how a run ended: run, request, trail, mail and the next one in the queue, in one transaction. */
export async function finishRequest(
  deps: Deps,
  lease: Lease,
  requestId: number,
  runId: number,
  outcome: Ended,
): Promise<void> {
  await deps.db.transaction().execute(async tx => {
    await finishWithin(tx, deps, requestId, outcome)
    await finishRun(tx, deps, lease, runId, outcome)
  })
  tell(deps, requestId)
}

async function finishWithin(tx: Tx, deps: Deps, requestId: number, outcome: Ended): Promise<void> {
  const request = await tx
    .selectFrom('service_requests')
    .selectAll()
    .where('id', '=', requestId)
    .executeTakeFirstOrThrow()
  const { event, status } = endings[outcome.kind]
  const reason = reasonOf(outcome)
  const changes = {
    reason,
    job_status: jobStatusOf(outcome, request),
    // Nobody knows when a lost one ended: Settle says it.
    actual_finish: status === 'UNKNOWN' ? null : nowInstant(deps.clock),
  }
  const detail = reason ? { reason } : {}
  if (!(await moveRequest(tx, deps.clock, systemActor, request, event, changes, detail))) return
  await mailEnded(tx, deps, request, status, reason)
  if (request.mode === 'exclusive' && status !== 'UNKNOWN')
    await bringNextForward(tx, deps.clock, request.asset_id)
}

function reasonOf(outcome: Ended): string {
  switch (outcome.kind) {
    case 'succeeded':
      return ''
    case 'failed':
      return outcome.step ? `Step “${outcome.step}”: ${outcome.reason}` : outcome.reason
    case 'unknown':
      return outcome.reason
    case 'aborted':
      return `Aborted by an operator: ${outcome.reason}`
  }
}

/** The step at which it ended stays as Automation Job Status, where that says something. */
const jobStatusOf = (outcome: Ended, request: ServiceRequest) =>
  outcome.kind === 'succeeded'
    ? 'Done'
    : outcome.kind === 'failed'
      ? `Failed: ${outcome.step || request.job_status}`
      : outcome.kind === 'aborted'
        ? `Aborted: ${request.job_status}`
        : `Lost: ${request.job_status}`
