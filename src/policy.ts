import type { PersonStatus, Role } from '../db/schema.ts'
import type { AccessAct } from './access/access-states.ts'
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

/** What the rules know of a person. */
export interface PersonSubject {
  id: string
  role: Role
  status: PersonStatus
  managingCustomerId: string | null
  /** The whole Customer Access List, whatever the viewer sees of it. */
  customers: readonly string[]
  /** Accesses of another customer, from before the only one they have now: the account remembers them. */
  cameFromElsewhere: boolean
}
/** One row of somebody's Customer Access List. */
export interface ListedCustomerSubject extends PersonSubject {
  customerId: string
}
/** What the rules know of an access, or of one that is about to be requested. */
export interface AccessSubject {
  customerId: string
  beneficiary: string
  requestedBy: string | null
  editedBy: string | null
  /** Operators may decide. */
  escalated: boolean
  /** Managers who stand in, at this moment, for the requester, the beneficiary or the last editor. */
  standIns: readonly string[]
}

const isSelf: Rule<{ id: string }> = (actor, p) => actor.id === p.id
/** Operators are no persons to managers. */
const managesPerson: Rule<PersonSubject> = (actor, p) =>
  p.role !== 'OPERATOR' && p.customers.some(customer => managesCustomer(actor, customer))
/** Whoever signs in as somebody sees all they ever had: that is no other customer's to take over. */
const isTheirsAlone: Rule<PersonSubject> = (actor, p) =>
  managesPerson(actor, p) && p.customers.length === 1 && !p.cameFromElsewhere
const seesPerson: Rule<PersonSubject> = (actor, p) =>
  isOperator(actor) || isSelf(actor, p) || managesPerson(actor, p)

const personRules = {
  'person.see': seesPerson,
  'person.create': (actor: Actor) => isOperator(actor) || actor.role === 'MANAGER',
  /** First, Last and Display Name. */
  'person.rename': (actor: Actor, p: PersonSubject) =>
    isOperator(actor) || isSelf(actor, p) || isTheirsAlone(actor, p),
  /** It counts after the link sent to it was used. */
  'person.change-email': (actor: Actor, p: PersonSubject) =>
    isOperator(actor) || isSelf(actor, p) || isTheirsAlone(actor, p),
  'person.promote': (actor: Actor, p: PersonSubject) =>
    p.role === 'STD_USER' && p.status !== 'INACTIVE' && (isOperator(actor) || managesPerson(actor, p)),
  /** Of the same customer: a manager of another one is left to that one's managers. */
  'person.demote': (actor: Actor, p: PersonSubject) =>
    p.role === 'MANAGER' &&
    (isOperator(actor) || (p.managingCustomerId !== null && managesCustomer(actor, p.managingCustomerId))),
  'person.remove-customer': (actor: Actor, p: ListedCustomerSubject) =>
    isOperator(actor) || managesCustomer(actor, p.customerId),
  /** Without operators: they deactivate in the Administration. */
  'person.deactivate-self': isSelf as Rule<PersonSubject>,
  /** A new one, to the address the portal has. */
  'person.send-sign-in-link': (actor: Actor, p: PersonSubject) =>
    isOperator(actor) || isTheirsAlone(actor, p),
} satisfies Record<`person.${string}`, Rule<PersonSubject> | Rule<ListedCustomerSubject>>

const isBeneficiary: Rule<AccessSubject> = (actor, a) => a.beneficiary === actor.id
const managesAccess: Rule<AccessSubject> = (actor, a) => managesCustomer(actor, a.customerId)
const looksAfter: Rule<AccessSubject> = (actor, a) =>
  isOperator(actor) || isBeneficiary(actor, a) || managesAccess(actor, a)
const isParty: Rule<AccessSubject> = (actor, a) =>
  [a.beneficiary, a.requestedBy, a.editedBy, ...a.standIns].includes(actor.id)
/** Whatever the role: nobody decides what they have a part in, and operators only what was escalated. */
const mayDecide: Rule<AccessSubject> = (actor, a) =>
  !isParty(actor, a) && (managesAccess(actor, a) || (isOperator(actor) && a.escalated))

const accessRules = {
  'access.see': looksAfter,
  'access.request': looksAfter,
  /** The Justification, while PROCESSING. */
  'access.edit': looksAfter,
  'access.withdraw': looksAfter,
  'access.remove': looksAfter,
  'access.approve': mayDecide,
  'access.reject': mayDecide,
  'access.retry': (actor: Actor) => isOperator(actor),
  /** The password of a database account: nobody else sees it or chooses it, whatever their role. */
  'access.show-password': isBeneficiary,
  'access.choose-password': isBeneficiary,
  /** A generated one. */
  'access.reset-password': looksAfter,
  /** A service account is asked for on behalf of somebody else of the customer. */
  'access.transfer': looksAfter,
  /** Only the person knows what they need. */
  'access.revalidate': isBeneficiary,
} satisfies Record<`access.${AccessAct}`, Rule<AccessSubject>> &
  Record<`access.${string}`, Rule<AccessSubject>>

/** What the rules know of an asset's file or log store; `holds` = an APPROVED access to it, by the actor. */
export interface StoreSubject {
  store: 'files' | 'logs'
  holds: boolean
}

const opensStore: Rule<StoreSubject> = (actor, s) => isOperator(actor) || s.holds
const writesFiles: Rule<StoreSubject> = (actor, s) => s.store === 'files' && opensStore(actor, s)

const fileRules = {
  'files.list': opensStore,
  'files.download': opensStore,
  /** Logs are written by the environments. */
  'files.upload': writesFiles,
  'files.make-folder': writesFiles,
  /** Nobody takes away what others have put there; what must go is asked of the operators. */
  'files.delete': (actor: Actor, _: StoreSubject) => isOperator(actor),
} satisfies Record<`files.${string}`, Rule<StoreSubject>>

export const policy = {
  ...personRules,
  ...accessRules,
  /** Of the customer one manages, or of all. */
  'campaign.see-progress': (actor: Actor) => isOperator(actor) || actor.role === 'MANAGER',
  /** The tab Access Approvals of one's own record. */
  'approvals.use': (actor: Actor) => isOperator(actor) || actor.role === 'MANAGER',
  ...serviceRequestRules,
  ...fileRules,
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
