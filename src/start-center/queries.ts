import type { Instant, RequestStatus } from '../../db/schema.ts'
import { type FailedAccess, failedAccesses } from '../access/access-queries.ts'
import { approvalsAhead, type ListedApproval } from '../access/approvals-queries.ts'
import { type DuePart, dueParts } from '../access/due-parts.ts'
import { type ExpiringPassword, expiringPasswords } from '../database-accounts/expiring-passwords.ts'
import type { DbOrTx } from '../deps.ts'
import { customersWithFewManagers } from '../people/customer-queries.ts'
import { type Actor, isOperator } from '../policy.ts'

const RECENT = 6
const MOST_WAITING = 5

/** Keys of the pages a person has starred, oldest star first. */
export const favoritePages = async (db: DbOrTx, personId: string): Promise<string[]> =>
  (
    await db
      .selectFrom('favorites')
      .select('page')
      .where('person_id', '=', personId)
      .orderBy('created_at')
      .orderBy('page')
      .execute()
  ).map(row => row.page)

/** Keys of the pages a person was on, the last one first. */
export const recentPages = async (db: DbOrTx, personId: string): Promise<string[]> =>
  (
    await db
      .selectFrom('recent_pages')
      .select('page')
      .where('person_id', '=', personId)
      .orderBy('visited_at', 'desc')
      .orderBy('page')
      .limit(RECENT)
      .execute()
  ).map(row => row.page)

export interface WaitingRequest {
  id: number
  asset_id: string
  action_name: string
  status: RequestStatus
  since: Instant
}

/** What a person should do something about. */
export interface WaitingForMe {
  /** Access requests that wait for their decision: the oldest ones, and how many there are. */
  approvals: { rows: readonly ListedApproval[]; count: number }
  /** Customers for which they have to re-validate their accesses. */
  revalidation: readonly DuePart[]
  /** Database passwords of theirs that are about to expire. */
  passwords: readonly ExpiringPassword[]
  /** For operators: customers where nobody, or nobody else, could decide. */
  fewManagers: Awaited<ReturnType<typeof customersWithFewManagers>>
  /** For operators: grants and removals that have failed. */
  failedAccesses: readonly FailedAccess[]
  /** Outcomes that only they or their colleagues can settle. */
  toSettle: WaitingRequest[]
  /** Saved and never queued. */
  notQueued: WaitingRequest[]
  /** Failed, and not closed yet. */
  failed: WaitingRequest[]
}

export async function waitingForMe(db: DbOrTx, actor: Actor, now: Instant): Promise<WaitingForMe> {
  return {
    approvals: await approvalsAhead(db, actor, now, MOST_WAITING),
    revalidation: await dueParts(db, actor.id),
    passwords: await expiringPasswords(db, actor.id, now, MOST_WAITING),
    fewManagers: isOperator(actor) ? await customersWithFewManagers(db, MOST_WAITING) : [],
    failedAccesses: isOperator(actor) ? await failedAccesses(db, MOST_WAITING) : [],
    toSettle: await toSettle(db, actor),
    notQueued: await mine(db, actor, 'NEW'),
    failed: await mine(db, actor, 'FAILED'),
  }
}

async function toSettle(db: DbOrTx, actor: Actor): Promise<WaitingRequest[]> {
  const unknown = waiting(db).where('status', '=', 'UNKNOWN')
  if (isOperator(actor)) return unknown.execute()
  const { managingCustomerId } = actor
  if (managingCustomerId === null) return []
  return unknown.where('customer_id', '=', managingCustomerId).execute()
}

const mine = (db: DbOrTx, actor: Actor, status: RequestStatus): Promise<WaitingRequest[]> =>
  waiting(db).where('reported_by', '=', actor.id).where('status', '=', status).execute()

const waiting = (db: DbOrTx) =>
  db
    .selectFrom('service_requests')
    .select(['id', 'asset_id', 'action_name', 'status', 'reported_at as since'])
    .orderBy('id', 'desc')
    .limit(MOST_WAITING)
