import type { Instant } from '../../db/schema.ts'
import { record, systemActor } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import { changeRequest, subjectOf, tell } from './change-request.ts'
import type { ServiceRequest } from './find-request.ts'
import { enqueueRun } from './request-job.ts'
import { mailMoved } from './request-mails.ts'
import { resolveAgain } from './requested-start.ts'

/**
 * The rules of a time zone can change after Queue Request: the wall time wins and the requester is told.
 * Gives the instant at which the request is due.
 */
export async function keepWallTime(tx: Tx, deps: Deps, request: ServiceRequest): Promise<Instant> {
  const { requested_wall: wall, requested_zone: zone, requested_start: stored, due_at } = request
  const due = due_at ?? request.reported_at
  if (wall === null || zone === null || stored === null) return due
  const start = resolveAgain({ wall, zone, offset: request.requested_offset })
  if (start === stored) return due
  if (!(await changeRequest(tx, request, { requested_start: start, due_at: start, warned_at: null })))
    return due
  const detail = { wall, zone, before: stored, now: start }
  await record(tx, deps.clock, systemActor, 'service-request start moved', subjectOf(request), detail)
  await mailMoved(tx, deps, request, stored, start)
  await enqueueRun(tx, deps.clock, request.id, start)
  return start
}

/** Recurring: all queued requests that start later. */
export async function keepWallTimes(deps: Deps): Promise<void> {
  const waiting = await deps.db
    .selectFrom('service_requests')
    .selectAll()
    .where('status', '=', 'QUEUED')
    .where('requested_wall', 'is not', null)
    .execute()
  for (const request of waiting.filter(moves)) {
    await deps.db.transaction().execute(tx => keepWallTime(tx, deps, request))
    tell(deps, request.id)
  }
}

const moves = ({ requested_wall: wall, requested_zone: zone, ...request }: ServiceRequest) =>
  wall !== null &&
  zone !== null &&
  resolveAgain({ wall, zone, offset: request.requested_offset }) !== request.requested_start
