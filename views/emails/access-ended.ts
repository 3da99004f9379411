import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

/** A request that ended before it was granted. */
export const accessEnded = (about: AccessMail, why: string): MailText =>
  accessMail(
    about,
    `Access request ended: ${accessWords(about)}`,
    `This access request has ended, and nothing is granted. ${why}`.trim(),
    'If the access is still needed, request it anew on the page below.',
  )
