import { type AccessMail, accessMail } from './access-request.ts'
import { type AccountWhere, accountWords } from './database-password-expiring.ts'
import type { MailText } from './service-request.ts'

/** Times are in words. */
export const certificateEnding = (about: AccessMail, where: AccountWhere & { ends: string }): MailText =>
  accessMail(
    about,
    `Certificate ends soon: ${where.account} on ${about.asset}`,
    `The SSL certificate with which clients of ${accountWords(where)} verify the server ends on ${where.ends}.`,
    'Look at Show Database SSL Certificate? on the access from time to time until then: as soon as the server has a new one, it stands there, and programs that verify the server need it.',
  )
