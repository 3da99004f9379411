import type { Instant } from '../../db/schema.ts'
import { certificateEnding } from '../../views/emails/database-certificate-ending.ts'
import { type AccountWhere, passwordExpiring } from '../../views/emails/database-password-expiring.ts'
import type { Access } from '../access/change-access.ts'
import { type MailDeps, mailAboutAccess, type WriteMail } from '../access/mail-about-access.ts'
import type { Tx } from '../deps.ts'
import { paths } from '../paths.ts'
import type { DatabaseAccount } from './accounts.ts'
import { addressOf, type DatabaseServer } from './servers.ts'

/** To the owner, before the password ends; `resetAt`: when it is reset by itself. */
export const mailPasswordExpiring = (
  tx: Tx,
  deps: MailDeps,
  account: DatabaseAccount,
  server: DatabaseServer,
  resetAt: Instant | null,
): Promise<void> =>
  mailOwner(tx, deps, account, 'database-password-expiring', (about, when) =>
    passwordExpiring(about, {
      ...whereOf(account, server),
      expires: account.expires_at === null ? '' : when(account.expires_at),
      reset: resetAt && when(resetAt),
    }),
  )

/** To the owner, before the certificate that verifies the server ends. */
export const mailCertificateEnding = (
  tx: Tx,
  deps: MailDeps,
  account: DatabaseAccount,
  server: DatabaseServer,
): Promise<void> =>
  mailOwner(tx, deps, account, 'database-certificate-ending', (about, when) =>
    certificateEnding(about, {
      ...whereOf(account, server),
      ends: account.certificate_expires_at === null ? '' : when(account.certificate_expires_at),
    }),
  )

export const whereOf = (account: DatabaseAccount, server: DatabaseServer): AccountWhere => ({
  account: account.name,
  ...addressOf(account, server),
  database: account.database_name,
})

/** Mails about a database account go to whoever has it, as long as they are ACTIVE. */
export async function mailOwner(
  tx: Tx,
  deps: MailDeps,
  account: Pick<DatabaseAccount, 'access_id'>,
  template: string,
  write: WriteMail,
): Promise<void> {
  const access: Access = await tx
    .selectFrom('accesses')
    .selectAll()
    .where('id', '=', account.access_id)
    .executeTakeFirstOrThrow()
  const reader = await tx
    .selectFrom('persons')
    .select(['id', 'display_name', 'primary_email', 'time_zone'])
    .where('id', '=', access.person_id)
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst()
  if (!reader) return
  const address = paths.manageAccess(access.person_id, { asset: access.asset_id })
  await mailAboutAccess(tx, deps, access, { reader, template, address, write })
}
