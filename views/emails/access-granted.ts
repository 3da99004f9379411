import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

export const accessGranted = (about: AccessMail): MailText =>
  accessMail(
    about,
    `Access granted: ${accessWords(about)}`,
    'This access request has been approved, and the access works.',
    about.endsOn && `The access ends by itself at the end of ${about.endsOn}.`,
  )

export const accessResumed = (about: AccessMail): MailText =>
  accessMail(about, `Access given back: ${accessWords(about)}`, 'This access was suspended. It works again.')
