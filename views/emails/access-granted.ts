import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

export const accessGranted = (about: AccessMail): MailText =>
  accessMail(
    about,
    `Access granted: ${accessWords(about)}`,
    'This access request has been approved, and the access works.',
    about.account &&
      `The account ${about.account} has been ${about.takenOver ? 'transferred, and has a new password' : 'created'}. Its owner finds the password and the SSL certificate on the access record, in its Details on Manage Access. The password is never sent by mail.`,
    about.endsOn && `The access ends by itself at the end of ${about.endsOn}.`,
  )

export const accessResumed = (about: AccessMail): MailText =>
  accessMail(about, `Access given back: ${accessWords(about)}`, 'This access was suspended. It works again.')
