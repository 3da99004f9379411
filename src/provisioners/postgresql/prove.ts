import type pg from 'pg'
import type { Secret } from '../../secret.ts'
import { type Account, type Proof, ProvisionerError, type Target } from '../provisioner.ts'
import type { Connections, Login } from './connection.ts'
import { asExpected, sqlState } from './failure.ts'
import { findRole } from './roles.ts'

/** Signs in as the account's owner would. */
export async function prove(connections: Connections, account: Account, password: Secret): Promise<Proof> {
  const login: Login = {
    user: account.name,
    password,
    database: account.database,
    application: 'gatehouse proof',
  }
  if (password.expose() === '') return 'refused'
  try {
    await connections.asRaw(account.target, login, client => expectTarget(client, account.target))
    return 'proven'
  } catch (error) {
    const code = sqlState(error)
    if (code === '28P01' || code === '28000') return whyNot(connections, account, error)
    throw asExpected(error, connections.where(account.target))
  }
}

/** A standby that was promoted lets its accounts in as before, to a server that is none any more. */
async function expectTarget(client: pg.Client, target: Target): Promise<void> {
  const { rows } = await client.query<{ recovery: boolean }>('select pg_is_in_recovery() as recovery')
  if (target === 'standby' && !rows[0]?.recovery)
    throw new ProvisionerError('failed', 'The standby is none any more: it has been promoted.')
}

/** PostgreSQL says the same of a wrong password and of one that is too old: what it knows of the role tells. */
async function whyNot(connections: Connections, account: Account, error: unknown): Promise<Proof> {
  const role = await connections.asAdmin(account.target, client => findRole(client, account.name))
  if (!role) return 'refused'
  if (!role.login) return 'locked'
  if (role.expired) return 'expired'
  if (sqlState(error) === '28P01') return 'refused'
  // pg_hba.conf: whatever the password, nobody gets in there.
  throw new ProvisionerError(
    'denied',
    `${connections.where(account.target)}: the server does not let ${account.name} in (pg_hba.conf): ${error instanceof Error ? error.message : ''}`,
  )
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
    const code = sqlState(error)
    if (code !== null && /^(28|42501)/.test(code)) return error instanceof Error ? error.message : code
    throw asExpected(error, connections.where(target))
  }
}
