import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

export const accessSuspended = (about: AccessMail, why: string): MailText =>
  accessMail(
    about,
    `Access suspended: ${accessWords(about)}`,
    `This access has been suspended: it opens nothing until it is given back. ${why}`.trim(),
  )
