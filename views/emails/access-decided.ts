import { type AccessMail, accessMail, accessWords, quoted } from './access-request.ts'
import type { MailText } from './service-request.ts'

/** To who requested it and who it is for. Approval is mailed when the access is there. */
export const accessRejected = (about: AccessMail, by: string, comments: string): MailText =>
  accessMail(
    about,
    `Access request REJECTED: ${accessWords(about)}`,
    `This access request was REJECTED by ${by}. Nothing was granted.`,
    `Reviewer Comments:\n${quoted(comments)}`,
    again,
  )

export const accessExpired = (about: AccessMail, reason: string): MailText =>
  accessMail(
    about,
    `Access request REJECTED: ${accessWords(about)}`,
    `This access request was REJECTED. ${reason}. Nothing was granted.`,
    again,
  )

const again = 'If the access is still needed, request it anew on the page below.'
