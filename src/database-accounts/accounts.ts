import type { Row } from '../../db/schema.ts'
import { days } from '../clock.ts'
import type { DbOrTx } from '../deps.ts'
import type { Account } from '../provisioners/provisioner.ts'

export type DatabaseAccount = Row<'database_accounts'>

/** What the vault binds the passwords of an account to, candidates too. */
export const accountBinding = (id: number) => `database-account:${id}`

/** Days a password is good for. */
export const passwordDays = { service: 365, user: 90 } as const

/** Notices before it ends, in days. */
export const noticeDays = [14, 7, 1] as const

/** The server's own end of a password comes so much later than the portal's. */
export const graceAfterExpiry = days(7)

/** The account of an access that is not gone. */
export const accountOfAccess = (db: DbOrTx, accessId: number): Promise<DatabaseAccount | undefined> =>
  db
    .selectFrom('database_accounts')
    .selectAll()
    .where('access_id', '=', accessId)
    .where('gone_at', 'is', null)
    .executeTakeFirst()

/** As provisioners are told about it. */
export async function accountFor(db: DbOrTx, row: DatabaseAccount, assetId: string): Promise<Account> {
  const database = await db
    .selectFrom('asset_databases')
    .select('owners')
    .where('asset_id', '=', assetId)
    .executeTakeFirst()
  return {
    name: row.name,
    mark: row.mark,
    database: row.database_name,
    group: row.group_name,
    owners: database ? (JSON.parse(database.owners) as string[]) : [],
    readOnly: row.read_only === 1,
    target: row.target,
    validUntil: row.server_expires_at === null ? null : new Date(row.server_expires_at),
  }
}
