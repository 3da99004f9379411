import { type AccessMail, accessMail } from './access-request.ts'
import type { AccountWhere } from './database-password-expiring.ts'
import type { MailText } from './service-request.ts'

export interface ChangedPassword extends AccountWhere {
  /** In a sentence. */
  why: string
  chosenIsNotUsed: boolean
  /** In words of the reader's zone. */
  expires: string | null
}

/** To the owner; the password itself is only on the page. */
export const databasePasswordChanged = (about: AccessMail, changed: ChangedPassword): MailText =>
  accessMail(
    about,
    `Database password changed: ${changed.account} on ${about.asset}`,
    `The password of this database account has been changed. ${changed.why}`,
    changed.chosenIsNotUsed
      ? 'The database server did not take the password you had chosen. It has a generated one instead.'
      : null,
    place(changed),
    'To see the password, open the page below, then the row of this access, and use Show Database Password?',
  )

const place = (changed: ChangedPassword) =>
  [
    `Database Account ID: ${changed.account}`,
    `Host:                ${changed.host}:${changed.port}`,
    `Database:            ${changed.database}`,
    changed.expires && `Expires:             ${changed.expires}`,
  ]
    .filter(Boolean)
    .join('\n')
