import { type AccessMail, accessMail } from './access-request.ts'
import type { MailText } from './service-request.ts'

/** Which account it is about. */
export interface AccountWhere {
  account: string
  host: string
  port: number
  database: string
}

/** "dbusr_user01 on db.example.com:5432, database app" */
export const accountWords = ({ account, host, port, database }: AccountWhere) =>
  `${account} on ${host}:${port}, database ${database}`

/** Times are in words. */
export const passwordExpiring = (
  about: AccessMail,
  where: AccountWhere & { expires: string; reset: string | null },
): MailText =>
  accessMail(
    about,
    `Password expires soon: ${where.account} on ${about.asset}`,
    `The password of the database account ${accountWords(where)} expires on ${where.expires}.`,
    where.reset &&
      `If you do not reset it before, it is reset automatically on ${where.reset}: programs that use it then need the new one, which you find on the access.`,
    'To choose the time yourself, open the access and press Reset Database Password.',
  )
