import { fold } from '../search-text.ts'
import type { PersonAccess } from './access-queries.ts'

/** What the address of Manage Access may say; anything else is left out. */
const keys = [
  'asset',
  'find_asset',
  'find_description',
  'type',
  'description',
  'status',
  'pending',
  'sort',
  'assets_page',
  'accesses_page',
] as const
type Key = (typeof keys)[number]
export type ManageQuery = Readonly<Partial<Record<Key, string>>>

export const readManageQuery = (raw: Readonly<Record<string, string>>): ManageQuery =>
  Object.fromEntries(keys.flatMap(key => (raw[key] ? [[key, raw[key].slice(0, 250)]] : [])))

/** An asset the person has, or had, an access on. */
export interface SavedAsset {
  id: string
  description: string
}

/** The rows of Assets that are saved, by id. */
export function savedAssets(saved: readonly PersonAccess[]): SavedAsset[] {
  const found = new Map(saved.map(({ asset_id, asset_description }) => [asset_id, asset_description]))
  return [...found].map(([id, description]) => ({ id, description }))
}

export const filterAssets = (rows: readonly SavedAsset[], query: ManageQuery): SavedAsset[] =>
  sorted(
    rows.filter(row => has(row.id, query.find_asset) && has(row.description, query.find_description)),
    query.sort,
    { find_asset: row => row.id, find_description: row => row.description },
  )

export const filterAccesses = (rows: readonly PersonAccess[], query: ManageQuery): PersonAccess[] =>
  sorted(
    rows.filter(
      row =>
        has(row.type_name, query.type) &&
        has(`${row.type_description} ${row.database_account ?? ''}`, query.description) &&
        (query.status === undefined || row.status === query.status) &&
        has(row.pending_status ?? '', query.pending),
    ),
    query.sort,
    {
      type: row => row.type_name,
      description: row => row.type_description,
      status: row => row.status,
      pending: row => row.pending_status ?? '',
    },
  )

const has = (text: string, filter: string | undefined) =>
  filter === undefined || fold(text).includes(fold(filter.trim()))

function sorted<R>(
  rows: readonly R[],
  sort: string | undefined,
  by: Readonly<Record<string, (row: R) => string>>,
): R[] {
  const column = sort?.replace(/^-/, '') ?? ''
  const of = Object.hasOwn(by, column) ? by[column] : undefined
  if (!of) return [...rows]
  const up = [...rows].sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0))
  return sort?.startsWith('-') ? up.reverse() : up
}

export interface Cut<R> {
  rows: readonly R[]
  from: number
  to: number
  total: number
  /** Numbers of the neighbouring pages. */
  previous: number | null
  next: number | null
}

/** A page of rows that are all known; what was added stands below them on every page. */
export function cut<R>(
  rows: readonly R[],
  asked: string | undefined,
  size: number,
  added: number,
  place = 0,
): Cut<R> {
  const last = Math.max(1, Math.ceil(rows.length / size))
  const wanted = /^[1-9]\d{0,5}$/.test(asked ?? '')
    ? Number(asked)
    : Math.floor(Math.max(0, place) / size) + 1
  const page = Math.min(wanted, last)
  const shown = rows.slice((page - 1) * size, page * size)
  const from = shown.length + added === 0 ? 0 : (page - 1) * size + 1
  return {
    rows: shown,
    from,
    to: from === 0 ? 0 : from + shown.length + added - 1,
    total: rows.length + added,
    previous: page > 1 ? page - 1 : null,
    next: page < last ? page + 1 : null,
  }
}
