import { setTimeout as wait } from 'node:timers/promises'
import { ProvisionerError } from '../provisioner.ts'
import { serverError } from './failure.ts'
import { lockName } from './names.ts'
import { query, type Session } from './session.ts'

const looks = 50
const betweenLooks = 100
const patience = 10

/**
 * Ends every session of an account, also one that has been dropped, and proves it. A sign-in that was looked up before
 * the account was locked still succeeds, and is ended too: MariaDB shows it with its name by then, MySQL does not; there
 * those without a name are waited for, and ended after a second.
 */
export async function endSessions({ ask, dialect, client }: Session, name: string): Promise<void> {
  const before = await dialect.sessions(ask)
  const nameless = new Set(before.filter(one => one.user === dialect.signingIn).map(one => one.id))
  for (let look = 0; look < looks; look += 1) {
    // At one look: between two somebody could get a name.
    const now = await dialect.sessions(ask)
    const open = now.filter(one => one.user === name)
    const mayEnter = now.filter(one => one.user === dialect.signingIn && nameless.has(one.id))
    if (open.length === 0 && mayEnter.length === 0) return
    for (const { id } of look < patience ? open : [...open, ...mayEnter]) await kill(client, id)
    await wait(betweenLooks)
  }
  throw new ProvisionerError('unreachable', `Sessions of ${name} do not end.`)
}

const noSuchThread = 1094

async function kill(client: Session['client'], id: number): Promise<void> {
  try {
    await client.query(`kill connection ${Math.trunc(id)}`)
  } catch (error) {
    if (serverError(error) !== noSuchThread) throw error
  }
}

const lockSeconds = 10

/** Runs `work` while the server knows who is working on this account. */
export async function holdingLock<T>(
  session: Session,
  mark: number | 'check',
  work: () => Promise<T>,
): Promise<T> {
  const [row] = await query<{ got: number | null }>(session, 'select get_lock(?, ?) as got', [
    lockName(mark),
    lockSeconds,
  ])
  if (row?.got !== 1)
    throw new ProvisionerError('unreachable', 'Something else is being done to this account on the server.')
  try {
    return await work()
  } finally {
    await query(session, 'select release_lock(?)', [lockName(mark)]).catch(() => {})
  }
}

/** Ends what an earlier process of ours is still doing about an account: whoever holds its lock. */
export async function endOwnWork(session: Session, mark: number): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    const [row] = await query<{ id: number | null }>(session, 'select is_used_lock(?) as id', [
      lockName(mark),
    ])
    if (row?.id === null || row === undefined) return
    await kill(session.client, Number(row.id))
    await wait(betweenLooks)
  }
  throw new ProvisionerError('unreachable', 'What was begun before on the server does not end.')
}
