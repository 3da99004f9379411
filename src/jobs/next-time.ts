import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../db/schema.ts'
import { after, instant, seconds } from '../clock.ts'
import type { When } from './handler.ts'

/** When work is due next, after `now`. Where the clocks jump over its time of day it is the same while later. */
export function nextTime(when: When, now: Instant, zone = Temporal.Now.timeZoneId()): Instant {
  if ('everySeconds' in when) return after(now, seconds(when.everySeconds))
  const here = Temporal.Instant.from(now).toZonedDateTimeISO(zone)
  const on = (day: Temporal.PlainDate) => day.toPlainDateTime(when.dailyAt).toZonedDateTime(zone)
  const today = on(here.toPlainDate())
  const next =
    today.epochMilliseconds > here.epochMilliseconds ? today : on(here.toPlainDate().add({ days: 1 }))
  return instant(new Date(next.epochMilliseconds))
}
