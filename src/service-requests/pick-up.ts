import { isUniqueViolation } from '../../db/errors.ts'
import type { Instant } from '../../db/schema.ts'
import { systemActor } from '../audit/record.ts'
import { createRun, latestRun, type RunPlan, valuesOf } from '../automation/runs.ts'
import { after, nowInstant, seconds } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Lease } from '../jobs/lease.ts'
import { aliveSpans } from '../jobs/workers.ts'
import { moveRequest, tell } from './change-request.ts'
import { whyRefused } from './check-again.ts'
import type { ServiceRequest } from './find-request.ts'
import { keepWallTime } from './keep-wall-time.ts'
import { whyMissed } from './lateness.ts'
import { missRequest } from './miss-requests.ts'
import { turnOf } from './queue-place.ts'
import { bringNextForward } from './request-job.ts'
import { mailEnded, mailStarted } from './request-mails.ts'
import { planOf } from './run-plan.ts'

export type PickedUp =
  | { kind: 'nothing' }
  | { kind: 'later'; at: Instant }
  /** resumed: an earlier attempt got as far as making the run. */
  | { kind: 'run'; request: Pick<ServiceRequest, 'id'>; runId: number; plan: RunPlan; resumed: boolean }

/** Takes a due request out of the queue, after checking everything again; the environment is locked in the same step. */
export async function pickUp(deps: Deps, lease: Lease, requestId: number): Promise<PickedUp> {
  try {
    const picked = await deps.db.transaction().execute(async tx => {
      const found = await pickUpWithin(tx, deps, lease, requestId)
      await lease.guard(tx)
      return found
    })
    if (picked.kind !== 'later') tell(deps, requestId)
    return picked
  } catch (error) {
    // Somebody else locked the environment between our look and our claim: still waiting.
    if (isUniqueViolation(error)) return { kind: 'later', at: soon(deps) }
    throw error
  }
}

async function pickUpWithin(tx: Tx, deps: Deps, lease: Lease, requestId: number): Promise<PickedUp> {
  const request = await tx
    .selectFrom('service_requests')
    .selectAll()
    .where('id', '=', requestId)
    .executeTakeFirst()
  if (request?.status === 'INPROG') return resume(tx, request)
  if (request?.status !== 'QUEUED') return { kind: 'nothing' }
  const now = nowInstant(deps.clock)
  const dueAt = await keepWallTime(tx, deps, request)
  if (dueAt > now) return { kind: 'later', at: dueAt }
  const current = dueAt === request.due_at ? request : await reload(tx, requestId)
  const alive = await aliveSpans(tx, deps.clock, deps.config, current.queued_at ?? now)
  const missed = whyMissed(current, deps.config, now, alive)
  if (missed) return ended(await missRequest(tx, deps, current, missed))
  const refused = await whyRefused(tx, current)
  if (refused) return ended(await refuse(tx, deps, current, refused, now))
  const turn = await turnOf(tx, current, now)
  if (turn !== 'now') return { kind: 'later', at: turn === 'next' ? soon(deps) : later(deps) }
  return claim(tx, deps, lease, current, now)
}

const ended = (_moved: boolean): PickedUp => ({ kind: 'nothing' })

/** Whoever frees the environment wakes the next one; these looks are only the safety net. */
const soon = (deps: Deps) => after(deps.clock.now(), seconds(deps.config.JOB_INTERVAL))
const later = (deps: Deps) => after(deps.clock.now(), seconds(60))

const reload = (tx: Tx, id: number): Promise<ServiceRequest> =>
  tx.selectFrom('service_requests').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

async function resume(tx: Tx, request: ServiceRequest): Promise<PickedUp> {
  const run = await latestRun(tx, request.id)
  if (!run) throw new Error(`Service request ${request.id} is INPROG without a run.`)
  const plan = { ...(await planOf(tx, request)), values: valuesOf(run) }
  return { kind: 'run', request, runId: run.id, plan, resumed: true }
}

async function refuse(tx: Tx, deps: Deps, request: ServiceRequest, why: string, now: Instant) {
  const changes = { reason: why, actual_finish: now }
  if (!(await moveRequest(tx, deps.clock, systemActor, request, 'refuse', changes, { reason: why })))
    return false
  await mailEnded(tx, deps, request, 'FAILED', why)
  if (request.mode === 'exclusive') await bringNextForward(tx, deps.clock, request.asset_id)
  return true
}

/** The lock is the partial unique index: this update fails where another request holds the environment. */
async function claim(
  tx: Tx,
  deps: Deps,
  lease: Lease,
  request: ServiceRequest,
  now: Instant,
): Promise<PickedUp> {
  const changes = { actual_start: now, job_status: 'Picked up', reason: '' }
  if (!(await moveRequest(tx, deps.clock, systemActor, request, 'pick-up', changes)))
    return { kind: 'later', at: soon(deps) }
  const plan = await planOf(tx, request)
  const runId = await createRun(tx, deps, lease, { requestId: request.id, attempt: 1, plan })
  await mailStarted(tx, deps, request, now)
  return { kind: 'run', request, runId, plan, resumed: false }
}
