import { type Finding, failed, look, warning } from '../check-lines.ts'
import type { CheckedDatabase, CheckLine, Target } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import { isReadOnly } from './identify.ts'
import { literal } from './names.ts'
import { neededGlobally } from './rights.ts'
import { asAdmin, pluginOf, query, type Session } from './session.ts'
import { positionOf, untilReached } from './standby.ts'
import { tryAccount } from './try-account.ts'

/** Everything that would make accounts unsafe or impossible. What comes first has to hold for the rest to be tried. */
export async function check(
  connections: Connections,
  databases: readonly CheckedDatabase[],
): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = []
  const on = (what: string, target: Target, find: (session: Session) => Promise<Finding>) =>
    look(lines, what, () => asAdmin(connections, target, find))
  if (!(await on('Primary', 'primary', checkPrimary))) return lines
  const standby = connections.hasStandby && (await look(lines, 'Standby', () => checkStandby(connections)))
  const targets: readonly Target[] = standby ? ['primary', 'standby'] : ['primary']
  for (const target of targets) {
    const where = target === 'standby' ? ' on the standby' : ''
    await on(`Rights of the portal’s account${where}`, target, checkRights)
    await on(`TLS for everybody${where}`, target, checkTls)
    await on(`How passwords are kept${where}`, target, checkPlugin)
    await on(`Rights that everybody has${where}`, target, checkEverybody)
  }
  for (const one of databases) {
    const target = one.production && standby ? 'standby' : 'primary'
    await on(`Database of ${one.asset}`, target, session => checkDatabase(session, one))
  }
  for (const target of targets)
    await look(lines, target === 'standby' ? 'A test account of the standby' : 'A test account', () =>
      tryAccount(connections, target, databases),
    )
  return lines
}

async function checkPrimary(session: Session): Promise<Finding> {
  const old = tooOld(session)
  if (old !== null) return failed(old)
  if (await isReadOnly(session))
    return failed('This server is read-only: a standby. After a failover, enter the present primary here.')
  return `${nameOf(session)} answers over ${await tlsOf(session)}.`
}

/** The oldest that locks accounts, lets passwords end and has a right of its own for each. */
function tooOld(session: Session): string | null {
  const [major = 0, minor = 0, patch = 0] = versionOf(session).split('.').map(Number)
  const enough = session.isMariadb
    ? major > 10 || (major === 10 && minor >= 5)
    : major > 8 || (major === 8 && (minor > 0 || patch >= 17))
  return enough ? null : `${nameOf(session)} is older than MariaDB 10.5 and MySQL 8.0.17.`
}

const versionOf = ({ client }: Session) => /\d+(\.\d+)+/.exec(client.serverVersion())?.[0] ?? ''
const nameOf = (session: Session) => `${session.isMariadb ? 'MariaDB' : 'MySQL'} ${versionOf(session)}`

async function tlsOf(session: Session): Promise<string> {
  const [row] = await query<{ Value: string }>(session, `show session status like 'Ssl_version'`)
  return row?.Value || 'TLS'
}

async function checkStandby(connections: Connections): Promise<Finding> {
  const position = await asAdmin(connections, 'primary', positionOf)
  return asAdmin(connections, 'standby', async session => {
    const old = tooOld(session)
    if (old !== null) return failed(old)
    if (!(await isReadOnly(session)))
      return failed(
        'It is not read-only: it has been promoted, or never was a standby. SET GLOBAL read_only = ON;',
      )
    await untilReached(session, position)
    return `${nameOf(session)} has what the primary did, is read-only, and answers over ${await tlsOf(session)}.`
  })
}

async function checkRights(session: Session): Promise<Finding> {
  const [me] = await query<{ name: string }>(session, 'select current_user() as name')
  const at = me?.name.lastIndexOf('@') ?? 0
  const grantee = `'${me?.name.slice(0, at)}'@'${me?.name.slice(at + 1)}'`
  const rows = await query<{ kind: string }>(
    session,
    'select privilege_type as kind from information_schema.user_privileges where grantee = ?',
    [grantee],
  )
  const has = new Set(rows.map(row => row.kind))
  if (has.has('SUPER'))
    return warning(`${me?.name} has SUPER. It needs less: see the help page on database servers.`)
  const needed: readonly string[] = neededGlobally[session.isMariadb ? 'mariadb' : 'mysql'][session.target]
  const missing = needed.filter(kind => !has.has(kind))
  const to = `${literal(me?.name.slice(0, at) ?? '')}@${literal(me?.name.slice(at + 1) ?? '')}`
  return missing.length === 0
    ? `${me?.name} has what it needs, without SUPER.`
    : failed(`${me?.name} needs more: GRANT ${missing.join(', ')} ON *.* TO ${to};`)
}

async function checkTls(session: Session): Promise<Finding> {
  const [row] = await query<{ on: number }>(session, 'select @@global.require_secure_transport as `on`')
  return Number(row?.on) === 1
    ? 'The server takes connections over TLS only.'
    : warning(
        'The portal’s accounts need TLS, others may do without. To require it: SET GLOBAL require_secure_transport = ON;',
      )
}

async function checkPlugin(session: Session): Promise<Finding> {
  if (await refusesHashes(session))
    return failed(
      'A plug-in validates passwords, and those that come as hashes, as all of the portal’s do, are refused. SET GLOBAL strict_password_validation = OFF;',
    )
  const plugin = await pluginOf(session)
  return plugin === 'mysql_native_password'
    ? warning(
        "The server has no ed25519: passwords are kept as SHA-1 (mysql_native_password). Better: INSTALL SONAME 'auth_ed25519';",
      )
    : `As ${plugin}.`
}

/** MariaDB's only; MySQL takes them. */
async function refusesHashes(session: Session): Promise<boolean> {
  if (!session.isMariadb) return false
  const [row] = await query<{ count: number }>(
    session,
    `select count(*) * @@global.strict_password_validation as count from information_schema.plugins
      where plugin_type = 'PASSWORD VALIDATION' and plugin_status = 'ACTIVE'`,
  )
  return Number(row?.count ?? 0) > 0
}

/** An account without a name lets everybody in; a right of it, or of PUBLIC, is everybody's. */
async function checkEverybody(session: Session): Promise<Finding> {
  const anonymous = await query<{ host: string }>(
    session,
    `select host from mysql.user where user = '' and host <> ''`,
  )
  const open = await query<{ place: string; name: string; host: string }>(
    session,
    `select db as place, user as name, host from mysql.db where user in ('', 'PUBLIC')`,
  )
  const statements = [
    ...anonymous.map(({ host }) => `DROP USER ''@${literal(host)};`),
    ...open.map(({ place, name, host }) =>
      name === 'PUBLIC'
        ? `REVOKE ALL ON \`${place}\`.* FROM PUBLIC;`
        : `DELETE FROM mysql.db WHERE user = '' AND host = ${literal(host)} AND db = ${literal(place)}; FLUSH PRIVILEGES;`,
    ),
  ]
  return statements.length === 0
    ? 'None.'
    : failed(`Every account of the server has rights that nobody gave it: ${statements.join(' ')}`)
}

async function checkDatabase(session: Session, { database }: CheckedDatabase): Promise<Finding> {
  const found = await query(session, 'select 1 from information_schema.schemata where schema_name = ?', [
    database,
  ])
  return found.length > 0
    ? `${database} is there.`
    : failed(`There is no database ${database}, or the portal’s account has no rights on it.`)
}
