import type pg from 'pg'
import { type Account, type Position, ProvisionerError, type Removal } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import { giveAway } from './give-away.ts'
import { markOf, quoted } from './names.ts'
import { findRole, leaveAllGroups, notOurs, ownRole, positionOf } from './roles.ts'
import { endSessions, expectNothingPrepared } from './sessions.ts'
import { untilReplayed } from './standby.ts'
import { transaction } from './transaction.ts'

/** NOLOGIN and no group, on both servers; no session on either. Read back. */
export async function lock(connections: Connections, account: Account): Promise<void> {
  const position = await connections.asAdmin('primary', client => lockRole(client, account), {
    application: markOf(account.mark),
  })
  await connections.asAdmin('primary', async client => {
    await endSessions(client, account)
    await expectNothingPrepared(client, account.name)
    await expectLocked(client, account.name)
  })
  await onStandby(connections, position, async standby => {
    await endSessions(standby, account)
    await expectLocked(standby, account.name)
  })
}

/** One that is not there can't sign in; it may yet have sessions, and be on a standby that lags. */
async function lockRole(client: pg.Client, account: Account): Promise<Position> {
  await transaction(client, async () => {
    if (!(await findRole(client, account.name))) return
    await ownRole(client, account)
    await client.query(`alter role ${quoted(account.name)} with nologin`)
    await leaveAllGroups(client, account.name)
  })
  return positionOf(client)
}

async function expectLocked(client: pg.Client, name: string): Promise<void> {
  if ((await findRole(client, name))?.login)
    throw new ProvisionerError('failed', `${name} can still sign in.`)
}

async function onStandby(
  connections: Connections,
  position: Position,
  work: (standby: pg.Client) => Promise<void>,
): Promise<void> {
  if (!connections.hasStandby) return
  await untilReplayed(connections, position)
  await connections.asAdmin('standby', work)
}

/** Lock, end sessions, give away what it owns, drop, and read back on both servers. */
export async function drop(connections: Connections, account: Account): Promise<Removal> {
  const found = await connections.asAdmin('primary', client => findRole(client, account.name))
  if (found && found.mark !== account.mark) throw notOurs(account.name)
  if (found) await lock(connections, account)
  const notes = found ? await giveAway(connections, account) : []
  try {
    await dropEverywhere(connections, account)
  } catch (error) {
    // The next attempt finds nothing that it could tell.
    if (error instanceof ProvisionerError && notes.length > 0)
      throw new ProvisionerError(error.kind, [error.message, ...notes].join(' '))
    throw error
  }
  return { notes }
}

async function dropEverywhere(connections: Connections, account: Account): Promise<void> {
  const position = await connections.asAdmin('primary', client => dropRole(client, account), {
    application: markOf(account.mark),
  })
  await connections.asAdmin('primary', client => expectGone(client, account))
  await onStandby(connections, position, standby => expectGone(standby, account))
}

/** A dropped role's session lives on: none may be left. */
async function expectGone(client: pg.Client, account: Account): Promise<void> {
  await endSessions(client, account)
  if (await findRole(client, account.name))
    throw new ProvisionerError('failed', `The role ${account.name} was dropped, but is still there.`)
}

async function dropRole(client: pg.Client, account: Account): Promise<Position> {
  await transaction(client, async () => {
    if (!(await findRole(client, account.name))) return
    await ownRole(client, account)
    await client.query(`drop role ${quoted(account.name)}`)
  })
  return positionOf(client)
}
