import { type Finding, failed, look, warning } from '../check-lines.ts'
import type { CheckedDatabase, CheckLine, Target } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import { isFrom } from './dialect.ts'
import { isReadOnly } from './identify.ts'
import { literal } from './names.ts'
import { asAdmin, dialects, query, type Session, versionOf } from './session.ts'
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

function tooOld(session: Session): string | null {
  if (isFrom(versionOf(session), session.dialect.oldest)) return null
  return `${nameOf(session)} is older than ${dialects.map(({ name, oldest }) => `${name} ${oldest.join('.')}`).join(' and ')}.`
}

const nameOf = (session: Session) => `${session.dialect.name} ${versionOf(session).join('.')}`

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
    const refuses = await session.dialect.whyReplicaRefuses(session.ask)
    if (refuses !== null) return failed(refuses)
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
  const needed = session.dialect.neededRights(session.target, versionOf(session))
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

const checkPlugin = ({ ask, dialect }: Session): Promise<Finding> => dialect.checkPasswords(ask)

async function checkEverybody({ ask, dialect }: Session): Promise<Finding> {
  const statements = await dialect.rightsOfEverybody(ask)
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
