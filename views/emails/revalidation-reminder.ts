import { consequences, howToAnswer, type RevalidationMail, revalidationMail } from './revalidation.ts'
import type { MailText } from './service-request.ts'

export const revalidationReminder = (about: RevalidationMail): MailText =>
  revalidationMail(
    about,
    'Reminder: please re-validate your accesses',
    [`You have not yet confirmed that you still need these accesses. They are due by ${about.due}:`],
    [howToAnswer, ...consequences(about)],
  )
