import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../db/schema.ts'

/** A wall time of a datetime-local field as an instant; undefined when it is none. Gaps and overlaps: the later one. */
export function instantOfWall(typed: string, zone: string): Instant | undefined {
  try {
    if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(typed)) return undefined
    const wall = Temporal.PlainDateTime.from(typed, { overflow: 'reject' })
    return new Date(wall.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds).toISOString()
  } catch {
    return undefined
  }
}

/** What a datetime-local field shows for an instant. */
export const wallOfInstant = (at: Instant, zone: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })
