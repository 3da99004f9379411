import { z } from 'zod'
import type { Instant } from '../../db/schema.ts'
import { line, optionalLine, orNull } from '../admin/fields.ts'
import { after, days } from '../clock.ts'
import { instantOfWall, wallOfInstant } from '../notices/expiration.ts'
import type { FieldErrors } from '../result.ts'
import type { Settings } from '../settings/settings.ts'
import type { NewCampaign } from './campaigns.ts'

const day = z.string().trim().default('')

export const CampaignForm = z.object({
  name: line('Type a name, such as Re-validation 2027.', 100),
  customer_id: optionalLine(20).transform(text => orNull(text.toUpperCase())),
  due_on: day,
  suspend_on: day,
  remove_on: day,
})
type TypedCampaign = z.output<typeof CampaignForm>

/** What the form proposes: the intervals of the settings, as days in the operator's zone. */
export function proposedCampaign(settings: Settings, now: Date, zone: string): Record<string, string> {
  const due = after(now, days(settings.cbn_answer_days))
  const dayOf = (at: Instant) => wallOfInstant(at, zone).slice(0, 10)
  const later = (wait: number | null) => (wait === null ? '' : dayOf(after(due, days(wait))))
  return {
    name: `Re-validation ${dayOf(after(now, 0))}`,
    due_on: dayOf(due),
    suspend_on: later(settings.cbn_suspend_days),
    remove_on: later(settings.cbn_remove_days),
  }
}

/** Days last until their end in the operator's zone. */
export function readCampaign(
  typed: TypedCampaign,
  zone: string,
): { wanted: NewCampaign | null; errors: FieldErrors } {
  const dueAt = endOf(typed.due_on, zone)
  const suspendAt = typed.suspend_on === '' ? null : endOf(typed.suspend_on, zone)
  const removeAt = typed.remove_on === '' ? null : endOf(typed.remove_on, zone)
  if (dueAt === undefined || suspendAt === undefined || removeAt === undefined)
    return {
      wanted: null,
      errors: {
        ...(dueAt === undefined && { due_on: noDay }),
        ...(suspendAt === undefined && { suspend_on: noDay }),
        ...(removeAt === undefined && { remove_on: noDay }),
      },
    }
  const { name, customer_id: customerId } = typed
  return { wanted: { name, customerId, dueAt, suspendAt, removeAt }, errors: {} }
}

const noDay = 'This is no day of the calendar. Write it like 2027-03-31.'

const endOf = (typed: string, zone: string): Instant | undefined =>
  /^\d{4}-\d{2}-\d{2}$/.test(typed) ? instantOfWall(`${typed}T23:59`, zone) : undefined
