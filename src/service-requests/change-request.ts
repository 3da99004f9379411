import type { Updateable } from 'kysely'
import type { ActionMode, Database, RequestStatus } from '../../db/schema.ts'
import { type AuditActor, record } from '../audit/record.ts'
import type { Clock } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import type { ServiceRequest } from './find-request.ts'
import { canHappen, type ServiceRequestEvent, serviceRequestEvents } from './service-request-states.ts'

export type RequestChanges = Updateable<Database['service_requests']>

/**
 * Moves a request by an event of the table, if it still is as it was seen, and writes the audit row.
 * False: somebody or something else was quicker.
 */
export async function moveRequest(
  tx: Tx,
  clock: Clock,
  actor: AuditActor,
  seen: ServiceRequest,
  event: ServiceRequestEvent,
  changes: RequestChanges = {},
  detail: Readonly<Record<string, unknown>> = {},
): Promise<boolean> {
  if (!canHappen(event, seen.status)) return false
  const { to, audit } = serviceRequestEvents[event]
  const mode = changes.mode ?? seen.mode
  const moved = await changeRequest(tx, seen, { ...changes, status: to, holds_lock: lockOf(mode, to) })
  if (moved)
    await record(tx, clock, auditActor(actor), `service-request ${audit}`, subjectOf(seen), {
      from: seen.status,
      to,
      ...detail,
    })
  return moved
}

/** Changes a request if it still has the status and version that were seen. */
export async function changeRequest(tx: Tx, seen: ServiceRequest, changes: RequestChanges): Promise<boolean> {
  const result = await tx
    .updateTable('service_requests')
    .set({ ...changes, version: seen.version + 1 })
    .where('id', '=', seen.id)
    .where('status', '=', seen.status)
    .where('version', '=', seen.version)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** An exclusive request holds its environment while it runs, or may still run. */
const lockOf = (mode: ActionMode, status: RequestStatus) =>
  mode === 'exclusive' && (status === 'INPROG' || status === 'UNKNOWN') ? 1 : 0

export const subjectOf = (request: Pick<ServiceRequest, 'id' | 'customer_id'>) =>
  ({ type: 'service-request', id: request.id, customerId: request.customer_id }) as const

/** Of a person only who they are belongs into the trail. */
export const auditActor = ({ id, role }: AuditActor | Actor): AuditActor => ({ id, role })

export const topicOf = (requestId: number) => `request:${requestId}`

/** After the commit: open pages draw themselves anew, workers look for what is due. */
export function tell(deps: Pick<Deps, 'wake' | 'announce'>, requestId: number): void {
  deps.announce(topicOf(requestId))
  deps.wake()
}
