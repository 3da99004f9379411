import type { FoundAccount } from '../provisioner.ts'
import { type Entry, hasBook, readEntries } from './book.ts'
import type { FoundUser } from './dialect.ts'
import { rightsFor } from './grants.ts'
import { granteeOf, quoted } from './names.ts'
import { query, type Session } from './session.ts'
import { digestOf, everywhere } from './users.ts'

const pageSize = 200

/** Accounts with a mark of ours, or with a name as ours have. */
export async function* listUsers(session: Session): AsyncIterable<FoundAccount> {
  const inBook = (await hasBook(session))
    ? ` or user in (select name from ${quoted(session.schema)}.accounts)`
    : ''
  const ours = `(user like 'dbsrv!_%' escape '!' or user like 'dbusr!_%' escape '!'${inBook})`
  for (let last = { name: '', host: '' }; ; ) {
    const users = await session.dialect.usersWhere(
      session.ask,
      `(user > ? or (user = ? and host > ?)) and ${ours} and host <> '' order by user, host limit ${pageSize}`,
      [last.name, last.name, last.host],
    )
    const entries = await readEntries(session, [...new Set(users.map(user => user.name))])
    for (const user of users) yield await foundOf(session, user, entries.get(user.name) ?? null)
    last = users.at(-1) ?? last
    if (users.length < pageSize) return
  }
}

async function foundOf(session: Session, user: FoundUser, entry: Entry | null): Promise<FoundAccount> {
  const isOurs =
    user.host === everywhere &&
    entry !== null &&
    (entry.state === 'made' || entry.digest === digestOf(user.verifier))
  return {
    name: user.name,
    mark: isOurs ? entry.mark : null,
    locked: user.locked,
    validUntil: user.validUntil,
    unexpected: [
      ...(user.host === everywhere ? [] : [`is for the host ${user.host}`]),
      ...(user.needsTls ? [] : ['may sign in without TLS']),
      ...(await rightsBeyond(session, user, isOurs ? entry : null)),
    ],
  }
}

interface Right {
  place: string | null
  kind: string
  grantable: string
}

const rightsOf = (session: Session, { name, host }: FoundUser): Promise<Right[]> =>
  query<Right>(
    session,
    `select null as place, privilege_type as kind, is_grantable as grantable
        from information_schema.user_privileges where binary grantee = ?
      union all select table_schema, privilege_type, is_grantable
        from information_schema.schema_privileges where binary grantee = ?
      union all select concat(table_schema, '.', table_name), privilege_type, is_grantable
        from information_schema.table_privileges where binary grantee = ?
      union all select concat(table_schema, '.', table_name, '.', column_name), privilege_type, is_grantable
        from information_schema.column_privileges where binary grantee = ?
      union all select concat(db, '.', routine_name), 'EXECUTE', 'NO'
        from mysql.procs_priv where user = ? and host = ?
      union all select concat('the account ', proxied_user, '@', proxied_host), 'PROXY', 'NO'
        from mysql.proxies_priv where user = ? and host = ?`,
    [...Array<string>(4).fill(granteeOf(name, host)), name, host, name, host],
  )

async function rightsBeyond(session: Session, user: FoundUser, entry: Entry | null): Promise<string[]> {
  const { ask, dialect } = session
  const place = entry ? await dialect.grantedPlace(ask, entry.database) : null
  const expected = entry ? rightsFor(entry.readOnly) : []
  const beyond = (await rightsOf(session, user)).filter(
    right =>
      right.kind !== 'USAGE' &&
      !(right.place === place && expected.includes(right.kind) && right.grantable === 'NO'),
  )
  const words = beyond.map(right => `may ${right.kind} on ${right.place ?? 'everything'}`).sort()
  const roles = await dialect.rolesOf(ask, user.name, user.host)
  const most = words.length > 8 ? [...words.slice(0, 8), `and ${words.length - 8} more rights`] : words
  return [...most, ...roles.map(role => `has the role ${role}`)]
}
