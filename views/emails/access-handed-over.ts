import { type AccessMail, accessMail } from './access-request.ts'
import type { MailText } from './service-request.ts'

/** To who had the account; `to` has it now, such as "User 01 (USER01)". */
export const accessHandedOver = (about: AccessMail, to: string): MailText =>
  accessMail(
    about,
    `Database account transferred: ${about.account} on ${about.asset}`,
    `The database service account ${about.account} was transferred to ${to}, as the managers of the customer approved. This access has ended with that.`,
    'The account gets a new password, which only its new owner can see. Programs that use the present one have to be given the new one.',
  )
