import { setImmediate as breathe } from 'node:timers/promises'
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Instant, Row } from '../../db/schema.ts'
import type { Db, DbOrTx, Deps, Tx } from '../deps.ts'
import type { PartState } from './campaign-states.ts'
import type { Access } from './change-access.ts'
import { inForce } from './due-parts.ts'

export type Part = Row<'campaign_parts'>

interface Wanted {
  campaignId: number
  state: PartState
  /** A further condition on `campaign_parts`. */
  due?: Expression<SqlBool>
}

/** Persons with such parts, some hundred parts at a time; whoever takes them looks again inside the transaction. */
export async function* personsWithParts(db: Db, wanted: Wanted, size: number): AsyncGenerator<string[]> {
  let last = 0
  for (;;) {
    const rows = await partsAfter(db, wanted, last, size)
    last = rows.at(-1)?.id ?? last
    if (rows.length > 0) yield [...new Set(rows.map(row => row.person_id))].sort()
    if (rows.length < size) return
    // On SQLite nothing else has had its turn meanwhile.
    await breathe()
  }
}

const partsAfter = (db: Db, { campaignId, state, due }: Wanted, last: number, size: number) =>
  db
    .selectFrom('campaign_parts')
    .select(['id', 'person_id'])
    .where('campaign_id', '=', campaignId)
    .where('state', '=', state)
    .where('id', '>', last)
    .$if(due !== undefined, query => query.where(due ?? sql<SqlBool>`1 = 1`))
    .orderBy('id')
    .limit(size)
    .execute()

/** Nothing of the part is in force any more. For queries that select from `campaign_parts`. */
export const nothingLeft = sql<SqlBool>`not exists (select 1 from campaign_items
  join accesses on accesses.id = campaign_items.access_id
  where campaign_items.part_id = campaign_parts.id and ${inForce})`

/**
 * Parts of these persons to be acted on. On PostgreSQL everybody takes persons before parts before accesses, so that
 * nobody waits in a circle; of two at the same parts the second sees what the first has done.
 */
export async function takeParts(
  tx: Tx,
  { engine }: Pick<Deps, 'engine'>,
  campaignId: number,
  personIds: readonly string[],
  states: readonly PartState[],
): Promise<Part[]> {
  if (engine === 'postgres') await holdPersons(tx, personIds)
  const query = tx
    .selectFrom('campaign_parts')
    .selectAll()
    .where('campaign_id', '=', campaignId)
    .where('person_id', 'in', [...personIds])
    .where('state', 'in', [...states])
    .where(isOpen)
    .orderBy('id')
  return (engine === 'postgres' ? query.forNoKeyUpdate() : query).execute()
}

/** It may have been closed since it was looked at. For queries that select from `campaign_parts`. */
export const isOpen = sql<SqlBool>`exists (select 1 from campaigns
  where campaigns.id = campaign_parts.campaign_id and campaigns.state = 'OPEN')`

/** Rows that are about to refer to them need them to stay. */
export async function holdPersons(tx: Tx, personIds: readonly string[]): Promise<void> {
  await tx
    .selectFrom('persons')
    .select('id')
    .where('id', 'in', [...personIds])
    .orderBy('id')
    .forKeyShare()
    .execute()
}

/** What is still in force of these parts, taken in the order of the accesses. */
export function takeAccesses(
  tx: Tx,
  { engine }: Pick<Deps, 'engine'>,
  partIds: readonly number[],
): Promise<Access[]> {
  if (partIds.length === 0) return Promise.resolve([])
  const query = tx
    .selectFrom('accesses')
    .selectAll()
    .where('id', 'in', eb =>
      eb
        .selectFrom('campaign_items')
        .select('access_id')
        .where('part_id', 'in', [...partIds]),
    )
    .where(inForce)
    .orderBy('id')
  return (engine === 'postgres' ? query.forNoKeyUpdate() : query).execute()
}

interface Outcome {
  outcome: 'CONFIRMED' | 'SUSPENDED' | 'REMOVED'
  /** null: the portal itself. */
  by: string | null
  at: Instant
}

/** What became of accesses of these parts. */
export async function settleItems(
  tx: Tx,
  partIds: readonly number[],
  accessIds: readonly number[],
  { outcome, by, at }: Outcome,
): Promise<void> {
  if (partIds.length === 0 || accessIds.length === 0) return
  await tx
    .updateTable('campaign_items')
    .set({ outcome, decided_by: by, decided_at: at })
    .where('part_id', 'in', [...partIds])
    .where('access_id', 'in', [...accessIds])
    .where('outcome', 'in', ['OPEN', 'SUSPENDED'])
    .execute()
}

/** What was removed meanwhile counts as removed by whoever did it. */
export async function settleGone(tx: Tx, partIds: readonly number[], now: Instant): Promise<void> {
  if (partIds.length === 0) return
  await tx
    .updateTable('campaign_items')
    .from('accesses')
    .whereRef('accesses.id', '=', 'campaign_items.access_id')
    .where('campaign_items.part_id', 'in', [...partIds])
    .where('campaign_items.outcome', 'in', ['OPEN', 'SUSPENDED'])
    .where('accesses.status', 'not in', ['APPROVED', 'SUSPENDED'])
    .set(eb => ({
      outcome: 'REMOVED' as const,
      decided_by: eb.ref('accesses.removal_by'),
      decided_at: eb.fn.coalesce('accesses.removal_at', 'accesses.removed_at', eb.val(now)),
    }))
    .execute()
}

/** Which of these parts hold an access that is still in force. */
export async function partsInForce(db: DbOrTx, partIds: readonly number[]): Promise<Set<number>> {
  if (partIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('campaign_items')
    .innerJoin('accesses', 'accesses.id', 'campaign_items.access_id')
    .where('campaign_items.part_id', 'in', [...partIds])
    .where(inForce)
    .select('campaign_items.part_id')
    .distinct()
    .execute()
  return new Set(rows.map(row => row.part_id))
}

export async function changeParts(
  tx: Tx,
  ids: readonly number[],
  changes: Partial<Omit<Part, 'id'>>,
): Promise<void> {
  if (ids.length === 0) return
  await tx
    .updateTable('campaign_parts')
    .set(changes)
    .where('id', 'in', [...ids])
    .execute()
}
