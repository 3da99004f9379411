import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Option } from './field.tsx'

/** Filters, sort order and place in the list, as they stand in the URL. */
export type TableQuery = Readonly<Record<string, string | undefined>>

export interface Column<R> {
  /** Name in the URL: `?asset=…` filters by it, `?sort=asset` and `?sort=-asset` order by it. */
  key: string
  label: string
  cell: (row: R) => Child
  /**
   * id: monospaced, names the row. name: words that name the row. code: monospaced, unbroken.
   * number: right-aligned. time: unbroken. grow: takes what is left.
   */
  look?: 'id' | 'name' | 'code' | 'number' | 'time' | 'grow'
  sortable?: boolean
  /** A list of options filters by equality; dates send `KEY_from` and `KEY_to`. */
  filter?: 'text' | 'dates' | readonly Option[]
}

/** What a row needs to be found again. */
export interface LastingRow {
  id: number | string
}

const lasting = new WeakSet<readonly Column<never>[]>()
const mostZones = 20

/**
 * Columns that are made once for a time zone and stay, so that their heads and rows can be drawn once: their cells
 * may make use of nothing but the row and the zone.
 */
export function lastingColumns<R extends LastingRow>(
  columnsFor: (zone: string) => readonly Column<R>[],
): typeof columnsFor {
  const made = new Map<string, readonly Column<R>[]>()
  return zone => {
    const known = made.get(zone)
    if (known) return known
    if (made.size >= mostZones) made.clear()
    const columns = columnsFor(zone)
    made.set(zone, columns)
    lasting.add(columns)
    return columns
  }
}

export const isLasting = (columns: Columns) => lasting.has(columns)

export const cellClass = ({ look }: Pick<Column<never>, 'look'>) => look && `cell-${look}`

/** The attribute, where there is a name to write. */
export const classed = (name: string | undefined) => name && html` class="${name}"`

/** Columns of any rows: what is asked of them here does not draw cells. */
type Columns = readonly Column<never>[]

/** Keys of the query that say where in the list one is; a new filter or order starts at the beginning. */
export const placeKeys = ['after', 'before', 'from'] as const

export interface FilterName {
  key: string
  label: string
  part?: 'from' | 'to'
}

/** The filters a column has: one, two for dates, or none. */
export function filtersOf({ key, label, filter }: Column<never>): readonly FilterName[] {
  if (!filter) return []
  if (filter !== 'dates') return [{ key, label }]
  return (['from', 'to'] as const).map(part => ({ key: `${key}_${part}`, label: `${label} ${part}`, part }))
}

export interface ActiveFilter extends FilterName {
  value: string
}

export const activeFilters = (columns: Columns, query: TableQuery): ActiveFilter[] =>
  columns.flatMap(filtersOf).flatMap(filter => {
    const value = query[filter.key]
    return value ? [{ ...filter, value }] : []
  })

/** The query without its filters and its place. */
export const unfiltered = (columns: Columns, query: TableQuery): TableQuery =>
  without(
    query,
    columns.flatMap(filtersOf).map(filter => filter.key),
  )

/** The query without these keys, from the beginning of the list. */
export const without = (query: TableQuery, keys: readonly string[]): TableQuery =>
  Object.fromEntries(
    Object.entries(query).filter(
      ([key, value]) => value && !keys.includes(key) && !(placeKeys as readonly string[]).includes(key),
    ),
  )

export type SortWord = 'ascending' | 'descending' | undefined

export function sortWord({ key, sortable }: Column<never>, sort: string | undefined): SortWord {
  if (!sortable) return undefined
  if (sort === key) return 'ascending'
  return sort === `-${key}` ? 'descending' : undefined
}

/** Pressing a column's head orders by it, pressing it again turns the order round. */
export const sortedBy = (key: string, query: TableQuery, sort: string | undefined): TableQuery => ({
  ...without(query, []),
  sort: sort === key ? `-${key}` : key,
})
