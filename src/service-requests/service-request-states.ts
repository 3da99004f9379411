import type { RequestStatus } from '../../db/schema.ts'

interface EventRow {
  from: readonly RequestStatus[]
  to: RequestStatus
  /** Button label; absent: no person does it. */
  label?: string
  audit: string
}

/**
 * THE table of what can happen to a service request. URL segment, button, audit verb and policy key
 * derive from the event word. PENDING (four-eyes) enters it together with its rule.
 */
export const serviceRequestEvents = {
  queue: { from: ['NEW'], to: 'QUEUED', label: 'Queue Request', audit: 'queued' },
  'take-back': { from: ['QUEUED'], to: 'NEW', label: 'Take back', audit: 'taken back' },
  cancel: { from: ['NEW', 'QUEUED'], to: 'CANCELLED', label: 'Cancel request', audit: 'cancelled' },
  'pick-up': { from: ['QUEUED'], to: 'INPROG', audit: 'picked up' },
  miss: { from: ['QUEUED'], to: 'MISSED', audit: 'missed' },
  refuse: { from: ['QUEUED'], to: 'FAILED', audit: 'refused at pick-up' },
  resolve: { from: ['INPROG'], to: 'RESOLVED', audit: 'resolved' },
  fail: { from: ['INPROG'], to: 'FAILED', audit: 'failed' },
  lose: { from: ['INPROG'], to: 'UNKNOWN', audit: 'lost' },
  'settle-resolved': {
    from: ['UNKNOWN'],
    to: 'RESOLVED',
    label: 'Settle as RESOLVED',
    audit: 'settled as RESOLVED',
  },
  'settle-failed': { from: ['UNKNOWN'], to: 'FAILED', label: 'Settle as FAILED', audit: 'settled as FAILED' },
  close: { from: ['RESOLVED', 'FAILED'], to: 'CLOSED', label: 'Close', audit: 'closed' },
} as const satisfies Record<string, EventRow>

export type ServiceRequestEvent = keyof typeof serviceRequestEvents
/** Events with a button. */
export type ServiceRequestAct = {
  [E in ServiceRequestEvent]: (typeof serviceRequestEvents)[E] extends { label: string } ? E : never
}[ServiceRequestEvent]

export const serviceRequestActs = (Object.keys(serviceRequestEvents) as ServiceRequestEvent[]).filter(
  (event): event is ServiceRequestAct => 'label' in serviceRequestEvents[event],
)

export const isServiceRequestAct = (word: string): word is ServiceRequestAct =>
  (serviceRequestActs as readonly string[]).includes(word)

export const canHappen = (event: ServiceRequestEvent, status: RequestStatus) =>
  (serviceRequestEvents[event].from as readonly RequestStatus[]).includes(status)

export const allStatuses = [
  'NEW',
  'QUEUED',
  'INPROG',
  'RESOLVED',
  'FAILED',
  'UNKNOWN',
  'MISSED',
  'CANCELLED',
  'CLOSED',
] as const satisfies readonly RequestStatus[]

/** Statuses whose record offers Copy to new request. */
export const copyable: readonly RequestStatus[] = [
  'RESOLVED',
  'FAILED',
  'UNKNOWN',
  'MISSED',
  'CANCELLED',
  'CLOSED',
]
/** While its run may still write to the log. */
export const isLive = (status: RequestStatus) => status === 'QUEUED' || status === 'INPROG'
