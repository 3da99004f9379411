import { databasePasswordChanged } from '../../views/emails/database-password-changed.ts'
import type { MailDeps } from '../access/mail-about-access.ts'
import type { Tx } from '../deps.ts'
import type { DatabaseAccount } from './accounts.ts'
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
  const why = await causeWords(tx, change, account)
  await mailOwner(tx, deps, account, 'database-password-changed', (about, when) =>
    databasePasswordChanged(about, {
      ...whereOf(account, server),
      why,
      chosenIsNotUsed,
      expires: account.expires_at === null ? null : when(account.expires_at),
    }),
  )
}

/** What somebody else has asked for comes as a surprise: then with who it was, and no operator's name. */
async function causeWords(
  tx: Tx,
  { reason, asked_by }: PasswordChange,
  { access_id }: Pick<DatabaseAccount, 'access_id'>,
): Promise<string> {
  if (reason !== 'asked' || asked_by === null) return causes[reason]
  const asker = await tx
    .selectFrom('persons')
    .select(['id', 'display_name', 'role'])
    .where('id', '=', asked_by)
    .executeTakeFirstOrThrow()
  const { person_id } = await tx
    .selectFrom('accesses')
    .select('person_id')
    .where('id', '=', access_id)
    .executeTakeFirstOrThrow()
  if (asker.id === person_id) return 'You asked for it on the page.'
  return `${asker.role === 'OPERATOR' ? 'An operator' : `${asker.display_name} (${asker.id})`} asked for it on the page.`
}
