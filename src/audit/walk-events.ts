import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { countLimit, cutPage, decodeKey, encodeKey, type Listed, type PlaceQuery } from '../paging.ts'

export type Condition = RawBuilder<SqlBool>
export type AuditEvent = Omit<Row<'audit_events'>, 'sealed_seq' | 'prev_hash' | 'hash'>

/**
 * A part of the trail, newest first. Each branch is read along an index of its own; what they share is looked at on
 * the way. Branches must not overlap.
 */
export interface Walk {
  branches: readonly Condition[]
  shared: readonly Condition[]
}

export interface Place {
  at: string
  id: number
}
type Direction = 'older' | 'newer'

const columns = sql.raw(
  'id, at, actor_id, actor_role, verb, subject_type, subject_id, customer_id, detail, http_request_id',
)

/** Up to `limit` acts beyond a place; the nearest to it first. */
export async function readEvents(
  db: DbOrTx,
  { branches, shared }: Walk,
  place: Place | null,
  direction: Direction,
  limit: number,
): Promise<AuditEvent[]> {
  if (branches.length === 0) return []
  const beyond = place === null ? [] : [beyondOf(place, direction)]
  const reads = branches.map(branch =>
    ordered(
      sql`select ${columns} from audit_events where ${all([branch, ...shared, ...beyond])}`,
      direction,
      limit,
    ),
  )
  const [only] = reads
  if (only && reads.length === 1) return (await only.execute(db)).rows
  const parts = reads.map(read => sql`select * from (${read}) as part`)
  const merged = sql`select * from (${sql.join(parts, sql` union all `)}) as events`
  return (await ordered(merged, direction, limit).execute(db)).rows
}

/** One page by key, with its count. */
export async function eventPage(
  db: DbOrTx,
  walk: Walk,
  asked: PlaceQuery,
  size: number,
): Promise<Listed<AuditEvent>> {
  const before = placeOf(asked.before)
  const place = before ?? placeOf(asked.after)
  const found = await readEvents(db, walk, place, before ? 'newer' : 'older', size + 1)
  // The rows that the address speaks of are gone: the list begins anew.
  if (found.length === 0 && place) return eventPage(db, walk, {}, size)
  const { rows, more, from, to } = cutPage(found, size, before !== null, place ? numberOf(asked.from) : 1)
  const counted = await countEvents(db, walk)
  const [first, last] = [rows[0], rows.at(-1)]
  const isNewer = before ? more : place !== null
  const isOlder = before !== null || more
  return {
    rows,
    from,
    to,
    total: Math.min(counted, countLimit),
    atLeast: counted > countLimit,
    previous: first && isNewer ? { before: wordOf(first), from: String(Math.max(1, from - size)) } : null,
    next: last && isOlder ? { after: wordOf(last), from: String(to + 1) } : null,
  }
}

/** Everything, newest first, a thousand acts a query. */
export async function* everyEvent(db: DbOrTx, walk: Walk, size = 1000): AsyncGenerator<AuditEvent[]> {
  let place: Place | null = null
  for (;;) {
    const events: AuditEvent[] = await readEvents(db, walk, place, 'older', size)
    const last = events.at(-1)
    if (!last) return
    yield events
    place = last
  }
}

/** Counts no further than it has to, inside the indexes. */
async function countEvents(db: DbOrTx, { branches, shared }: Walk): Promise<number> {
  if (branches.length === 0) return 0
  const limit = sql.lit(countLimit + 1)
  const parts = branches.map(
    branch =>
      sql`select 1 as one from (select 1 as one from audit_events where ${all([branch, ...shared])} limit ${limit}) as part`,
  )
  const { rows } = await sql<{ n: number }>`select count(*) as n from
    (select 1 as one from (${sql.join(parts, sql` union all `)}) as events limit ${limit}) as counted`.execute(
    db,
  )
  return Number(rows[0]?.n ?? 0)
}

const all = (conditions: readonly Condition[]): Condition => sql`${sql.join(conditions, sql` and `)}`

const beyondOf = ({ at, id }: Place, direction: Direction): Condition =>
  direction === 'older'
    ? sql`(audit_events.at, audit_events.id) < (${at}, ${id})`
    : sql`(audit_events.at, audit_events.id) > (${at}, ${id})`

function ordered(read: RawBuilder<unknown>, direction: Direction, limit: number): RawBuilder<AuditEvent> {
  const word = sql.raw(direction === 'older' ? 'desc' : 'asc')
  return sql`${read} order by at ${word}, id ${word} limit ${sql.lit(limit)}`
}

const wordOf = ({ at, id }: Place) => encodeKey([at, id])

function placeOf(word: string | undefined): Place | null {
  const key = decodeKey(word, 'text', 'number')
  return key && { at: String(key[0]), id: Number(key[1]) }
}

const numberOf = (word: string | undefined) => (word && /^[1-9]\d{0,11}$/.test(word) ? Number(word) : 1)
