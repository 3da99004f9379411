import { z } from 'zod'
import { requestMailTemplates } from '../service-requests/request-mails.ts'
import { isTimeZone } from './time-zones.ts'

export type MailKind = keyof typeof requestMailTemplates
export const mailKinds = Object.keys(requestMailTemplates) as MailKind[]

const checkbox = z.literal('yes').optional()

const Theme = z.object({ theme: z.enum(['system', 'light', 'dark'], 'Choose one of the themes.') })
export const ThemeForm = Theme.extend({ return_to: z.string().max(2000).optional() })

/** Mails are ticked when wanted: `mail-KIND`. */
export const PreferencesForm = Theme.extend({
  time_zone: z
    .string('Choose a time zone.')
    .refine(isTimeZone, 'Choose one of the time zones offered, such as Europe/Berlin.'),
  shortcuts: checkbox,
  ...(Object.fromEntries(mailKinds.map(kind => [`mail-${kind}`, checkbox])) as Record<
    `mail-${MailKind}`,
    typeof checkbox
  >),
})

/** act: which of the section's two buttons. */
export const AbsenceForm = z.object({
  act: z.enum(['name', 'end']).default('name'),
  stand_in_id: z.string().max(40).default(''),
  from: z.string().trim().max(40).default(''),
  until: z.string().trim().max(40).default(''),
})

export const EndSessionForm = z.object({ session: z.string('Choose a session.').min(1).max(64) })

export const FavoriteForm = z.object({
  starred: z.enum(['yes', 'no'], 'Say whether the page is a favorite.'),
  return_to: z.string().max(2000).optional(),
})
