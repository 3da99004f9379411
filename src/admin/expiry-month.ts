import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../db/schema.ts'
import { midnight } from '../midnight.ts'

/** A month as a calendar shows it, in one zone. */
export interface Month {
  /** 2026-03 */
  word: string
  year: number
  /** March is 3. */
  month: number
  zone: string
  from: Instant
  to: Instant
  previous: string
  next: string
  days: readonly Day[]
  /** Of the reader, if it is in this month. */
  today: string | null
}

export interface Day {
  /** 2026-03-05 */
  word: string
  number: number
  /** As Date counts them: Sunday is 0. */
  weekday: number
  from: Instant
  to: Instant
}

/** The month of an address, or the present one for whatever is no month. */
export function monthOf(word: string | undefined, zone: string, now: Date): Month {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate()
  const asked = /^(20\d\d)-(0[1-9]|1[0-2])$/.exec(word ?? '')
  const first = asked
    ? Temporal.PlainYearMonth.from({ year: Number(asked[1]), month: Number(asked[2]) })
    : today.toPlainYearMonth()
  const days = Array.from({ length: first.daysInMonth }, (_, i) =>
    dayOf(first.toPlainDate({ day: i + 1 }), zone),
  )
  return {
    word: first.toString(),
    year: first.year,
    month: first.month,
    zone,
    from: days[0]?.from ?? '',
    to: days.at(-1)?.to ?? '',
    previous: first.subtract({ months: 1 }).toString(),
    next: first.add({ months: 1 }).toString(),
    days,
    today: today.toPlainYearMonth().equals(first) ? today.toString() : null,
  }
}

function dayOf(date: Temporal.PlainDate, zone: string): Day {
  const word = date.toString()
  return {
    word,
    number: date.day,
    weekday: date.dayOfWeek % 7,
    from: midnight(word, zone) ?? '',
    to: midnight(word, zone, 1) ?? '',
  }
}

/** What happens on which day; what is in none of them is left out. */
export function byDay<T>(days: readonly Day[], things: readonly T[], at: (thing: T) => Instant) {
  const found = new Map<string, T[]>()
  for (const thing of things) {
    const day = days.find(({ from, to }) => from <= at(thing) && at(thing) < to)
    if (day) found.set(day.word, [...(found.get(day.word) ?? []), thing])
  }
  return found as ReadonlyMap<string, readonly T[]>
}
