import type { AccessStatus } from '../../db/schema.ts'

interface EventRow {
  from: readonly AccessStatus[]
  to: AccessStatus
  /** Button label; absent: no person does it with a button of its own. */
  label?: string
  audit: string
}

/**
 * THE table of what can happen to an access. A row typed in and not saved is shown as NEW; it is in no table. APPROVED
 * as a decision (`approve`) leaves the status at PROCESSING; it becomes APPROVED when the grant is proven (`grant`).
 */
export const accessEvents = {
  edit: { from: ['PROCESSING'], to: 'PROCESSING', audit: 'changed' },
  approve: { from: ['PROCESSING'], to: 'PROCESSING', label: 'APPROVED', audit: 'approved' },
  reject: { from: ['PROCESSING'], to: 'REJECTED', label: 'REJECTED', audit: 'rejected' },
  expire: { from: ['PROCESSING'], to: 'REJECTED', audit: 'expired' },
  withdraw: { from: ['PROCESSING'], to: 'REMOVED', label: 'Withdraw request', audit: 'withdrawn' },
  grant: { from: ['PROCESSING'], to: 'APPROVED', audit: 'granted' },
  suspend: { from: ['APPROVED'], to: 'SUSPENDED', audit: 'suspended' },
  resume: { from: ['SUSPENDED'], to: 'APPROVED', audit: 'resumed' },
  remove: {
    from: ['APPROVED', 'SUSPENDED'],
    to: 'PENDING REMOVAL',
    label: 'Remove Access',
    audit: 'asked to be removed',
  },
  /** An approved request whose grant has begun may have left something behind: it is removed like an access. */
  abandon: { from: ['PROCESSING'], to: 'PENDING REMOVAL', audit: 'asked to be removed' },
  removed: { from: ['PENDING REMOVAL'], to: 'REMOVED', audit: 'removed' },
  /** Its service account goes on, with another person. */
  handOver: { from: ['APPROVED', 'SUSPENDED'], to: 'REMOVED', audit: 'handed over' },
} as const satisfies Record<string, EventRow>

export type AccessEvent = keyof typeof accessEvents
/** Events with a button, or a word in Disposition. */
export type AccessAct = {
  [E in AccessEvent]: (typeof accessEvents)[E] extends { label: string } ? E : never
}[AccessEvent]

export const accessActs = (Object.keys(accessEvents) as AccessEvent[]).filter(
  (event): event is AccessAct => 'label' in accessEvents[event],
)
export const isAccessAct = (word: string): word is AccessAct =>
  (accessActs as readonly string[]).includes(word)

export const canHappenTo = (event: AccessEvent, status: AccessStatus) =>
  (accessEvents[event].from as readonly AccessStatus[]).includes(status)

export const accessStatuses = [
  'PROCESSING',
  'APPROVED',
  'SUSPENDED',
  'PENDING REMOVAL',
  'REJECTED',
  'REMOVED',
] as const satisfies readonly AccessStatus[]

/** Statuses of which a person has at most one per asset and type. */
export const openStatuses = [
  'PROCESSING',
  'APPROVED',
  'SUSPENDED',
  'PENDING REMOVAL',
] as const satisfies readonly AccessStatus[]

/** Words of the Pending Status while background work is under way; a failure reads `FAILED: reason`. */
export const pendingWords = {
  grant: 'PROVISIONING',
  removed: 'DEPROVISIONING',
  suspend: 'SUSPENDING',
  resume: 'RESUMING',
  reset: 'RESETTING PASSWORD',
} as const
