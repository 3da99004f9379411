import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { plannedOnce } from '../planned-once.ts'
import { containing } from '../search-text.ts'
import type { DateRange, ListQuery } from './list-query.ts'

export type Condition = RawBuilder<SqlBool>

export const ASSET = 'service_requests.asset_id'

/** All filters but those that branchesOf turns into ranges: number and asset. */
export function filters(query: ListQuery): Condition[] {
  const found: Condition[] = [
    ...within('reported_at', query.reported),
    ...within('requested_start', query.start),
    ...within('actual_start', query.actualStart),
  ]
  if (query.status !== undefined) found.push(sql`service_requests.status = ${plannedOnce(query.status)}`)
  if (query.summary !== undefined) found.push(contains('summary_key', query.summary))
  if (query.reporter !== undefined) found.push(contains('reporter_key', query.reporter))
  if (query.action !== undefined)
    found.push(sql`lower(service_requests.action_name) like ${containing(query.action)} escape '\\'`)
  return found
}

const contains = (column: 'summary_key' | 'reporter_key', text: string): Condition =>
  sql`${sql.ref(`service_requests.${column}`)} like ${containing(text)} escape '\\'`

function within(column: string, { from, to }: DateRange): Condition[] {
  if (!from && !to) return []
  const ref = sql.ref(`service_requests.${column}`)
  return [...(from ? [sql<SqlBool>`${ref} >= ${from}`] : []), ...(to ? [sql<SqlBool>`${ref} < ${to}`] : [])]
}

export const and = (conditions: readonly Condition[]): Condition =>
  conditions.length ? sql`${sql.join(conditions, sql` and `)}` : sql`1 = 1`
export const or = (conditions: readonly Condition[]): Condition =>
  sql`(${sql.join(
    conditions.map(c => sql`(${c})`),
    sql` or `,
  )})`

/** Ids are written in capitals; the range of a prefix is walked along the index. */
export const assetPrefix = (column: string, prefix: string): Condition => {
  const first = prefix.toUpperCase()
  return sql`${sql.ref(column)} >= ${first} and ${sql.ref(column)} < ${`${first}\u{10FFFF}`}`
}

/** 22 → 22, 220 to 229, 2200 to 2299 …: beginnings of numbers are ranges of numbers. */
export function numberRanges(prefix: string, highest: number): Condition[] {
  const ranges = [sql<SqlBool>`service_requests.id = ${Number(prefix)}`]
  for (let width = 10; Number(prefix) * width <= highest; width *= 10) {
    const first = Number(prefix) * width
    ranges.push(sql`service_requests.id >= ${first} and service_requests.id < ${first + width}`)
  }
  return ranges
}
