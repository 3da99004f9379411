import type { Instant } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { type Actor, isOperator } from '../policy.ts'
import type { AuditSubject } from './record.ts'

/** One act out of the trail. */
export interface HistoryEntry {
  id: number
  at: Instant
  actorId: string | null
  /** As the person is called today; null for the portal itself. */
  actorName: string | null
  actorRole: string
  verb: string
  detail: Readonly<Record<string, unknown>>
}

/** What happened to a record, oldest first; of a long history the last `limit` acts. */
export async function historyOf(
  db: DbOrTx,
  type: AuditSubject['type'],
  id: string | number,
  limit = 200,
): Promise<HistoryEntry[]> {
  const rows = await db
    .selectFrom('audit_events')
    .leftJoin('persons', 'persons.id', 'audit_events.actor_id')
    .where('subject_type', '=', type)
    .where('subject_id', '=', String(id))
    .select([
      'audit_events.id',
      'audit_events.at',
      'audit_events.actor_id as actorId',
      'persons.display_name as actorName',
      'audit_events.actor_role as actorRole',
      'audit_events.verb',
      'audit_events.detail',
    ])
    .orderBy('audit_events.at', 'desc')
    .orderBy('audit_events.id', 'desc')
    .limit(limit)
    .execute()
  return rows.reverse().map(row => ({ ...row, detail: detailOf(row.detail) }))
}

/** Who did it, in the words for this reader: operators are no persons to a customer. */
export function actorWords(viewer: Actor, entry: Pick<HistoryEntry, 'actorId' | 'actorName' | 'actorRole'>) {
  if (entry.actorId === null) return 'Gatehouse'
  if (entry.actorRole === 'OPERATOR' && !isOperator(viewer)) return 'operator'
  return entry.actorName ?? entry.actorId
}

export function detailOf(text: string): HistoryEntry['detail'] {
  const detail: unknown = JSON.parse(text)
  return detail !== null && typeof detail === 'object' && !Array.isArray(detail)
    ? (detail as HistoryEntry['detail'])
    : {}
}
