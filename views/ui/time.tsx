import { html } from 'hono/html'
import type { Instant } from '../../db/schema.ts'
import { months, weekdays } from '../../src/calendar-words.ts'
import { wallTime } from './wall-time.ts'

interface TimeProps {
  at: Instant | null
  /** IANA name of the reader's zone: zoneOf(chrome). */
  zone: string
  /** short: in tables; the zone and UTC on hover. full: on records; zone and UTC are written out. sentence: the same in running text. */
  look?: 'short' | 'full' | 'sentence'
  /** Said when there is no time. */
  none?: string
}

export const Time = ({ at, zone, look = 'short', none = '–' }: TimeProps) => {
  if (at === null) return html`<span class="none">${none}</span>`
  const date = new Date(at)
  if (look === 'short')
    return html`<time datetime="${at}" title="${exactTime(date, zone)}">${shortTime(date, zone)}</time>`
  if (look === 'sentence') return <time datetime={at}>{sentenceTime(date, zone)}</time>
  return (
    <time datetime={at} class="time-full">
      {shortTime(date, zone)} <span class="time-zone">{zone}</span>
      {zone !== 'UTC' && <span class="time-utc">{shortTime(date, 'UTC')} UTC</span>}
    </time>
  )
}

/** 7 Jan 2026, 15:59 */
export const shortTime = (date: Date, zone: string) => {
  const wall = wallTime(date, zone)
  return `${wall.getUTCDate()} ${shortMonths[wall.getUTCMonth()]} ${wall.getUTCFullYear()}, ${minute(wall)}`
}

/** 7 Jan 2026, 15:59 Europe/Berlin (14:59 UTC), with the day where UTC has another one. */
const sentenceTime = (date: Date, zone: string) => {
  if (zone === 'UTC') return `${shortTime(date, zone)} UTC`
  const sameDay = wallTime(date, zone).getUTCDate() === date.getUTCDate()
  const utc = sameDay ? clock(date).slice(0, 5) : shortTime(date, 'UTC')
  return `${shortTime(date, zone)} ${zone} (${utc} UTC)`
}

/** Wednesday 7 January 2026, 15:59:12 Europe/Berlin (14:59:12 UTC) */
export const exactTime = (date: Date, zone: string) => {
  const wall = wallTime(date, zone)
  const day = `${weekdays[wall.getUTCDay()]} ${wall.getUTCDate()} ${months[wall.getUTCMonth()]} ${wall.getUTCFullYear()}`
  return `${day}, ${clock(wall)} ${zone}${zone === 'UTC' ? '' : ` (${clock(date)} UTC)`}`
}

/** 15:59:12, for logs. */
export const clockTime = (date: Date, zone: string) => clock(wallTime(date, zone))

/** How long something took: 4 s, 3 min 20 s, 2 h 5 min. */
export const duration = (ms: number) => {
  const s = Math.max(0, Math.floor(ms / 1000))
  if (s < 60) return `${s} s`
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`
  const min = Math.floor((s % 3600) / 60)
  return min ? `${Math.floor(s / 3600)} h ${min} min` : `${Math.floor(s / 3600)} h`
}

const shortMonths = months.map(month => month.slice(0, 3))

const minute = (wall: Date) => `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`
const clock = (wall: Date) => `${minute(wall)}:${two(wall.getUTCSeconds())}`
const two = (number: number) => (number < 10 ? `0${number}` : String(number))
