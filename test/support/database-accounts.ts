import pg from 'pg'
import type { Row } from '../../db/schema.ts'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { accountBinding } from '../../src/database-accounts/accounts.ts'
import { serverBinding } from '../../src/database-accounts/servers.ts'
import type { Engine } from '../../src/deps.ts'
import { Secret } from '../../src/secret.ts'
import { approved } from './accesses.ts'
import type { PostgresCluster } from './postgres-cluster.ts'
import { workOff } from './work-off.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

/** A world whose environments have their databases on a real server, with a name of its own for every account. */
export interface DatabaseWorld extends World {
  cluster: PostgresCluster
  serverId: number
  /** An approved request for a service account; of 10000-DEV and USER02 unless told otherwise. */
  approvedAccount(over?: Partial<Row<'accesses'>>): Promise<number>
  /** The same, granted. */
  grantedAccount(over?: Partial<Row<'accesses'>>): Promise<number>
  /** The account of an access, gone or not. */
  account(accessId: number): Promise<Row<'database_accounts'>>
  /** Its role on the primary, or on the standby; undefined: there is none. */
  role(accessId: number, on?: 'primary' | 'standby'): Promise<ServerRole | undefined>
  /** What the owner would be shown; null: nothing yet. */
  shown(accessId: number): Promise<string | null>
  /** Whether the server its owner uses lets the account in with this password; by default the one that is shown. */
  letsIn(accessId: number, password?: string | null): Promise<boolean>
  /** Changes of its password, oldest first, such as "asked CURRENT". */
  changes(accessId: number): Promise<string[]>
  /** Secrets of the account that the vault keeps. */
  kept(accessId: number): Promise<number>
}

export interface ServerRole {
  login: boolean
  /** When its password ends. */
  until: string | null
  comment: string | null
  /** Names of its groups, with commas. */
  groups: string | null
}

export const database = 'harbour'

/** Once per cluster: the database of the environments, closed to the public. */
export async function prepareCluster(cluster: PostgresCluster): Promise<PostgresCluster> {
  await cluster.sql('primary', `create database ${database}`)
  await cluster.sql('primary', `revoke connect on database ${database} from public`)
  return cluster
}

/** Names differ over all tests that share a cluster. */
let names = 0
function newName(prefix: 'dbsrv_' | 'dbusr_'): string {
  names += 1
  return `${prefix}t${names}`
}

export async function createDatabaseWorld(
  engine: Engine,
  cluster: PostgresCluster,
  options: WorldOptions = {},
): Promise<DatabaseWorld> {
  // The server goes by the machine's clock.
  const world = await createWorld(engine, { start: new Date().toISOString(), ...options })
  const serverId = await addServer(world, cluster)
  const { db, vault } = world.deps
  const account = (accessId: number) =>
    db
      .selectFrom('database_accounts')
      .selectAll()
      .where('access_id', '=', accessId)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
  const shown = async (accessId: number) => {
    const { id, secret_id } = await account(accessId)
    return secret_id === null ? null : (await vault.open(db, accountBinding(id), secret_id)).expose()
  }
  const approvedAccount: DatabaseWorld['approvedAccount'] = (over = {}) =>
    approved(world.deps, {
      access_type: 'database-service-account',
      database_account: newName(over.access_type === 'database-user-account' ? 'dbusr_' : 'dbsrv_'),
      database_server_id: serverId,
      ...over,
    })
  return {
    ...world,
    cluster,
    serverId,
    approvedAccount,
    account,
    shown,
    role: async (accessId, on = 'primary') =>
      (await cluster.sql<ServerRole>(on, roleQuery((await account(accessId)).name)))[0],
    grantedAccount: async over => {
      const id = await approvedAccount(over)
      await findAndWorkOff(world)
      return id
    },
    letsIn: async (accessId, password) => {
      const { name, target } = await account(accessId)
      const used = password === undefined ? await shown(accessId) : password
      return used !== null && signsIn(cluster, target, name, used)
    },
    changes: async accessId =>
      (
        await db
          .selectFrom('password_changes')
          .select(['reason', 'step', 'outcome'])
          .where('account_id', '=', (await account(accessId)).id)
          .orderBy('id')
          .execute()
      ).map(change => `${change.reason} ${change.outcome ?? change.step}`),
    kept: async accessId => {
      const binding = accountBinding((await account(accessId)).id)
      return (await db.selectFrom('secrets').select('id').where('bound_to', '=', binding).execute()).length
    },
  }
}

const roleQuery = (name: string) => `
  select rolcanlogin as login, rolvaliduntil::text as until, shobj_description(oid, 'pg_authid') as comment,
    (select string_agg(roleid::regrole::text, ',' order by roleid::regrole::text)
      from pg_auth_members where member = pg_authid.oid) as groups
  from pg_authid where rolname = '${name}'`

async function findAndWorkOff(world: World): Promise<void> {
  await findForgottenAccesses(world.deps)
  await workOff(world)
}

async function addServer({ deps, clock }: World, cluster: PostgresCluster): Promise<number> {
  const now = clock.instant()
  const { id } = await deps.db
    .insertInto('database_servers')
    .values({
      name: 'db1',
      engine: 'postgresql',
      host: cluster.host,
      port: cluster.port,
      standby_host: cluster.standby?.host ?? null,
      standby_port: cluster.standby?.port ?? null,
      admin_name: cluster.superuser.name,
      ca: cluster.authority.certificate,
      identity: JSON.stringify({ primary: 'one', standby: 'two' }),
      checked_at: now,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const password = new Secret(cluster.superuser.password)
  const credential_secret_id = await deps.vault.store(deps.db, serverBinding(id), password)
  await deps.db.updateTable('database_servers').set({ credential_secret_id }).where('id', '=', id).execute()
  for (const asset_id of ['10000-DEV', '10000-TST', '10000-PRD'])
    await deps.db
      .insertInto('asset_databases')
      .values({
        asset_id,
        server_id: id,
        database_name: database,
        group_name: asset_id.toLowerCase().replace('-', '_'),
        created_at: now,
      })
      .execute()
  return id
}

/** As any client would, with the certificate verified. */
async function signsIn(
  cluster: PostgresCluster,
  target: 'primary' | 'standby',
  user: string,
  password: string,
): Promise<boolean> {
  const port = target === 'standby' ? cluster.standby?.port : cluster.port
  const ssl = { ca: cluster.authority.certificate }
  const client = new pg.Client({ host: cluster.host, port, user, password, database, ssl })
  try {
    await client.connect()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^28/.test(String(error.code))) return false
    throw error
  } finally {
    await client.end().catch(() => {})
  }
}
