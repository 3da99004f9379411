import type { Instant, RequestStatus } from '../../db/schema.ts'
import { midnight, notADay } from '../midnight.ts'
import { allStatuses } from './service-request-states.ts'

export const sortKeys = [
  'service_request',
  'asset',
  'reported_by',
  'reported_date',
  'requested_start',
  'status',
] as const
export type SortKey = (typeof sortKeys)[number]

/** Where a page begins or ends: the row's sort value and number. */
export interface PlaceKey {
  id: number
  value: string | null
}

/** What is asked of the list. Absent filters do not filter. */
export interface ListQuery {
  /** First digits of the number. */
  number?: string
  /** First characters of the asset's id. */
  asset?: string
  summary?: string
  action?: string
  reporter?: string
  status?: RequestStatus
  reported: DateRange
  start: DateRange
  actualStart: DateRange
  sort: SortKey
  descending: boolean
  place: { after: PlaceKey } | { before: PlaceKey } | null
  /** Number of the page's first row, as carried along in the address. */
  from: number
}

/** Instants; `to` is the first one beyond. */
export interface DateRange {
  from?: Instant
  to?: Instant
}

export type RawQuery = Readonly<Record<string, string | undefined>>
export type ReadListQuery =
  | { ok: true; query: ListQuery }
  | { ok: false; errors: Readonly<Record<string, string>> }

export const defaultSort = '-service_request'

/** Reads the list's address. Nonsense is answered in words, by the filter's name. */
export function readListQuery(raw: RawQuery, zone: string): ReadListQuery {
  const errors: Record<string, string> = {}
  const sort = readSort(raw.sort || defaultSort)
  const query: ListQuery = {
    number: readNumber(raw, errors),
    asset: text(raw.asset),
    summary: text(raw.summary),
    action: text(raw.action),
    reporter: text(raw.reported_by),
    status: readStatus(raw, errors),
    reported: readRange(raw, 'reported_date', 'Reported Date', zone, errors),
    start: readRange(raw, 'requested_start', 'Requested Start', zone, errors),
    actualStart: readRange(raw, 'actual_start', 'Actual Start', zone, errors),
    ...sort,
    place: readPlace(raw),
    from: readFrom(raw.from),
  }
  return Object.keys(errors).length ? { ok: false, errors } : { ok: true, query }
}

/** A place as it stands in the address: the number, then the sort value where it is another one. */
export const placeWord = ({ id, value }: PlaceKey, sort: SortKey): string =>
  sort === 'service_request' ? String(id) : value === null ? `${id}.` : `${id}.${value}`

const MAX_FILTER = 250
const text = (value: string | undefined): string | undefined =>
  value?.replaceAll('\0', '').trim().slice(0, MAX_FILTER) || undefined

function readSort(word: string): { sort: SortKey; descending: boolean } {
  const key = sortKeys.find(k => k === word.replace(/^-/, ''))
  return key ? { sort: key, descending: word.startsWith('-') } : { sort: 'service_request', descending: true }
}

function readNumber(raw: RawQuery, errors: Record<string, string>): string | undefined {
  const digits = text(raw.service_request)
  if (digits === undefined || /^[1-9]\d{0,14}$/.test(digits)) return digits
  errors.service_request = `“${short(digits)}” is not the beginning of a Service Request number. Use digits only, such as 22 for 22, 220 to 229, 2200 …`
  return undefined
}

function readStatus(raw: RawQuery, errors: Record<string, string>): RequestStatus | undefined {
  const word = text(raw.status)
  const status = allStatuses.find(s => s === word?.toUpperCase())
  if (word !== undefined && !status)
    errors.status = `“${short(word)}” is not a Status. Choose one of ${allStatuses.join(', ')}.`
  return status
}

function readRange(
  raw: RawQuery,
  key: string,
  label: string,
  zone: string,
  errors: Record<string, string>,
): DateRange {
  const from = readDay(raw, `${key}_from`, `${label} from`, zone, 0, errors)
  const to = readDay(raw, `${key}_to`, `${label} to`, zone, 1, errors)
  if (from && to && from >= to)
    errors[`${key}_to`] = `${label} to is before ${label} from. Swap the two days, or clear one.`
  return { from, to }
}

/** Midnight, in the reader's zone, at the beginning of a day or `later` days after it. */
function readDay(
  raw: RawQuery,
  name: string,
  label: string,
  zone: string,
  later: 0 | 1,
  errors: Record<string, string>,
): Instant | undefined {
  const word = text(raw[name])
  if (word === undefined) return undefined
  const at = midnight(word, zone, later)
  if (at === null) errors[name] = notADay(word, label)
  return at ?? undefined
}

function readPlace(raw: RawQuery): ListQuery['place'] {
  const after = readKey(raw.after)
  if (after) return { after }
  const before = readKey(raw.before)
  return before ? { before } : null
}

/** Anything that is not a place leads to the first page. */
function readKey(word: string | undefined): PlaceKey | undefined {
  const match = /^(\d{1,15})(?:\.([^\0]{0,300}))?$/.exec(word ?? '')
  return match ? { id: Number(match[1]), value: match[2] || null } : undefined
}

const readFrom = (word: string | undefined) => (/^[1-9]\d{0,8}$/.test(word ?? '') ? Number(word) : 1)

const short = (value: string) => (value.length > 40 ? `${value.slice(0, 40)}…` : value)
