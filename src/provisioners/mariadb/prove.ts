import type { Secret } from '../../secret.ts'
import type { Account, Proof, Target } from '../provisioner.ts'
import type { Connections, Login } from './connection.ts'
import { asExpected, asksOtherwise, serverError } from './failure.ts'
import { asAdmin } from './session.ts'
import { findUsers } from './users.ts'

const wrongPassword = new Set([1045, 1698])
const tooOld = new Set([1820, 1862])
/** By ACCOUNT LOCK, or after too many wrong passwords: setting one anew ends the latter. */
const isLocked = new Set([3118, 4151, 3955, 4150])

/** Signs in as the account's owner would. */
export async function prove(connections: Connections, account: Account, password: Secret): Promise<Proof> {
  const login: Login = { user: account.name, password, database: account.database }
  try {
    return await connections.asRaw(account.target, login, async (client): Promise<Proof> => {
      await client.query('select 1')
      return 'proven'
    })
  } catch (error) {
    const code = serverError(error)
    if (code !== null && tooOld.has(code)) return 'expired'
    if (code !== null && isLocked.has(code)) return 'locked'
    if (asksOtherwise(error) || (code !== null && wrongPassword.has(code)))
      return whyNot(connections, account)
    throw asExpected(error, connections.where(account.target))
  }
}

/** Of a locked account nobody is told whether the password was right. */
async function whyNot(connections: Connections, account: Account): Promise<Proof> {
  const users = await asAdmin(connections, account.target, session => findUsers(session, account.name))
  return users.some(user => user.locked) ? 'locked' : 'refused'
}

/** Whether somebody is let in at all, for checks: null, or why not. */
export async function whyNotIn(
  connections: Connections,
  target: Target,
  login: Login,
): Promise<string | null> {
  try {
    await connections.asRaw(target, login, client => client.query('select 1'))
    return null
  } catch (error) {
    const code = serverError(error)
    const expected = asExpected(error, connections.where(target))
    if (asksOtherwise(error) || (code !== null && (wrongPassword.has(code) || code === 1044)))
      return expected instanceof Error ? expected.message : String(code)
    throw expected
  }
}
