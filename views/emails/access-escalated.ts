import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import { decide } from './access-requested.ts'
import type { MailText } from './service-request.ts'

/** To operators; `why` says why it has come to them. */
export const accessEscalated = (about: AccessMail, why: string): MailText =>
  accessMail(about, `Escalated access request: ${accessWords(about)}`, why, decide)
