import type { Row } from '../../db/schema.ts'
import type { Access } from '../access/change-access.ts'
import { record, systemActor } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { accountOfAccess, type DatabaseAccount } from './accounts.ts'
import { changeAccount } from './change-steps.ts'
import { openChange, openChangeOf, type PasswordChange } from './password-change.ts'
import { whyNothingIsGranted } from './server-states.ts'
import { type DatabaseServer, databaseOf, findServer, standbyOf } from './servers.ts'

type Asset = Pick<Row<'assets'>, 'id' | 'class'>

/**
 * Why nothing can be made or changed on the server now. wait: until operators are done with it; failed: something of
 * the set-up is missing; never: what was approved is not what there would be.
 */
export interface AccountObstacle {
  kind: 'wait' | 'failed' | 'never'
  why: string
}

export async function inTheWayOfAccount(
  db: DbOrTx,
  access: Access,
  task: 'grant' | 'resume' | 'reset',
): Promise<AccountObstacle | null> {
  const server = await findServer(db, serverIdOf(access))
  const why = server && whyToWait(server, task)
  if (why) return { kind: 'wait', why: `The database server of ${access.asset_id} ${why}.` }
  return task === 'reset' ? null : inTheWayOfRights(db, access)
}

/** What is in use already goes on where a check has failed, until the server is suspended. */
function whyToWait(server: DatabaseServer, task: 'grant' | 'resume' | 'reset'): string | null {
  const inTheWay = task === 'grant' || server.suspended_at !== null
  return inTheWay ? whyNothingIsGranted(server) : null
}

async function inTheWayOfRights(db: DbOrTx, access: Access): Promise<AccountObstacle | null> {
  const asset = await assetOf(db, access)
  const found = await databaseOf(db, asset.id)
  if (!found) return { kind: 'failed', why: `No database of ${asset.id} is known to the portal any more.` }
  if (found.server.id !== access.database_server_id)
    return { kind: 'never', why: `The database of ${asset.id} is on another server by now.` }
  const account = await accountOfAccess(db, access.id)
  const readOnly = isReadOnly(asset)
  if (account && (account.read_only === 1) !== readOnly)
    return { kind: 'never', why: `${asset.id} is ${readOnly ? '' : 'not '}a production environment by now.` }
  if (readOnly && standbyOf(found.server) === null)
    return { kind: 'failed', why: `${asset.id} has no high availability (HADR) any more.` }
  return null
}

/** On the standby. */
const isReadOnly = (asset: Asset) => asset.class === 'PRODUCTION'

const assetOf = (db: DbOrTx, { asset_id }: Access): Promise<Asset> =>
  db.selectFrom('assets').select(['id', 'class']).where('id', '=', asset_id).executeTakeFirstOrThrow()

/** As the access carries them from the moment it is saved. */
export function reservedName({ id, database_account }: Access): string {
  if (database_account === null) throw new Error(`Access ${id} is of no database account.`)
  return database_account
}

export function serverIdOf({ id, database_server_id }: Access): number {
  if (database_server_id === null) throw new Error(`Access ${id} is of no database server.`)
  return database_server_id
}

/** Writes down which account is going to be made, with its first password, before the server is touched. */
export async function intendAccount(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'vault'>,
  access: Access,
  kind: DatabaseAccount['kind'],
): Promise<void> {
  const asset = await assetOf(tx, access)
  const { database } = (await databaseOf(tx, asset.id)) ?? {}
  if (!database) throw new Error(`No database of ${asset.id} is known.`)
  const readOnly = isReadOnly(asset)
  const account = await tx
    .insertInto('database_accounts')
    .values({
      access_id: access.id,
      server_id: serverIdOf(access),
      name: reservedName(access),
      kind,
      mark: access.id,
      database_name: database.database_name,
      group_name: database.group_name,
      read_only: readOnly ? 1 : 0,
      target: readOnly ? 'standby' : 'primary',
      state: 'CREATING',
      created_at: nowInstant(deps.clock),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await openChange(tx, deps, account, { reason: 'create', askedBy: null })
  const subject = { type: 'access', id: access.id, customerId: access.customer_id } as const
  const detail = { account: account.name, asset: asset.id, target: account.target }
  await record(tx, deps.clock, systemActor, 'access account begun', subject, detail)
}

/** What brings an account into use: the change that was begun, or one that is begun now. */
export async function changeForUse(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'vault'>,
  account: DatabaseAccount,
  task: 'grant' | 'resume',
): Promise<PasswordChange> {
  const open = await openChangeOf(tx, account.id)
  if (open) return open
  const reason = task === 'grant' ? 'create' : 'resume'
  const reuse = stillGood(account, nowInstant(deps.clock)) ? account.secret_id : null
  const opened = await openChange(tx, deps, account, {
    reason,
    askedBy: null,
    ...(reuse !== null && { reuse }),
  })
  if (!opened) throw new Error(`Account ${account.id} has a change that was not there.`)
  return opened
}

const stillGood = ({ expires_at }: DatabaseAccount, now: string) => expires_at !== null && expires_at > now

/** Before it is given back: its rights may be gone, and it can't sign in. */
export const expectLocked = (tx: Tx, account: DatabaseAccount) =>
  changeAccount(tx, account, { state: 'LOCKED' })
