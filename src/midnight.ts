import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../db/schema.ts'

/** When a day typed like 2026-03-29 begins in a zone, or `later` days after it; null for what is no day. */
export function midnight(word: string, zone: string, later = 0): Instant | null {
  try {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(word)) return null
    const day = Temporal.PlainDate.from(word, { overflow: 'reject' }).add({ days: later })
    return new Date(day.toZonedDateTime(zone).epochMilliseconds).toISOString()
  } catch {
    return null
  }
}

export const notADay = (word: string, label: string) =>
  `“${word.length > 40 ? `${word.slice(0, 40)}…` : word}” is not a day. Write ${label} like 2026-03-29 (year-month-day).`
