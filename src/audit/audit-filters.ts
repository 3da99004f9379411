import type { Instant } from '../../db/schema.ts'
import { midnight, notADay } from '../midnight.ts'
import type { AuditSubject } from './record.ts'
import { subjectTypes } from './subject-types.ts'

/** What is asked of the trail. Absent filters do not filter. */
export interface AuditFilters {
  from?: Instant
  /** The first moment beyond. */
  to?: Instant
  /** A person's code or Login ID; Gatehouse for the portal itself. */
  who?: string
  /** The beginning of an act, such as `access`. */
  what?: string
  type?: AuditSubject['type']
  record?: string
  customer?: string
}

export type ReadFilters =
  | { ok: true; filters: AuditFilters }
  | { ok: false; errors: Readonly<Record<string, string>> }

/** Reads the list's address; days are days of the reader's zone. */
export function readFilters(query: Readonly<Record<string, string | undefined>>, zone: string): ReadFilters {
  const errors: Record<string, string> = {}
  const day = (name: string, label: string, later: 0 | 1) => {
    const word = text(query[name])
    const at = word === undefined ? undefined : midnight(word, zone, later)
    if (word !== undefined && at === null) errors[name] = notADay(word, label)
    return at ?? undefined
  }
  const from = day('date_from', 'Date from', 0)
  const to = day('date_to', 'Date to', 1)
  if (from && to && from >= to)
    errors.date_to = 'Date to is before Date from. Swap the two days, or clear one.'
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const filters: AuditFilters = {
    from,
    to,
    who: text(query.who),
    what: text(query.what),
    type: subjectTypes.find(type => type === query.about),
    record: text(query.record),
    customer: text(query.customer)?.toUpperCase(),
  }
  return { ok: true, filters }
}

const text = (value: string | undefined) => value?.replaceAll('\0', '').trim().slice(0, 250) || undefined
