import { randomBytes } from 'node:crypto'
import { Secret } from '../../secret.ts'
import type { Finding } from '../check-lines.ts'
import type { Account, CheckedDatabase, Target } from '../provisioner.ts'
import { ensureUser } from './accounts.ts'
import { namesWithMark } from './book.ts'
import type { Connections } from './connection.ts'
import { whyNotIn } from './prove.ts'
import { asAdmin, query, type Session } from './session.ts'
import { holdingLock } from './sessions.ts'
import { drop } from './take-away.ts'
import { ownerOf } from './users.ts'

/** No access has it. */
const checkMark = 0

/** Made like any other account, tried where it should get in and where not; gone afterwards. */
export const tryAccount = (
  connections: Connections,
  target: Target,
  databases: readonly CheckedDatabase[],
): Promise<Finding> =>
  // Another check would take the account away meanwhile.
  asAdmin(connections, target, session =>
    holdingLock(session, 'check', () => tryAlone(connections, target, databases)),
  )

async function tryAlone(
  connections: Connections,
  target: Target,
  databases: readonly CheckedDatabase[],
): Promise<Finding> {
  await dropLeftovers(connections, target)
  const own = databases.find(one => one.production === (target === 'standby'))
  if (!own) return 'Nothing to try: no database of an asset is on this server.'
  const password = new Secret(randomBytes(18).toString('base64url'))
  const account = checkAccount(`gatehouse_check_${randomBytes(6).toString('hex')}`, own.database, target)
  try {
    await asAdmin(connections, target, session => ensureUser(session, account, password, () => {}))
    const wrong = await whatIsWrong(connections, account, password)
    return wrong === null
      ? `It signs in to ${own.database} over TLS, and to no other database${target === 'standby' ? '; the primary does not know it' : ''}.`
      : { level: 'failed', says: wrong }
  } finally {
    await drop(connections, account)
  }
}

const checkAccount = (name: string, database: string, target: Target): Account => ({
  name,
  mark: checkMark,
  database,
  group: '',
  owners: [],
  readOnly: target === 'standby',
  target,
  validUntil: null,
})

/** Of an earlier check that has ended in between. */
async function dropLeftovers(connections: Connections, target: Target): Promise<void> {
  const names = await asAdmin(connections, target, session => namesWithMark(session, checkMark))
  for (const name of names) await drop(connections, checkAccount(name, '', target))
}

async function whatIsWrong(
  connections: Connections,
  { name, database, target }: Account,
  password: Secret,
): Promise<string | null> {
  const login = { user: name, password }
  const why = await whyNotIn(connections, target, { ...login, database })
  if (why !== null) return `A test account does not get into ${database}: ${why}`
  for (const other of await asAdmin(connections, target, otherDatabases))
    if (other !== database && (await whyNotIn(connections, target, { ...login, database: other })) === null)
      return `A test account with rights on ${database} gets into ${other} too.`
  if (target === 'primary') return null
  const onPrimary = await asAdmin(connections, 'primary', session => ownerOf(session, name))
  return onPrimary.mark === 'free' ? null : 'An account of the standby has come to the primary.'
}

/** Everybody sees information_schema, and nothing of others in it. */
async function otherDatabases(session: Session): Promise<string[]> {
  const rows = await query<{ name: string }>(
    session,
    `select schema_name as name from information_schema.schemata
      where schema_name not in ('information_schema', 'performance_schema')`,
  )
  return rows.map(row => row.name)
}
