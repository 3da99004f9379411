import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Instant, RequestStatus } from '../../db/schema.ts'
import type { DbOrTx, Deps } from '../deps.ts'
import { countLimit, cutPage, type Listed } from '../paging.ts'
import { plannedOnce } from '../planned-once.ts'
import { rememberedCount } from '../remembered-counts.ts'
import { ASSET, and, assetPrefix, type Condition, filters, numberRanges, or } from './list-conditions.ts'
import { type ListQuery, type PlaceKey, placeWord, type SortKey } from './list-query.ts'
import { type Sight, visibleRequests } from './visible.ts'

export interface ListedRequest {
  id: number
  asset_id: string
  action_name: string
  summary: string
  reported_by: string
  reported_by_name: string
  reported_at: Instant
  requested_start: Instant | null
  actual_start: Instant | null
  status: RequestStatus
}

type RequestsPage = Omit<Listed<ListedRequest>, 'total' | 'atLeast'>

/** Above this many customers or assets one read with `in` is cheaper than one read each. */
const MOST_BRANCHES = 60

// Written out once: putting a query together by its columns costs more than running it.
const listed = sql.raw(
  'id, asset_id, action_name, summary, reported_by, reported_by_name, reported_at, requested_start, actual_start, status',
)

const columns = {
  service_request: 'id',
  asset: 'asset_id',
  reported_by: 'reported_by',
  reported_date: 'reported_at',
  requested_start: 'requested_start',
  status: 'status',
} as const satisfies Record<SortKey, string>

/** A page of the list with its count; both are asked for at once. */
export async function requestList(
  deps: Pick<Deps, 'db' | 'engine'>,
  sight: Sight,
  query: ListQuery,
  size: number,
): Promise<Listed<ListedRequest>> {
  const [page, counted] = await Promise.all([
    listRequests(deps.db, sight, query, size),
    rememberedCount(deps, countKey(sight, query), () => countRequests(deps.db, sight, query)),
  ])
  const atLeast = counted > countLimit
  return { ...page, total: atLeast ? Math.max(countLimit, page.to) : counted, atLeast }
}

/** One page by key: the hundredth costs what the first one costs. */
export async function listRequests(
  db: DbOrTx,
  sight: Sight,
  query: ListQuery,
  size: number,
): Promise<RequestsPage> {
  const backwards = query.place !== null && 'before' in query.place
  const found = await readRequests(db, sight, query, size + 1)
  const page = cutPage(found, size, backwards, query.place === null ? 1 : query.from)
  const { rows, from, to } = page
  const [first] = rows
  const last = rows.at(-1)
  // The rows that the address speaks of are gone: the list begins anew.
  if (!first && query.place) return listRequests(db, sight, { ...query, place: null }, size)
  const isBefore = backwards ? page.more : query.place !== null
  const isAfter = backwards || page.more
  const word = (row: ListedRequest) => placeWord(keyOf(row, query.sort), query.sort)
  return {
    rows,
    from,
    to,
    previous: first && isBefore ? { before: word(first), from: String(Math.max(1, from - size)) } : null,
    next: last && isAfter ? { after: word(last), from: String(to + 1) } : null,
  }
}

/** The count is the same in every order and at every place. */
const countKey = (sight: Sight, { sort, descending, place, from, ...filtered }: ListQuery) =>
  JSON.stringify([sight, filtered])

/** How many there are, counted up to countLimit + 1. */
export async function countRequests(db: DbOrTx, sight: Sight, query: ListQuery): Promise<number> {
  const where = and([visibleRequests(sight), ...filters(query), ...(await ranges(db, query))])
  const { rows } = await sql<{ count: number }>`select count(*) as count from
    (select id from service_requests where ${where} limit ${sql.lit(countLimit + 1)}) as found`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

async function ranges(db: DbOrTx, { number, asset }: ListQuery): Promise<Condition[]> {
  return [
    ...(number === undefined ? [] : [or(numberRanges(number, await highestNumber(db)))]),
    ...(asset === undefined ? [] : [assetPrefix(ASSET, asset)]),
  ]
}

/** To page from a row. */
export const keyOf = (row: ListedRequest, sort: SortKey): PlaceKey => ({
  id: row.id,
  value: sort === 'service_request' ? null : (row[columns[sort]] as string | null),
})

interface Segment {
  where: readonly Condition[]
  /** Its rows have no sort value: ordered by number alone. */
  none: boolean
}

/** Reads the segments one after the other until the page is full; each is a few short walks along an index. */
export async function readRequests(
  db: DbOrTx,
  sight: Sight,
  query: ListQuery,
  limit: number,
): Promise<ListedRequest[]> {
  if (isNobody(sight)) return []
  const branches = await branchesOf(db, sight, query)
  const backwards = query.place !== null && 'before' in query.place
  const descending = query.descending !== backwards
  const rows: ListedRequest[] = []
  for (const segment of segmentsOf(query, descending)) {
    if (rows.length >= limit) break
    const where = [...filters(query), ...segment.where, ...beyond(query, segment, descending)]
    const sort = segment.none ? 'service_request' : query.sort
    const left = limit - rows.length
    const reads = branches.map(branch =>
      ordered(
        sql`select ${listed} from service_requests where ${and([branch, ...where])}`,
        sort,
        descending,
        left,
      ),
    )
    rows.push(...(await merged(db, reads, sort, descending, left)))
  }
  return rows
}

/** Several short ordered reads as one: the first rows of them all. */
async function merged(
  db: DbOrTx,
  reads: readonly Read[],
  sort: SortKey,
  descending: boolean,
  limit: number,
): Promise<ListedRequest[]> {
  const [first] = reads
  if (!first) return []
  const parts = reads.map(read => sql`select * from (${read}) as part`)
  const all = sql`select * from (${sql.join(parts, sql` union all `)}) as service_requests`
  const { rows } = await (reads.length === 1 ? first : ordered(all, sort, descending, limit)).execute(db)
  return rows
}

type Read = RawBuilder<ListedRequest>

function ordered(read: RawBuilder<unknown>, sort: SortKey, descending: boolean, limit: number): Read {
  const direction = descending ? 'desc' : 'asc'
  const order =
    sort === 'service_request' ? `id ${direction}` : `${columns[sort]} ${direction}, id ${direction}`
  return sql`${read} order by ${sql.raw(order)} limit ${sql.lit(limit)}`
}

/** A read for each customer or asset and each range of numbers, because only then an index gives the order. */
async function branchesOf(db: DbOrTx, sight: Sight, query: ListQuery): Promise<Condition[]> {
  const places = await placesOf(db, sight, query)
  if (query.number === undefined) return places
  const ranges = numberRanges(query.number, await highestNumber(db))
  if (query.sort !== 'service_request' || places.length * ranges.length > MOST_BRANCHES * 6)
    return places.map(place => and([place, or(ranges)]))
  return places.flatMap(place => ranges.map(range => and([place, range])))
}

async function placesOf(db: DbOrTx, sight: Sight, query: ListQuery): Promise<Condition[]> {
  const visible = visibleRequests(sight)
  if (query.asset !== undefined) {
    const assets = await assetsBeginningWith(db, query.asset)
    if (assets.length > MOST_BRANCHES) return [and([visible, assetPrefix(ASSET, query.asset)])]
    return assets.map(asset => and([sql`${sql.ref(ASSET)} = ${plannedOnce(asset)}`, visible]))
  }
  if (sight === 'all' || sight.length > MOST_BRANCHES) return [visible]
  return sight.map(customer => visibleRequests([customer]))
}

async function assetsBeginningWith(db: DbOrTx, prefix: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from assets where ${assetPrefix('id', prefix)} limit ${sql.lit(MOST_BRANCHES + 1)}`.execute(db)
  return rows.map(asset => asset.id)
}

/** A sort by a column that can be empty ends with the empty ones. */
function segmentsOf(query: ListQuery, descending: boolean): Segment[] {
  if (query.sort !== 'requested_start') return [{ where: [], none: false }]
  const known: Segment = { where: [sql`service_requests.requested_start is not null`], none: false }
  const none: Segment = { where: [sql`service_requests.requested_start is null`], none: true }
  return descending ? [none, known] : [known, none]
}

async function highestNumber(db: DbOrTx): Promise<number> {
  const row = await db
    .selectFrom('service_requests')
    .select(eb => eb.fn.max('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}

/** What lies beyond the key, seen in the direction of reading. */
function beyond(query: ListQuery, segment: Segment, descending: boolean): Condition[] {
  if (query.place === null) return []
  const key = 'after' in query.place ? query.place.after : query.place.before
  const than = descending ? sql`<` : sql`>`
  const byNumber = sql<SqlBool>`service_requests.id ${than} ${key.id}`
  if (query.sort === 'service_request') return [byNumber]
  if (query.sort === 'requested_start' && segment.none !== (key.value === null))
    // The key lies in the other segment: read all of this one, or it was read before.
    return segment.none === descending ? [sql`1 = 0`] : []
  if (segment.none) return [byNumber]
  const column = sql.ref(`service_requests.${columns[query.sort]}`)
  return [sql`(${column}, service_requests.id) ${than} (${key.value ?? ''}, ${key.id})`]
}

const isNobody = (sight: Sight) => sight !== 'all' && sight.length === 0
