import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

export const accessRemoved = (about: AccessMail, why: string): MailText =>
  accessMail(
    about,
    `Access removed: ${accessWords(about)}`,
    `This access has been removed. ${why}`.trim(),
    'If it is still needed, request it anew on the page below.',
  )
