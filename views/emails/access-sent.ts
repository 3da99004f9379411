import { type AccessMail, accessMail, accessWords } from './access-request.ts'
import type { MailText } from './service-request.ts'

/** To who requested it and who it is for; `deciders` says who may decide. */
export const accessSent = (
  about: AccessMail,
  reader: 'requester' | 'beneficiary',
  changed: boolean,
  deciders: string,
): MailText =>
  accessMail(
    about,
    changed ? `Access request changed: ${accessWords(about)}` : `Access request sent: ${accessWords(about)}`,
    what(about, reader, changed),
    deciders,
    'You get a mail when it is decided. You can change the Justification or withdraw the request until then.',
  )

function what(about: AccessMail, reader: 'requester' | 'beneficiary', changed: boolean): string {
  if (changed) return 'This access request was changed and has been sent for a decision again.'
  if (reader === 'requester') return 'Your access request has been sent.'
  return `${about.requestedBy} has requested an access for you.`
}
