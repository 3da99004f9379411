import type { NewRow, Row } from '../../db/schema.ts'
import { after, days, nowInstant } from '../../src/clock.ts'
import { accountBinding, passwordDays } from '../../src/database-accounts/accounts.ts'
import { serverBinding } from '../../src/database-accounts/servers.ts'
import type { Deps } from '../../src/deps.ts'
import { Secret } from '../../src/secret.ts'
import { granted } from './accesses.ts'

type Needed = Pick<Deps, 'db' | 'clock'>

/** A server as it stands in the table after a check has passed, at an address where nothing answers. */
export async function addDatabaseServer(
  deps: Needed,
  over: Partial<NewRow<'database_servers'>> = {},
): Promise<number> {
  const now = nowInstant(deps.clock)
  const { id } = await deps.db
    .insertInto('database_servers')
    .values({
      name: 'db-one',
      engine: 'postgresql',
      host: 'db1.example.invalid',
      port: 5432,
      admin_name: 'gatehouse',
      credential: 'env:GATEHOUSE_SECRET_NOT_SET',
      identity: JSON.stringify({ primary: '1', standby: null }),
      checked_at: now,
      looked_at: now,
      created_at: now,
      ...over,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** With a password in the vault. */
export const addServerWithPassword = async (
  deps: Needed & Pick<Deps, 'vault'>,
  password: string,
  over: Partial<NewRow<'database_servers'>> = {},
): Promise<number> => {
  const id = await addDatabaseServer(deps, { ...over, credential: null })
  const credential_secret_id = await deps.vault.store(deps.db, serverBinding(id), new Secret(password))
  await deps.db.updateTable('database_servers').set({ credential_secret_id }).where('id', '=', id).execute()
  return id
}

/** The database `app` of an asset, with the group its id gives. */
export const addAssetDatabase = (
  deps: Needed,
  server_id: number,
  asset_id: string,
  over: Partial<NewRow<'asset_databases'>> = {},
) =>
  deps.db
    .insertInto('asset_databases')
    .values({
      asset_id,
      server_id,
      database_name: 'app',
      group_name: asset_id.toLowerCase().replace(/[^a-z0-9_]/g, '_'),
      created_at: nowInstant(deps.clock),
      ...over,
    })
    .execute()

export interface NewAccount {
  serverId: number
  name: string
  access?: Partial<NewRow<'accesses'>>
  account?: Partial<NewRow<'database_accounts'>>
}

/** An APPROVED access of USER02 on 10000-DEV with its account, as it stands in the tables. */
export async function addDatabaseAccount(
  deps: Needed,
  { serverId, name, access = {}, account = {} }: NewAccount,
): Promise<{ accessId: number; accountId: number }> {
  const accessId = await granted(deps, {
    access_type: name.startsWith('dbusr_') ? 'database-user-account' : 'database-service-account',
    database_account: name,
    database_server_id: serverId,
    ...access,
  })
  const { id } = await deps.db
    .insertInto('database_accounts')
    .values({
      access_id: accessId,
      server_id: serverId,
      name,
      kind: name.startsWith('dbusr_') ? 'user' : 'service',
      mark: accessId,
      database_name: 'app',
      group_name: '10000_dev',
      read_only: 0,
      target: 'primary',
      state: 'READY',
      created_at: nowInstant(deps.clock),
      ...account,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { accessId, accountId: id }
}

/** In use, with a password that was proven now. */
export async function addAccountWithPassword(
  deps: Needed & Pick<Deps, 'vault'>,
  added: NewAccount,
  password: string,
): Promise<{ accessId: number; accountId: number }> {
  const ids = await addDatabaseAccount(deps, added)
  const now = nowInstant(deps.clock)
  const kind = added.name.startsWith('dbusr_') ? 'user' : 'service'
  const secret_id = await deps.vault.store(deps.db, accountBinding(ids.accountId), new Secret(password))
  const expires_at = after(deps.clock.now(), days(passwordDays[kind]))
  await deps.db
    .updateTable('database_accounts')
    .set({ secret_id, password_at: now, proven_at: now, expires_at, ...added.account })
    .where('id', '=', ids.accountId)
    .execute()
  return ids
}

export const serverNow = (deps: Needed, id: number): Promise<Row<'database_servers'>> =>
  deps.db.selectFrom('database_servers').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
