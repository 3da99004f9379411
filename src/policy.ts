import type { Role } from '../db/schema.ts'
import type { ServiceRequestAct } from './service-requests/service-request-states.ts'

/** Who acts. Loaded once per request. */
export interface Actor {
  id: string
  role: Role
  name: string
  managingCustomerId: string | null
  timeZone: string | null
}

export const isOperator = (actor: Actor) => actor.role === 'OPERATOR'
const managesCustomer = (actor: Actor, customerId: string) =>
  actor.role === 'MANAGER' && actor.managingCustomerId === customerId

/** What the rules know of a service request; `mayRequest` = the actor holds an APPROVED Self-Service Portal access there. */
export interface RequestSubject {
  customerId: string
  reportedBy: string
  mayRequest: boolean
}
export interface AssetSubject {
  customerId: string
  mayRequest: boolean
}

/** Operators are no persons to customers: what stays in records calls them by their role. */
export const shownName = (actor: Actor) => (isOperator(actor) ? 'operator' : actor.name)

type Rule<S> = (actor: Actor, subject: S) => boolean

const mayRequest: Rule<{ mayRequest: boolean }> = (actor, s) => isOperator(actor) || s.mayRequest
const isRequester: Rule<RequestSubject> = (actor, r) => r.reportedBy === actor.id
/** The requester or a manager of the customer, holding the right; operators for any. */
const ownsOrManages: Rule<RequestSubject> = (actor, r) =>
  isOperator(actor) || (r.mayRequest && (isRequester(actor, r) || managesCustomer(actor, r.customerId)))

/** THE authorisation table for service requests: asked before acting and before drawing the button. */
const serviceRequestRules = {
  'service-request.create': mayRequest as Rule<AssetSubject>,
  'service-request.edit': ownsOrManages,
  'service-request.queue': mayRequest as Rule<RequestSubject>,
  'service-request.take-back': ownsOrManages,
  'service-request.cancel': ownsOrManages,
  'service-request.settle-resolved': (actor: Actor, r: RequestSubject) =>
    isOperator(actor) || managesCustomer(actor, r.customerId),
  'service-request.settle-failed': (actor: Actor, r: RequestSubject) =>
    isOperator(actor) || managesCustomer(actor, r.customerId),
  'service-request.close': isRequester,
  'service-request.copy': mayRequest as Rule<RequestSubject>,
  'service-request.abort': (actor: Actor) => isOperator(actor),
  'service-request.note': (actor: Actor, r: RequestSubject) =>
    isOperator(actor) || isRequester(actor, r) || managesCustomer(actor, r.customerId),
  'service-request.see-hidden-notes': (actor: Actor) => isOperator(actor),
} satisfies Record<`service-request.${ServiceRequestAct}`, Rule<RequestSubject>> &
  Record<string, Rule<RequestSubject> | Rule<AssetSubject>>

export const policy = {
  ...serviceRequestRules,
  /** Everything under /admin. */
  'administration.use': (actor: Actor) => isOperator(actor),
  'asset.configure': (actor: Actor) => isOperator(actor),
} as const

export type Permission = keyof typeof policy
type SubjectOf<P extends Permission> = Parameters<(typeof policy)[P]>[1]

/** The one question the portal asks about rights. */
export function can<P extends Permission>(
  actor: Actor,
  permission: P,
  ...subject: SubjectOf<P> extends undefined ? [] : [SubjectOf<P>]
): boolean {
  const rule = policy[permission] as (actor: Actor, subject?: unknown) => boolean
  return rule(actor, subject[0])
}
