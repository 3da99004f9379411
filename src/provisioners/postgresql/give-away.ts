import type pg from 'pg'
import type { Account } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import { ensureGroupRole } from './groups.ts'
import { groupName, markOf, quoted } from './names.ts'
import { transaction } from './transaction.ts'

/** What an account owns, in every database of the server, goes to its asset's group; its rights are taken back. */
export async function giveAway(connections: Connections, account: Account): Promise<string[]> {
  const { database: first } = connections.options
  const databases = await connections.asAdmin('primary', client => databasesWith(client, account, first))
  const notes: string[] = []
  for (const database of databases) {
    const found = await connections.asAdmin('primary', client => giveAwayHere(client, account), {
      database,
      application: markOf(account.mark),
    })
    if (found.length > 0) notes.push(inWords(database, found, heirOf(account)))
  }
  return notes
}

/** Who may write anyway: members of a read-only group must not come to own anything. */
const heirOf = ({ group }: Account) => groupName(group, false)

/**
 * Where it owns something, or has rights of its own; and one in any case, for what belongs to no database: its own, or
 * `otherwise` where that is gone or closed by now.
 */
async function databasesWith(client: pg.Client, account: Account, otherwise: string): Promise<string[]> {
  const { rows } = await client.query<{ datname: string }>(
    `select d.datname::text from pg_database d where d.datallowconn and (d.datname = $2 or d.oid in (
      select s.dbid from pg_shdepend s join pg_roles r on r.oid = s.refobjid
        where s.refclassid = 'pg_authid'::regclass and r.rolname = $1))`,
    [account.name, account.database],
  )
  return rows.length === 0 ? [otherwise] : rows.map(row => row.datname)
}

async function giveAwayHere(client: pg.Client, account: Account): Promise<string[]> {
  const heir = heirOf(account)
  return transaction(client, async () => {
    const owned = await ownedHere(client, account.name)
    if (owned.length > 0) await ensureGroupRole(client, heir)
    await actingFor(client, owned.length > 0 ? [account.name, heir] : [account.name], async () => {
      if (owned.length > 0) await client.query(`reassign owned by ${quoted(account.name)} to ${quoted(heir)}`)
      await client.query(`drop owned by ${quoted(account.name)}`)
    })
    return owned
  })
}

/** Its default rights for what it would make are nothing to be owned: they go with it. */
async function ownedHere(client: pg.Client, name: string): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(
    `select pg_describe_object(s.classid, s.objid, s.objsubid) as what
      from pg_shdepend s join pg_roles r on r.oid = s.refobjid
      where s.refclassid = 'pg_authid'::regclass and s.deptype = 'o' and r.rolname = $1
        and s.classid <> 'pg_default_acl'::regclass
        and (s.dbid = 0 or s.dbid = (select oid from pg_database where datname = current_database()))
      order by 1`,
    [name],
  )
  return rows.map(row => row.what)
}

/** Who is no superuser may give away only what belongs to roles it is a member of: it is one as long as that takes. */
export async function actingFor(
  client: pg.Client,
  roles: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const joined: string[] = []
  for (const role of roles) {
    const { rows } = await client.query<{ may: boolean; version: number }>(
      `select pg_has_role(current_user, $1, 'usage') as may, current_setting('server_version_num')::int as version`,
      [role],
    )
    if (rows[0]?.may) continue
    const how = (rows[0]?.version ?? 0) >= 160_000 ? ' with inherit true, set true' : ''
    await client.query(`grant ${quoted(role)} to current_user${how}`)
    joined.push(role)
  }
  await work()
  for (const role of joined) await client.query(`revoke ${quoted(role)} from current_user`)
}

const mostNamed = 10

function inWords(database: string, owned: readonly string[], heir: string): string {
  const one = owned.length === 1
  const named = owned.slice(0, mostNamed).join(', ')
  const more = owned.length > mostNamed ? ` and ${owned.length - mostNamed} more` : ''
  return `${owned.length} ${one ? 'object' : 'objects'} in ${database} now ${one ? 'belongs' : 'belong'} to ${heir}. (${named}${more})`
}
