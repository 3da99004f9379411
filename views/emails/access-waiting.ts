import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

/** To who requested it and who it is for: nobody has decided yet; `done` says what was done about it. */
export const accessWaiting = (about: AccessMail, done: string): MailText =>
  accessMail(
    about,
    `Access request still waits: ${accessWords(about)}`,
    'Nobody has decided about this access request yet.',
    done,
  )
