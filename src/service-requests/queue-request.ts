import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, fail, invalid, notFound, ok, type Result } from '../result.ts'
import { type FieldValues, fieldValues } from './action-fields.ts'
import { newestVersion } from './actions.ts'
import { moveRequest, tell } from './change-request.ts'
import { saveWithin } from './create-request.ts'
import { typedFields } from './field-values.ts'
import { findForAct, findVisibleRequest, type ServiceRequest } from './find-request.ts'
import { enqueueRun } from './request-job.ts'
import { type CompleteRequest, complete, type TypedRequest, understand } from './understand.ts'

/** Changes to be saved on the way into the queue. */
export interface UnsavedChanges {
  typed: TypedRequest
  version: number
}

/**
 * Queue Request: checks everything again, freezes what will run, and puts it into the queue.
 * Pressed twice, the second one finds it queued and changes nothing.
 */
export async function queueRequest(
  deps: Deps,
  actor: Actor,
  id: number,
  unsaved?: UnsavedChanges,
): Promise<Result<ServiceRequest>> {
  const queued = await deps.db.transaction().execute(tx => queueWithin(tx, deps, actor, id, unsaved))
  if (queued.ok) tell(deps, id)
  return queued
}

async function queueWithin(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  id: number,
  unsaved: UnsavedChanges | undefined,
): Promise<Result<ServiceRequest>> {
  const found = await findForAct(tx, deps, actor, id)
  if (!found) return notFound()
  if (!can(actor, 'service-request.queue', found.subject)) return fail(noRight)
  if (found.request.status !== 'NEW') return alreadyGone(found.request)
  if (unsaved) {
    const saved = await saveWithin(tx, deps, actor, id, unsaved.typed, unsaved.version)
    if (!saved.ok) return saved
  }
  const request = unsaved
    ? ((await findVisibleRequest(tx, actor, id))?.request ?? found.request)
    : found.request
  return putIntoQueue(tx, deps, actor, request)
}

const noRight = {
  kind: 'forbidden',
  message: 'You need an approved Self-Service Portal access of this customer to queue service requests.',
} as const

const alreadyGone = (request: ServiceRequest): Result<ServiceRequest> =>
  request.queued_at === null
    ? conflict(`Service request ${request.id} is ${request.status} and can’t be queued any more.`)
    : ok(request)

async function putIntoQueue(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  request: ServiceRequest,
): Promise<Result<ServiceRequest>> {
  const typed = typedOf(request)
  const understood = await understand(tx, actor, typed, deps.clock.now())
  const wanted = complete(understood, typed.summary)
  if (!wanted) return invalid(understood.errors)
  const version = await newestVersion(tx, wanted.offer.runbookId)
  if (version === undefined)
    return invalid({ requested_action: `Nothing has been set up to do this on ${request.asset_id}.` })
  const frozen = freeze(wanted, version, nowInstant(deps.clock), actor)
  if (!(await moveRequest(tx, deps.clock, actor, request, 'queue', frozen, { runbookVersion: version })))
    return conflict(`Service request ${request.id} was changed meanwhile. Check it and queue it again.`)
  await enqueueRun(tx, deps.clock, request.id, frozen.due_at)
  return ok({ ...request, ...frozen, status: 'QUEUED' })
}

/** What was queued is what runs, whatever is set up differently afterwards. */
const freeze = ({ offer, start, fields }: CompleteRequest, version: number, now: string, actor: Actor) => ({
  action_name: offer.action.name,
  mode: offer.action.mode,
  fields: JSON.stringify(fields),
  runbook_version_id: version,
  requested_start: start?.instant ?? null,
  queued_at: now,
  queued_by: actor.id,
  due_at: start?.instant ?? now,
  warned_at: null,
  reason: '',
})

/** A stored request as its form would send it. */
export const typedOf = (request: ServiceRequest): TypedRequest => ({
  requested_start: request.requested_wall ?? '',
  requested_zone: request.requested_zone ?? 'UTC',
  requested_offset: request.requested_offset === null ? '' : String(request.requested_offset),
  target_environment: request.asset_id,
  requested_action: request.action_id,
  summary: request.summary,
  own: typedFields(storedFields(request)),
})

const storedFields = (request: Pick<ServiceRequest, 'fields'>): FieldValues =>
  fieldValues.parse(JSON.parse(request.fields))
