import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import { decide } from './access-requested.ts'
import type { MailText } from './service-request.ts'

/** To somebody who may decide and has not: `since` is the time of the request, `because` why they are asked. */
export const accessReminder = (about: AccessMail, since: string, because: string | null): MailText =>
  accessMail(
    about,
    `Reminder: access request ${accessWords(about)}`,
    `Nobody has decided about this access request since ${since}.`,
    because,
    decide,
  )
