import type { Instant } from '../db/schema.ts'

/** Where every rule about time gets its time from; tests move it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

export const instant = (date: Date): Instant => date.toISOString()
export const nowInstant = (clock: Clock): Instant => instant(clock.now())

export const seconds = (n: number) => n * 1000
export const minutes = (n: number) => n * 60_000
export const hours = (n: number) => n * 3_600_000
export const days = (n: number) => n * 86_400_000

/** The instant `ms` milliseconds after (or, negative, before) another. */
export const after = (from: Date | Instant, ms: number): Instant =>
  instant(new Date((typeof from === 'string' ? Date.parse(from) : from.getTime()) + ms))
