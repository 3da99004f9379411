import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../db/schema.ts'
import { midnight } from '../midnight.ts'

/** Seven days in one zone, from a Monday on. */
export interface Week {
  /** Its Monday: 2026-03-02 */
  word: string
  from: Instant
  to: Instant
}

export interface WeekOfEnds extends Week {
  /** Passwords that end in it. */
  count: number
}

/** A year and a bit: every password there is ends in one of them, unless it ended before. */
const shown = 54

/** The present week and those after it. */
export function comingWeeks(zone: string, now: Date): Week[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate()
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  return Array.from({ length: shown }, (_, i) => {
    const word = monday.add({ weeks: i }).toString()
    return { word, from: midnight(word, zone) ?? '', to: midnight(word, zone, 7) ?? '' }
  })
}
