import { sql } from 'kysely'
import type { AccessStatus } from '../../db/schema.ts'
import { openStatuses } from '../access/access-states.ts'
import type { DbOrTx } from '../deps.ts'
import type { CheckedDatabase } from '../provisioners/provisioner.ts'
import type { AssetDatabase, DatabaseServer } from './servers.ts'

export interface ListedServer extends DatabaseServer {
  /** Assets whose database is on it. */
  assets: number
  accounts: number
}

/** All servers by name, retired ones too. */
export const serverList = (db: DbOrTx): Promise<ListedServer[]> =>
  db
    .selectFrom('database_servers')
    .selectAll()
    .select(eb => [
      eb
        .selectFrom('asset_databases')
        .whereRef('asset_databases.server_id', '=', 'database_servers.id')
        .select(e => e.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('assets'),
      eb
        .selectFrom('database_accounts')
        .whereRef('database_accounts.server_id', '=', 'database_servers.id')
        .where('gone_at', 'is', null)
        .select(e => e.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('accounts'),
    ])
    .orderBy('name')
    .execute()

/** Servers in use, by name: what an asset's database can be on. */
export const serversInUse = (db: DbOrTx): Promise<DatabaseServer[]> =>
  db.selectFrom('database_servers').selectAll().where('status', '=', 'ACTIVE').orderBy('name').execute()

/** Assets whose database is on a server. */
export const assetsOnServer = (db: DbOrTx, serverId: number) =>
  db
    .selectFrom('asset_databases')
    .innerJoin('assets', 'assets.id', 'asset_databases.asset_id')
    .where('server_id', '=', serverId)
    .select([
      'asset_id',
      'assets.description',
      'assets.class',
      'assets.status',
      'database_name',
      'group_name',
      'owners',
    ])
    .orderBy('asset_id')
    .execute()
export type AssetOnServer = Awaited<ReturnType<typeof assetsOnServer>>[number]

/** What `check` looks at. */
export const databasesToCheck = async (db: DbOrTx, serverId: number): Promise<CheckedDatabase[]> =>
  (await assetsOnServer(db, serverId))
    .filter(row => row.status === 'ACTIVE')
    .map(row => ({
      asset: row.asset_id,
      database: row.database_name,
      group: row.group_name,
      owners: JSON.parse(row.owners) as string[],
      production: row.class === 'PRODUCTION',
    }))

export const findAssetDatabase = (db: DbOrTx, assetId: string): Promise<AssetDatabase | undefined> =>
  db.selectFrom('asset_databases').selectAll().where('asset_id', '=', assetId).executeTakeFirst()

/** An account, or a request for one: it holds its name on a server. */
export interface OpenAccount {
  access_id: number
  account: string
  person_id: string
  asset_id: string
  status: AccessStatus
}

/** What is open on a server or on one asset: nothing of it may lose the ground under it. */
export async function openAccounts(
  db: DbOrTx,
  on: { serverId: number } | { assetId: string },
  limit: number,
): Promise<{ total: number; rows: OpenAccount[] }> {
  const query = openAccountsOn(db, on)
  const { total } = await query
    .clearSelect()
    .select(eb => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { total: Number(total), rows: await query.orderBy('accesses.id').limit(limit).execute() }
}

const openAccountsOn = (db: DbOrTx, on: { serverId: number } | { assetId: string }) =>
  db
    .selectFrom('accesses')
    .where('accesses.status', 'in', [...openStatuses])
    .where('accesses.database_account', 'is not', null)
    .where(eb =>
      'serverId' in on
        ? eb('accesses.database_server_id', '=', on.serverId)
        : eb('accesses.asset_id', '=', on.assetId),
    )
    .select([
      'accesses.id as access_id',
      sql<string>`accesses.database_account`.as('account'),
      'accesses.person_id',
      'accesses.asset_id',
      'accesses.status',
    ])
