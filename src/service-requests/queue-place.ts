import { sql } from 'kysely'
import type { Instant, RequestStatus } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { plannedOnce } from '../planned-once.ts'
import type { ServiceRequest } from './find-request.ts'

/** Why a due request does not run yet. */
export interface Waiting {
  /** How many due ones are before it in the queue of its environment. */
  ahead: number
  /** Who holds the environment, since when; null: the one before it is being picked up. */
  holder: { id: number; status: RequestStatus; since: Instant | null } | null
}

type InQueue = Pick<ServiceRequest, 'id' | 'asset_id' | 'mode' | 'due_at'>

/** Null when nothing is in its way: read-only requests never wait, exclusive ones for those due before them. */
export async function waitsFor(db: DbOrTx, request: InQueue, now: Instant): Promise<Waiting | null> {
  if (request.mode === 'read-only') return null
  const holder = await holderOf(db, request.asset_id)
  const ahead = await dueBefore(db, request, now)
  if (!holder && ahead === 0) return null
  return { ahead, holder }
}

/** In a sentence. */
export const waitingWords = ({ holder, ahead }: Waiting): string =>
  [
    holder
      ? holder.status === 'UNKNOWN'
        ? `It waits for service request ${holder.id}, whose outcome is not known and has to be settled first.`
        : `It waits for service request ${holder.id}, which is running on the same environment.`
      : '',
    ahead > 0 ? `${ahead === 1 ? 'One other request is' : `${ahead} other requests are`} before it.` : '',
  ]
    .filter(Boolean)
    .join(' ')

/** For the pick-up, which only has to know whether it is its turn: two short looks, however long the queue is. */
export async function turnOf(db: DbOrTx, request: InQueue, now: Instant): Promise<'now' | 'next' | 'behind'> {
  if (request.mode === 'read-only') return 'now'
  const first = await firstInLine(db, request.asset_id, now)
  if (first && first.id !== request.id) return 'behind'
  return (await holderOf(db, request.asset_id)) ? 'next' : 'now'
}

/** The due one that has waited longest for the environment. */
export const firstInLine = (db: DbOrTx, assetId: string, now: Instant): Promise<{ id: number } | undefined> =>
  db
    .selectFrom('service_requests')
    .select('id')
    .where('asset_id', '=', plannedOnce(assetId))
    .where('status', '=', sql.lit('QUEUED' as const))
    .where('mode', '=', sql.lit('exclusive' as const))
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(sql.lit(1))
    .executeTakeFirst()

async function holderOf(db: DbOrTx, assetId: string): Promise<Waiting['holder']> {
  const row = await db
    .selectFrom('service_requests')
    .select(['id', 'status', 'actual_start'])
    .where('asset_id', '=', plannedOnce(assetId))
    .where('holds_lock', '=', sql.lit(1 as const))
    .executeTakeFirst()
  return row ? { id: row.id, status: row.status, since: row.actual_start } : null
}

/** The queue of an environment is ordered by when its requests are due, then by number. */
async function dueBefore(db: DbOrTx, request: InQueue, now: Instant): Promise<number> {
  const due = request.due_at ?? now
  const row = await db
    .selectFrom('service_requests')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('asset_id', '=', request.asset_id)
    .where('status', '=', 'QUEUED')
    .where('mode', '=', 'exclusive')
    .where('due_at', '<=', now)
    .where(eb => eb.or([eb('due_at', '<', due), eb.and([eb('due_at', '=', due), eb('id', '<', request.id)])]))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}
