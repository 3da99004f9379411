import type { Role } from '../../db/schema.ts'
import { type Clock, nowInstant } from '../clock.ts'
import type { Tx } from '../deps.ts'

/** Who is written into the trail: a person, or the portal itself. */
export interface AuditActor {
  id: string | null
  role: Role | 'SYSTEM'
}
export const systemActor: AuditActor = { id: null, role: 'SYSTEM' }

export interface AuditSubject {
  type:
    | 'service-request'
    | 'person'
    | 'customer'
    | 'asset'
    | 'asset-store'
    | 'action'
    | 'runbook'
    | 'access'
    | 'access-type'
    | 'campaign'
    | 'database-server'
    | 'absence'
    | 'mail'
    | 'master-key'
    | 'job'
    | 'notice'
    | 'session'
    | 'setting'
  id: string | number
  customerId?: string | null
}

/** Writes the audit row of an act, inside the act's own transaction. `detail` holds no secrets. */
export async function record(
  tx: Tx,
  clock: Clock,
  actor: AuditActor,
  verb: string,
  subject: AuditSubject,
  detail: Readonly<Record<string, unknown>> = {},
  httpRequestId: string | null = null,
): Promise<void> {
  await tx
    .insertInto('audit_events')
    .values({
      at: nowInstant(clock),
      actor_id: actor.id,
      actor_role: actor.role,
      verb,
      subject_type: subject.type,
      subject_id: String(subject.id),
      customer_id: subject.customerId ?? null,
      detail: JSON.stringify(detail),
      http_request_id: httpRequestId,
    })
    .execute()
}
