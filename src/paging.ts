import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { DbOrTx } from './deps.ts'

/**
 * Pages by key: a page is asked for by the sort value and the id of the row it follows, never by an offset, so that
 * page 5,000 costs what the first one does and rows that come and go in between shift nothing.
 */
export interface Listed<R> {
  rows: readonly R[]
  /** Number of the first and last row shown; 0 and 0 when there is none. */
  from: number
  to: number
  /** Exact up to `countLimit`. */
  total: number
  atLeast: boolean
  /** Query parameters of the neighbouring pages. */
  previous: PlaceQuery | null
  next: PlaceQuery | null
}

export interface PlaceQuery {
  after?: string
  before?: string
  from?: string
}

/** What the URL says of the place in a list. */
export interface ListQuery extends PlaceQuery {
  /** A key of the list's sorts, with `-` before it for descending. */
  sort?: string
}

type Value = string | number
export type Key = readonly [value: Value, id: Value]

/** Something rows can be ordered by; never null (`coalesce` it). */
export interface Sort<R> {
  by: RawBuilder<unknown>
  of: (row: R) => Value
  type: 'text' | 'number'
}

/** By a column of text. */
export const byText = <R>(column: string, of: (row: R) => string): Sort<R> => ({
  by: sql.ref(column),
  of,
  type: 'text',
})

export interface ListOrder<R> {
  sorts: Readonly<Record<string, Sort<R>>>
  /** Unique; decides between rows of the same sort value. */
  id: Sort<R>
  defaultSort: string
  pageSize?: number
}

export const countLimit = 10_000
const defaultPageSize = 20

/** One page of a query that selects and filters, but neither orders nor limits. */
export async function listPage<DB, TB extends keyof DB, R>(
  db: DbOrTx,
  query: SelectQueryBuilder<DB, TB, R>,
  order: ListOrder<R>,
  asked: ListQuery,
): Promise<Listed<R>> {
  const there = await readPage(query, order, asked)
  // The rows it stood beside are gone: the list begins anew.
  const page = there.rows.length > 0 ? there : await readPage(query, order, { sort: asked.sort })
  const whole = page.previous === null && page.next === null
  const counted = whole ? page.rows.length : await countUpTo(db, query, countLimit)
  return { ...page, total: Math.min(counted, countLimit), atLeast: counted > countLimit }
}

/** Everything the query gives, `size` rows a query, each taken up by key where the last one ended. */
export async function* everyPage<DB, TB extends keyof DB, R>(
  query: SelectQueryBuilder<DB, TB, R>,
  order: ListOrder<R>,
  sort?: string,
  size = 1000,
): AsyncGenerator<readonly R[]> {
  let after: string | undefined
  do {
    const page: Page<R> = await readPage(query, { ...order, pageSize: size }, { sort, after })
    yield page.rows
    after = page.next?.after
  } while (after)
}

type Page<R> = Omit<Listed<R>, 'total' | 'atLeast'>

async function readPage<DB, TB extends keyof DB, R>(
  query: SelectQueryBuilder<DB, TB, R>,
  order: ListOrder<R>,
  asked: ListQuery,
): Promise<Page<R>> {
  const { sort, descending } = sortOf(order, asked.sort)
  const size = order.pageSize ?? defaultPageSize
  const before = decodeKey(asked.before, sort.type, order.id.type)
  const key = before ?? decodeKey(asked.after, sort.type, order.id.type)
  // A page before a row is read backwards from it, then turned round.
  const down = descending !== (before !== null)
  const direction = down ? sql`desc` : sql`asc`
  const found = await query
    .$if(key !== null, q => q.where(beyond(sort.by, order.id.by, down, key ?? ['', ''])))
    .orderBy(sql`${sort.by} ${direction}, ${order.id.by} ${direction}`)
    .limit(size + 1)
    .execute()
  const page = cutPage(found, size, before !== null, key === null ? 1 : numberOf(asked.from))
  const keyOf = (row: R): Key => [sort.of(row), order.id.of(row)]
  const { more: _, ...shown } = page
  return { ...shown, ...neighbours(page, key !== null, before !== null, size, keyOf) }
}

const beyond = (by: RawBuilder<unknown>, id: RawBuilder<unknown>, down: boolean, [value, tie]: Key) =>
  down ? sql<SqlBool>`(${by}, ${id}) < (${value}, ${tie})` : sql<SqlBool>`(${by}, ${id}) > (${value}, ${tie})`

function sortOf<R>(order: ListOrder<R>, asked: string | undefined) {
  const word = asked && Object.hasOwn(order.sorts, asked.replace(/^-/, '')) ? asked : order.defaultSort
  return { sort: order.sorts[word.replace(/^-/, '')] ?? order.id, descending: word.startsWith('-') }
}

/** `found` holds one row more than fits, if there are more in the direction it was read. */
export function cutPage<R>(found: readonly R[], size: number, backwards: boolean, from: number) {
  const kept = found.slice(0, size)
  const more = found.length > size
  const rows = backwards ? kept.reverse() : kept
  const first = rows.length === 0 ? 0 : backwards && !more ? 1 : from
  return { rows, more, from: first, to: rows.length === 0 ? 0 : first + rows.length - 1 }
}

/** Where the pages beside this one begin. */
export function neighbours<R>(
  page: ReturnType<typeof cutPage<R>>,
  moved: boolean,
  backwards: boolean,
  size: number,
  keyOf: (row: R) => Key,
): Pick<Listed<R>, 'previous' | 'next'> {
  const first = page.rows[0],
    last = page.rows.at(-1)
  const isBefore = backwards ? page.more : moved
  const isAfter = backwards ? true : page.more
  return {
    previous:
      first && isBefore
        ? { before: encodeKey(keyOf(first)), from: String(Math.max(1, page.from - size)) }
        : null,
    next: last && isAfter ? { after: encodeKey(keyOf(last)), from: String(page.to + 1) } : null,
  }
}

export const encodeKey = (key: Key) => Buffer.from(JSON.stringify(key)).toString('base64url')

/** null for whatever is no key of such a list: addresses are typed by anybody. */
export function decodeKey(
  text: string | undefined,
  value: Sort<never>['type'],
  id: Sort<never>['type'],
): Key | null {
  if (!text || text.length > 2000) return null
  try {
    const key: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (!Array.isArray(key) || key.length !== 2) return null
    return isOf(value, key[0]) && isOf(id, key[1]) ? [key[0], key[1]] : null
  } catch {
    return null
  }
}

const isOf = (type: Sort<never>['type'], value: unknown): value is Value =>
  type === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && !value.includes('\0')

const numberOf = (from: string | undefined) => (from && /^[1-9]\d{0,11}$/.test(from) ? Number(from) : 1)

/** How many rows a query gives, counting no further than `limit` + 1. */
async function countUpTo<DB, TB extends keyof DB, R>(
  db: DbOrTx,
  query: SelectQueryBuilder<DB, TB, R>,
  limit: number,
): Promise<number> {
  const bounded = query
    .clearSelect()
    .select(sql<number>`1`.as('one'))
    .limit(limit + 1)
  const { rows } = await sql<{ n: number }>`select count(*) as n from (${bounded}) as bounded`.execute(db)
  return Number(rows[0]?.n ?? 0)
}

/** Words and addresses of a page's pager; `query` is what the list was asked with. */
export const pageLinks = <R>(
  { from, to, total, atLeast, previous, next }: Listed<R>,
  query: Readonly<Record<string, string | undefined>>,
  href: (query: Readonly<Record<string, string | undefined>>) => string,
) => {
  const { after: _after, before: _before, from: _from, ...kept } = query
  const at = (place: PlaceQuery | null) => place && href({ ...kept, ...place })
  return { from, to, total, atLeast, previous: at(previous), next: at(next) }
}
