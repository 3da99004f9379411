import type { Row } from '../../db/schema.ts'
import { inheritedEnvironment } from '../config.ts'
import type { DbOrTx, Deps } from '../deps.ts'
import { type Provisioner, ProvisionerError, type ServerAccess } from '../provisioners/provisioner.ts'
import { databaseEngines } from '../provisioners/registry.ts'
import type { Secret } from '../secret.ts'
import { readSecretReference, SecretReferenceError } from '../secret-reference.ts'
import { VaultError } from '../vault/vault.ts'

export type DatabaseServer = Row<'database_servers'>
export type AssetDatabase = Row<'asset_databases'>

/** What the vault binds the portal's own password on a server to. */
export const serverBinding = (id: number) => `database-server:${id}`

/** The database of an asset with its server; undefined: operators have named none. */
export async function databaseOf(
  db: DbOrTx,
  assetId: string,
): Promise<{ database: AssetDatabase; server: DatabaseServer } | undefined> {
  const database = await db
    .selectFrom('asset_databases')
    .selectAll()
    .where('asset_id', '=', assetId)
    .executeTakeFirst()
  if (!database) return undefined
  const server = await db
    .selectFrom('database_servers')
    .selectAll()
    .where('id', '=', database.server_id)
    .executeTakeFirstOrThrow()
  return { database, server }
}

export const findServer = (db: DbOrTx, id: number): Promise<DatabaseServer | undefined> =>
  db.selectFrom('database_servers').selectAll().where('id', '=', id).executeTakeFirst()

/** Ready to work with a server. Throws a ProvisionerError if its credential can't be had. Close it afterwards. */
export async function openServer(deps: Deps, server: DatabaseServer): Promise<Provisioner> {
  const access: ServerAccess = {
    name: server.name,
    host: server.host,
    port: server.port,
    standby: standbyOf(server),
    adminName: server.admin_name,
    adminPassword: await credentialOf(deps, server),
    trust: { ca: server.ca, pin: server.pin, standbyPin: server.standby_pin },
    options: JSON.parse(server.options) as Record<string, unknown>,
  }
  return databaseEngines[server.engine].open(access, {
    clock: deps.clock,
    log: deps.log,
    environment: inheritedEnvironment(),
    checkpoint: deps.checkpoint,
  })
}

export const standbyOf = ({
  standby_host,
  standby_port,
}: Pick<DatabaseServer, 'standby_host' | 'standby_port'>) =>
  standby_host !== null && standby_port !== null ? { host: standby_host, port: standby_port } : null

async function credentialOf(deps: Deps, server: DatabaseServer): Promise<Secret> {
  try {
    if (server.credential !== null) return readSecretReference(server.credential, deps.config)
    if (server.credential_secret_id !== null)
      return await deps.vault.open(deps.db, serverBinding(server.id), server.credential_secret_id)
  } catch (error) {
    if (error instanceof SecretReferenceError || error instanceof VaultError)
      throw new ProvisionerError('denied', error.message)
    throw error
  }
  throw new ProvisionerError('denied', `No password is stored for ${server.admin_name} on ${server.name}.`)
}

/** The server that an account's owner connects to. */
export function addressOf(
  { target }: { target: 'primary' | 'standby' },
  server: DatabaseServer,
): { host: string; port: number } {
  const standby = target === 'standby' ? standbyOf(server) : null
  return standby ?? { host: server.host, port: server.port }
}
