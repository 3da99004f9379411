import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../db/schema.ts'
import { instant } from '../clock.ts'

/**
 * When a password is reset by itself: the last time of that time of day ('HH:MM' in the asset's zone) before it
 * expires. Where the clocks jump over that time it is the moment they jump; where it comes twice, the earlier one.
 */
export function lastResetBefore(expiresAt: Instant, timeOfDay: string, zone: string): Instant {
  const end = Temporal.Instant.from(expiresAt).toZonedDateTimeISO(zone)
  const time = Temporal.PlainTime.from(timeOfDay)
  for (let day = end.toPlainDate(); ; day = day.subtract({ days: 1 })) {
    const at = day.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation: 'earlier' })
    const moment = at.toPlainTime().equals(time) ? at : afterTheGap(day.toPlainDateTime(time), zone)
    if (moment.epochMilliseconds < end.epochMilliseconds) return instant(new Date(moment.epochMilliseconds))
  }
}

const afterTheGap = (wall: Temporal.PlainDateTime, zone: string) =>
  wall.toZonedDateTime(zone, { disambiguation: 'earlier' }).getTimeZoneTransition('next') ??
  wall.toZonedDateTime(zone, { disambiguation: 'later' })

/** 'HH:MM' of a day. */
export const isTimeOfDay = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
