import { type QueryExecutorProvider, sql } from 'kysely'

const portal = {
  id: 'self-service-portal',
  name: 'Self-Service Portal',
  description: 'Self-Service Portal Access',
  aliases: ['Portal', 'SSP'],
  kind: 'portal',
  warning: '',
}

const communications = {
  id: 'client-communications-center',
  name: 'Client Communications Center',
  description: 'Client Communications Center Access',
  aliases: ['Client Communication Center', 'CCC'],
  kind: 'communications',
  warning:
    'Requesting access to the Client Communications Center for asset {{asset}} will grant you access to the Client Communications Center Dashboard for the customer that owns the asset. You only need to request it for one asset per organization. You will be automatically subscribed to email notifications. You can unsubscribe by following the unsubscribe option located in the notification emails.',
}

const serviceAccount = {
  id: 'database-service-account',
  name: 'Create Database Service Account',
  description: 'Create Database Service Account for Integration',
  aliases: ['Database Service Account'],
  kind: 'database-service',
  warning: '',
}

const userAccount = {
  id: 'database-user-account',
  name: 'Create Database User Account',
  description: 'Create Database User Account',
  aliases: ['Database User Account'],
  kind: 'database-user',
  warning: '',
}

const fileAccess = {
  id: 'object-storage-file',
  name: 'Object Storage File Access',
  description: 'List, download and upload files of the asset',
  aliases: ['MAS Object Storage File Access'],
  kind: 'files',
  warning: '',
}

const logAccess = {
  id: 'object-storage-log',
  name: 'Object Storage Log Access',
  description: 'List and download logs of the asset',
  aliases: ['MAS Object Storage Log Access'],
  kind: 'logs',
  warning: '',
}

/** The access types every portal begins with. What an operator has changed or withdrawn stays so. */
export const seedAccessTypes = (db: QueryExecutorProvider) =>
  seedTypes(db, [portal, communications], 'customer', 10)

export const seedDatabaseTypes = (db: QueryExecutorProvider) =>
  seedTypes(db, [serviceAccount, userAccount], 'asset', 30)

export const seedStorageTypes = (db: QueryExecutorProvider) =>
  seedTypes(db, [fileAccess, logAccess], 'asset', 50)

interface BuiltInType {
  id: string
  name: string
  description: string
  aliases: readonly string[]
  kind: string
  warning: string
}

export async function seedTypes(
  db: QueryExecutorProvider,
  types: readonly BuiltInType[],
  scope: 'asset' | 'customer',
  firstSort: number,
): Promise<void> {
  for (const [position, type] of types.entries())
    await sql`
      insert into access_types (id, name, description, aliases, kind, scope, warning, sort, created_at)
      values (${type.id}, ${type.name}, ${type.description}, ${JSON.stringify(type.aliases)}, ${type.kind}, ${scope},
        ${type.warning}, ${firstSort + position * 10}, '2026-01-01T00:00:00.000Z')
      on conflict (id) do nothing`.execute(db)
}
