import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

/** What the portal could not finish. */
export type FailingWork = 'grant' | 'removal' | 'password change' | 'suspension' | 'resumption'

/** To operators. */
export const accessFailed = (
  about: AccessMail,
  what: FailingWork,
  pendingStatus: string,
  again: 'by itself' | 'by Retry',
): MailText =>
  accessMail(
    about,
    `${what.charAt(0).toUpperCase()}${what.slice(1)} failed: ${accessWords(about)}`,
    `The portal could not finish the ${what} of this access. Its Pending Status is:\n${pendingStatus}`,
    again === 'by itself'
      ? 'It is tried again by itself, at growing intervals of up to six hours; you get no further mail about it. When you have removed the cause, press Retry on the page below to have it tried at once.'
      : 'It is not tried again by itself, because nobody knows how far it came. Look at the system, then press Retry on the page below.',
  )
