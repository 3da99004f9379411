import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can, shownName } from '../policy.ts'
import { conflict, fail, invalid, notFound, ok, type Result } from '../result.ts'
import { moveRequest, type RequestChanges, tell } from './change-request.ts'
import { findForAct, type ServiceRequest } from './find-request.ts'
import { bringNextForward } from './request-job.ts'
import { canHappen, type ServiceRequestAct, serviceRequestEvents } from './service-request-states.ts'

const REASON_LENGTH = 4000

/** Of a request that is NEW again. */
export const outOfQueue = {
  queued_at: null,
  queued_by: null,
  due_at: null,
  runbook_version_id: null,
  warned_at: null,
} satisfies RequestChanges

/** QUEUED → NEW: it can be changed and queued again. */
export const takeBack = (deps: Deps, actor: Actor, id: number) =>
  act(deps, actor, id, 'take-back', () => outOfQueue)

export const cancelRequest = (deps: Deps, actor: Actor, id: number) =>
  act(deps, actor, id, 'cancel', () => ({ reason: `Cancelled by ${shownName(actor)}.`, job_status: '' }))

export const closeRequest = (deps: Deps, actor: Actor, id: number) =>
  act(deps, actor, id, 'close', now => ({ closed_at: now }))

/** UNKNOWN → RESOLVED or FAILED, by somebody who has looked; frees the environment. */
export async function settleRequest(
  deps: Deps,
  actor: Actor,
  id: number,
  outcome: 'settle-resolved' | 'settle-failed',
  reason: string,
): Promise<Result<ServiceRequest>> {
  const words = reason.trim()
  const wrong = wrongReason(words, 'Say how you found out what happened: it stays with the request.')
  return act(
    deps,
    actor,
    id,
    outcome,
    now => ({
      reason: `${serviceRequestEvents[outcome].label.replace('Settle', 'Settled')} by ${shownName(actor)}: ${words}`,
      job_status: '',
      actual_finish: now,
    }),
    wrong,
    { reason: words },
  )
}

/** A reason that has to be given, in words that fit into the record. */
export const wrongReason = (reason: string, help: string): string | undefined =>
  reason === ''
    ? `Give a reason. ${help}`
    : reason.length > REASON_LENGTH
      ? `Reason has ${reason.length.toLocaleString('en-US')} characters. Use at most ${REASON_LENGTH.toLocaleString('en-US')}.`
      : undefined

async function act(
  deps: Deps,
  actor: Actor,
  id: number,
  event: Exclude<ServiceRequestAct, 'queue'>,
  changes: (now: string) => RequestChanges,
  wrong?: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<Result<ServiceRequest>> {
  const done = await deps.db.transaction().execute(async tx => {
    const found = await findForAct(tx, deps, actor, id)
    if (!found) return notFound()
    if (!can(actor, `service-request.${event}`, found.subject)) return fail(notAllowed(event, found.request))
    if (found.request.status === serviceRequestEvents[event].to) return ok(found.request)
    if (!canHappen(event, found.request.status)) return conflict(tooLate(event, found.request))
    if (wrong) return invalid({ reason: wrong })
    const set = changes(nowInstant(deps.clock))
    if (!(await moveRequest(tx, deps.clock, actor, found.request, event, set, detail)))
      return conflict(
        `Service request ${id} has just been changed by somebody else. Look at it and try again.`,
      )
    await freeQueue(tx, deps, found.request)
    return ok({ ...found.request, ...set, status: serviceRequestEvents[event].to } as ServiceRequest)
  })
  if (done.ok) tell(deps, id)
  return done
}

/** Whoever waited behind it is looked at again. */
async function freeQueue(tx: Tx, deps: Deps, left: ServiceRequest): Promise<void> {
  if (left.mode === 'exclusive' && (left.status === 'QUEUED' || left.status === 'UNKNOWN'))
    await bringNextForward(tx, deps.clock, left.asset_id)
}

const notAllowed = (event: ServiceRequestAct, request: ServiceRequest) =>
  ({ kind: 'forbidden', message: `${serviceRequestEvents[event].label}: ${whoMay(event, request)}` }) as const

function whoMay(event: ServiceRequestAct, request: ServiceRequest): string {
  if (event === 'close') return `only ${request.reported_by_name}, who made the request, may do this.`
  if (event.startsWith('settle')) return 'only a manager of the customer or an operator may do this.'
  return `only ${request.reported_by_name} or a manager of the customer may do this, with an approved Self-Service Portal access.`
}

function tooLate(event: ServiceRequestAct, { id, status }: ServiceRequest): string {
  const picked = status === 'INPROG' && (event === 'take-back' || event === 'cancel')
  return picked
    ? `Service request ${id} has been picked up meanwhile. Once a request has been picked up for processing it cannot be stopped.`
    : `Service request ${id} is ${status} by now: “${serviceRequestEvents[event].label}” is not possible any more.`
}
