import { type Account, ProvisionerError, type Removal } from '../provisioner.ts'
import { deleteEntry, writeEntry } from './book.ts'
import type { Connections } from './connection.ts'
import { definedBy } from './definers.ts'
import type { FoundUser } from './dialect.ts'
import { accountOf } from './names.ts'
import { asAdmin, type Session } from './session.ts'
import { endSessions, holdingLock } from './sessions.ts'
import { positionOf, untilReached } from './standby.ts'
import { digestOf, findUsers, notOurs, ownerOf, ownUser } from './users.ts'

/** ACCOUNT LOCK, and no session on any server. Read back. */
export async function lock(connections: Connections, account: Account): Promise<void> {
  await asAdmin(connections, account.target, session =>
    holdingLock(session, account.mark, () => lockUser(session, account)),
  )
  await onReplica(connections, account, async replica => {
    await endSessions(replica, account.name)
    await expectLocked(replica, account.name)
  })
}

/** What is not there can't sign in; a session of it may be. */
async function lockUser(session: Session, account: Account): Promise<void> {
  const { mark } = await ownerOf(session, account.name)
  if (mark !== 'free' && mark !== account.mark) throw notOurs(account.name)
  if (mark !== 'free') await session.client.query(`alter user ${accountOf(account.name)} account lock`)
  await endSessions(session, account.name)
  await expectLocked(session, account.name)
}

async function expectLocked(session: Session, name: string): Promise<void> {
  const open = (await findUsers(session, name)).filter(user => !user.locked)
  if (open.length > 0) throw new ProvisionerError('failed', `${namesOf(open)} can still sign in.`)
}

/** Lock, end sessions, report what goes by its name, drop, and read back on every server. */
export async function drop(connections: Connections, account: Account): Promise<Removal> {
  const notes = await asAdmin(connections, account.target, session =>
    holdingLock(session, account.mark, () => dropUser(session, account)),
  )
  await onReplica(connections, account, async replica => {
    await endSessions(replica, account.name)
    await expectGone(replica, account.name)
  })
  return { notes }
}

async function dropUser(session: Session, account: Account): Promise<string[]> {
  const notes = await dropIfThere(session, account)
  // A dropped account's session lives on: none may be left.
  await endSessions(session, account.name)
  await expectGone(session, account.name)
  await deleteEntry(session, account.name, account.mark)
  return notes
}

async function dropIfThere(session: Session, account: Account): Promise<string[]> {
  const { name } = account
  const { mark } = await ownerOf(session, name)
  if (mark === 'free') return []
  if (mark !== account.mark) throw notOurs(name)
  await session.client.query(`alter user ${accountOf(name)} account lock`)
  await endSessions(session, name)
  const notes = await definedBy(session, name)
  const { verifier } = await ownUser(session, account)
  await writeEntry(session, account, 'removing', digestOf(verifier))
  await session.client.query(`drop user if exists ${accountOf(name)}`)
  return notes
}

async function expectGone(session: Session, name: string): Promise<void> {
  const left = await findUsers(session, name)
  if (left.length > 0)
    throw new ProvisionerError('failed', `The account was dropped, but there still is ${namesOf(left)}.`)
}

const namesOf = (users: readonly FoundUser[]) => users.map(user => `${user.name}@${user.host}`).join(', ')

/** What was done on the primary reaches the standby by replication: that is waited for. */
async function onReplica(
  connections: Connections,
  { target }: Account,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  if (!connections.hasStandby || target !== 'primary') return
  const position = await asAdmin(connections, 'primary', positionOf)
  await asAdmin(connections, 'standby', async session => {
    await untilReached(session, position)
    await work(session)
  })
}
