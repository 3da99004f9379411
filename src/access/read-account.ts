import {
  isReservedName,
  serviceNameProblem,
  userAccountName,
  userNamesBegin,
} from '../database-accounts/account-names.ts'
import { type DatabaseServer, databaseOf } from '../database-accounts/servers.ts'
import { takenNames } from '../database-accounts/taken-names.ts'
import type { DbOrTx } from '../deps.ts'
import { isDatabaseKind } from './access-types.ts'
import { afterIt, type ReadAccess, type RowWorld } from './read-access-row.ts'
import { accessField } from './staged-changes.ts'

export interface AccountWorld extends RowWorld {
  personId: string
  /** Requests that are withdrawn by the same Save: their names are free. */
  freed: readonly number[]
}

/** Database Account ID of a row that asks for a database account: read where it is given, else filled in. */
export async function readAccount(db: DbOrTx, read: ReadAccess, world: AccountWorld): Promise<void> {
  const { asset, type, first } = read
  if (!asset || !type || !isDatabaseKind(type.kind) || first) return
  const found = await databaseOf(db, asset.id)
  if (!found) return
  if (type.kind === 'database-user') read.account = await filledIn(db, found.server, world)
  else await readGiven(db, read, found.server, world)
}

async function filledIn(db: DbOrTx, server: DatabaseServer, { personId, before, freed }: AccountWorld) {
  const taken = await takenNames(db, server.id, { beginning: userNamesBegin(personId) }, freed)
  const name = userAccountName(
    personId,
    wanted =>
      taken.has(wanted) || isReservedName(wanted, server.admin_name) || stands(before, wanted, server.id),
  )
  return { name, serverId: server.id }
}

async function readGiven(
  db: DbOrTx,
  read: ReadAccess,
  server: DatabaseServer,
  world: AccountWorld,
): Promise<void> {
  const field = accessField(read.row.index, 'account')
  const name = read.row.account.trim()
  if (name === '') {
    read.missing[field] = 'Enter the Database Account ID.'
    return
  }
  const wrong = serviceNameProblem(name) ?? (await whyTaken(db, read, name, server, world))
  if (wrong) read.errors[field] = wrong
  else read.account = { name, serverId: server.id }
}

async function whyTaken(
  db: DbOrTx,
  read: ReadAccess,
  name: string,
  server: DatabaseServer,
  { person, open, before, freed }: AccountWorld,
): Promise<string | null> {
  const another = 'Choose another Database Account ID.'
  read.first = open.find(one => one.database_account === name && one.database_server_id === server.id) ?? null
  if (read.first) {
    const { asset_id, status } = read.first
    const then = status === 'PENDING REMOVAL' ? afterIt(status) : another
    return `${person} has ${name} on ${asset_id} already: it is ${status}. ${then}`
  }
  if (stands(before, name, server.id)) return `${name} stands in another new row already. ${another}`
  const where = `on the database server of ${read.asset?.id}`
  if (isReservedName(name, server.admin_name)) return `${name} is reserved ${where}. ${another}`
  const taken = await takenNames(db, server.id, { names: [name] }, freed)
  return taken.has(name) ? `There is ${name} ${where} already. ${another}` : null
}

const stands = (before: readonly ReadAccess[], name: string, serverId: number) =>
  before.some(({ account }) => account?.name === name && account.serverId === serverId)
