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
 * the account was locked still succeeds, and is ended too: MariaDB shows it with its name by then.
 */
export async function endSessions(session: Session, name: string): Promise<void> {
  const nameless = session.isMariadb ? [] : await idsOf(session, signingIn)
  for (let look = 0; look < looks; look += 1) {
    const open = await idsOf(session, name)
    const entering = nameless.length === 0 ? [] : await idsOf(session, signingIn)
    const mayEnter = entering.filter(id => nameless.includes(id))
    if (open.length === 0 && mayEnter.length === 0) return
    for (const id of look < patience ? open : [...open, ...mayEnter]) await kill(session, id)
    await wait(betweenLooks)
  }
  throw new ProvisionerError('unreachable', `Sessions of ${name} do not end.`)
}

/** MySQL shows names only of who has signed in: others are waited for, and after a second ended. */
const signingIn = 'unauthenticated user'

async function idsOf(session: Session, user: string): Promise<number[]> {
  const rows = await query<{ id: number }>(
    session,
    'select id as id from information_schema.processlist where binary user = ? and id <> connection_id()',
    [user],
  )
  return rows.map(row => Number(row.id))
}

const noSuchThread = 1094

async function kill(session: Session, id: number): Promise<void> {
  try {
    await session.client.query(`kill connection ${Math.trunc(id)}`)
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
    await kill(session, Number(row.id))
    await wait(betweenLooks)
  }
  throw new ProvisionerError('unreachable', 'What was begun before on the server does not end.')
}
