import { databasePasswordChanged } from '../../views/emails/database-password-changed.ts'
import type { MailDeps } from '../access/mail-about-access.ts'
import type { Tx } from '../deps.ts'
import type { CurrentPassword } from './make-current.ts'
import { causes, type PasswordChange } from './password-change.ts'
import { mailOwner, whereOf } from './password-mails.ts'
import { findServer } from './servers.ts'

/** To the account's owner only; never the password. */
export async function mailPasswordChanged(
  tx: Tx,
  deps: MailDeps,
  change: PasswordChange,
  { chosenIsNotUsed }: Pick<CurrentPassword, 'chosenIsNotUsed'>,
): Promise<void> {
  const account = await tx
    .selectFrom('database_accounts')
    .selectAll()
    .where('id', '=', change.account_id)
    .executeTakeFirstOrThrow()
  const server = await findServer(tx, account.server_id)
  if (!server) throw new Error(`There is no database server ${account.server_id}.`)
  await mailOwner(tx, deps, account, 'database-password-changed', (about, when) =>
    databasePasswordChanged(about, {
      ...whereOf(account, server),
      why: causes[change.reason],
      chosenIsNotUsed,
      expires: account.expires_at === null ? null : when(account.expires_at),
    }),
  )
}
