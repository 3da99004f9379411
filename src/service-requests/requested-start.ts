import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../db/schema.ts'
import { months, weekdays } from '../calendar-words.ts'
import { days } from '../clock.ts'

/** Requested Start as it is stored: what was typed, in which zone, and the instant it stands for. */
export interface StartTime {
  wall: string
  zone: string
  /** Minutes from UTC, chosen by the person; only where the wall time happens twice. */
  offset: number | null
  instant: Instant
}

export interface OffsetChoice {
  offset: number
  label: string
}

export type StartReading =
  | { kind: 'as-soon-as-possible' }
  /** choices: only where the wall time happens twice; the offset is the one that was chosen. */
  | { kind: 'at'; start: StartTime; choices: readonly OffsetChoice[] }
  | { kind: 'wrong'; message: string }
  /** The wall time happens twice: one of these has to be chosen. */
  | { kind: 'ambiguous'; message: string; choices: readonly OffsetChoice[] }

interface Typed {
  wall: string
  zone: string
  offset: number | null
  /** What leaving it empty is good for. */
  ifEmpty?: string
}

const FARTHEST = days(366)

/** Reads the field Requested Start; empty means as soon as possible. */
export function readStart(typed: Typed, now: Date): StartReading {
  if (typed.wall.trim() === '') return { kind: 'as-soon-as-possible' }
  const ifEmpty = typed.ifEmpty ?? 'to start as soon as possible'
  const wall = parseWall(typed.wall, ifEmpty)
  if (!wall.ok) return { kind: 'wrong', message: wall.message }
  if (!isZone(typed.zone)) return wrongZone(typed.zone)
  const reading = resolve(wall.value, typed)
  return reading.kind === 'at' ? withinReach(reading, now, ifEmpty) : reading
}

/** Resolves a stored start again, with the zone rules of today: the wall time wins. */
export function resolveAgain({ wall, zone, offset }: Omit<StartTime, 'instant'>): Instant {
  const plain = Temporal.PlainDateTime.from(wall)
  const [first, second] = possible(plain, zone)
  const chosen = [first, second].find(z => z && offsetMinutes(z) === offset)
  return toInstant(chosen ?? first ?? validAfterGap(plain, zone))
}

/** "Sunday 29 March 2026, 02:30" */
export function wallWords(wall: string | Temporal.PlainDateTime): string {
  const at = typeof wall === 'string' ? Temporal.PlainDateTime.from(wall) : wall
  return `${weekdays[at.dayOfWeek % 7]} ${at.day} ${months[at.month - 1]} ${at.year}, ${timeWords(at)}`
}

/** "Sunday 29 March 2026, 03:30 Europe/Berlin (01:30 UTC)", with the day where UTC has another one. */
export function startWords(at: Instant, zone: string): string {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone)
  const words = `${wallWords(local.toPlainDateTime())} ${zone}`
  if (local.offsetNanoseconds === 0) return zone === 'UTC' ? words : `${words} (the same in UTC)`
  const utc = Temporal.Instant.from(at).toZonedDateTimeISO('UTC')
  const sameDay = local.toPlainDate().equals(utc.toPlainDate())
  return `${words} (${sameDay ? timeWords(utc) : wallWords(utc.toPlainDateTime())} UTC)`
}

export function isZone(zone: string): boolean {
  try {
    return zone !== '' && Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone) !== undefined
  } catch {
    return false
  }
}

function parseWall(
  typed: string,
  ifEmpty: string,
): { ok: true; value: Temporal.PlainDateTime } | { ok: false; message: string } {
  const text = typed.trim()
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::00)?(?:\.0+)?$/.exec(text)
  if (!match) return { ok: false, message: unreadable(text, ifEmpty) }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number)
  try {
    const value = Temporal.PlainDateTime.from({ year, month, day, hour, minute }, { overflow: 'reject' })
    return { ok: true, value }
  } catch {
    return {
      ok: false,
      message: `There is no ${text.replace('T', ' ')} in the calendar. Check day and time.`,
    }
  }
}

const unreadable = (text: string, ifEmpty: string) =>
  `“${text.slice(0, 60)}” is not a date and time. Write it like 2026-03-29T14:30 (year-month-day, T, hour:minute), or leave it empty ${ifEmpty}.`

const wrongZone = (zone: string): StartReading => ({
  kind: 'wrong',
  message: `“${zone.slice(0, 60)}” is not a time zone that the portal knows. Choose yours on your Profile.`,
})

function resolve(plain: Temporal.PlainDateTime, { zone, offset }: Typed): StartReading {
  const wall = plain.toString({ smallestUnit: 'minute' })
  const [first, second] = possible(plain, zone)
  if (!first) return gap(plain, zone)
  if (!second)
    return { kind: 'at', start: { wall, zone, offset: null, instant: toInstant(first) }, choices: [] }
  const choices = [first, second].map(z => ({ offset: offsetMinutes(z), label: offsetWords(z) }))
  const chosen = [first, second].find(z => offsetMinutes(z) === offset)
  if (chosen) return { kind: 'at', start: { wall, zone, offset, instant: toInstant(chosen) }, choices }
  const message = `${wallWords(plain)} ${zone} happens twice, because the clocks go back. Choose which one you mean.`
  return { kind: 'ambiguous', message, choices }
}

function gap(plain: Temporal.PlainDateTime, zone: string): StartReading {
  const next = validAfterGap(plain, zone).toPlainDateTime()
  const words = next.toPlainDate().equals(plain.toPlainDate()) ? timeWords(next) : wallWords(next)
  return { kind: 'wrong', message: `${wallWords(plain)} ${zone} does not exist; next is ${words}.` }
}

function withinReach(
  reading: Extract<StartReading, { kind: 'at' }>,
  now: Date,
  ifEmpty: string,
): StartReading {
  const { start } = reading
  const ms = Date.parse(start.instant)
  // The field knows no seconds: the running minute still counts as now.
  if (ms < Math.floor(now.getTime() / 60_000) * 60_000)
    return {
      kind: 'wrong',
      message: `${wallWords(start.wall)} ${start.zone} has passed. Choose a later time, or leave it empty ${ifEmpty}.`,
    }
  if (ms > now.getTime() + FARTHEST)
    return {
      kind: 'wrong',
      message: `${wallWords(start.wall)} ${start.zone} is more than a year ahead. Choose an earlier time.`,
    }
  return reading
}

/** None in a gap, two in an overlap, else one; the earlier first. */
function possible(plain: Temporal.PlainDateTime, zone: string): Temporal.ZonedDateTime[] {
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  const real = [earlier, later].filter(z => z.toPlainDateTime().equals(plain))
  return earlier.epochMilliseconds === later.epochMilliseconds ? real.slice(0, 1) : real
}

function validAfterGap(plain: Temporal.PlainDateTime, zone: string): Temporal.ZonedDateTime {
  const before = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  return before.getTimeZoneTransition('next') ?? plain.toZonedDateTime(zone, { disambiguation: 'later' })
}

const offsetMinutes = (z: Temporal.ZonedDateTime) => z.offsetNanoseconds / 60_000_000_000

/** "02:30 at UTC+02:00, that is 00:30 UTC" */
const offsetWords = (z: Temporal.ZonedDateTime) =>
  `${timeWords(z)} at UTC${z.offset}, that is ${timeWords(z.withTimeZone('UTC'))} UTC`

const timeWords = (at: { hour: number; minute: number }) =>
  `${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`

const toInstant = (z: Temporal.ZonedDateTime): Instant => new Date(z.epochMilliseconds).toISOString()
