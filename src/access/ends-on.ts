import type { Instant } from '../../db/schema.ts'
import { midnight, notADay } from '../midnight.ts'

/** The last day an access is needed, as it is stored. */
export type EndsOn =
  | { kind: 'never' }
  | { kind: 'until'; ends_on: string; ends_at: Instant }
  | { kind: 'wrong'; message: string }

/** Reads Ends on: a day in the asset's zone that is not over. */
export function readEndsOn(typed: string, zone: string, now: Date): EndsOn {
  const day = typed.trim()
  if (day === '') return { kind: 'never' }
  const ends_at = midnight(day, zone, 1)
  if (ends_at === null) return { kind: 'wrong', message: notADay(day, 'Ends on') }
  if (ends_at <= now.toISOString())
    return {
      kind: 'wrong',
      message: `${day} is over in ${zone}, the time zone of the asset. Choose a later day, or leave it empty.`,
    }
  return { kind: 'until', ends_on: day, ends_at }
}
