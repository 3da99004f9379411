import { type Clock, instant } from '../../src/clock.ts'

export interface MovableClock extends Clock {
  set(iso: string): void
  advance(milliseconds: number): void
  /** Now, as the database keeps it. */
  instant(): string
}

/** A clock that stands still until the test moves it. A Monday morning, unless told otherwise. */
export function movableClock(start = '2026-03-02T09:00:00.000Z'): MovableClock {
  let now = Date.parse(start)
  return {
    now: () => new Date(now),
    set: iso => {
      now = Date.parse(iso)
    },
    advance: milliseconds => {
      now += milliseconds
    },
    instant: () => instant(new Date(now)),
  }
}
