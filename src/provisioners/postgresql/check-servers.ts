import type pg from 'pg'
import { type Finding, failed, warning } from '../check-lines.ts'
import type { CheckedDatabase } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import { quoted } from './names.ts'
import { positionOf } from './roles.ts'
import { hasReplayed } from './standby.ts'

const versions = { oldest: 14, newest: 18 }

export function checkPrimary(connections: Connections): Promise<Finding> {
  return connections.asAdmin('primary', async client => {
    const facts = await factsOf(client)
    if (facts.recovery)
      return failed('This server is a standby. After a failover, enter the present primary here.')
    const major = Math.floor(facts.version / 10_000)
    if (major < versions.oldest || major > versions.newest)
      return failed(`PostgreSQL ${major} is not one of ${versions.oldest} to ${versions.newest}.`)
    return `PostgreSQL ${major} answers over ${facts.tls}.`
  })
}

export async function checkStandby(connections: Connections): Promise<Finding> {
  const { position, system } = await connections.asAdmin('primary', async client => ({
    position: await positionOf(client),
    system: await systemOf(client),
  }))
  const standby = await connections.asAdmin('standby', async client => ({
    ...(await factsOf(client)),
    system: await systemOf(client),
  }))
  if (!standby.recovery) return failed('It is no standby: it has been promoted, or never was one.')
  if (standby.system !== system) return failed('It is a standby of another server.')
  if (standby.paused)
    return failed('It is halted: on the standby, let a superuser run: select pg_wal_replay_resume();')
  return (await hasReplayed(connections, position))
    ? `It replays what the primary does, and answers over ${standby.tls}.`
    : failed('It has not replayed what the primary has done. Is it connected to the primary?')
}

interface ServerFacts {
  version: number
  recovery: boolean
  paused: boolean
  tls: string
}

async function factsOf(client: pg.Client): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(
    `select current_setting('server_version_num')::int as version, pg_is_in_recovery() as recovery,
      case when pg_is_in_recovery() then pg_is_wal_replay_paused() else false end as paused,
      coalesce((select version from pg_stat_ssl where pid = pg_backend_pid()), 'TLS') as tls`,
  )
  return rows[0] ?? { version: 0, recovery: false, paused: false, tls: 'TLS' }
}

async function systemOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'select system_identifier::text as id from pg_control_system()',
  )
  return rows[0]?.id ?? ''
}

/** What the portal's own account may do, and has to. */
export function checkRights(
  connections: Connections,
  databases: readonly CheckedDatabase[],
): Promise<Finding> {
  return connections.asAdmin('primary', async client => {
    const { rows } = await client.query<{ name: string; super: boolean; roles: boolean; signal: boolean }>(
      `select current_user as name, rolsuper as super, rolcreaterole as roles,
        pg_has_role(current_user, 'pg_signal_backend', 'usage') as signal from pg_roles where rolname = current_user`,
    )
    const [me] = rows
    if (!me) return failed('It is not there.')
    if (me.super)
      return warning(`${me.name} is a superuser. It needs less: see the help page on database servers.`)
    const { toJoin, superusers } = await ownersOf(client, databases)
    if (superusers.length > 0)
      return failed(
        `${superusers.join(', ')}: a superuser owns databases or tables of assets, and ${me.name} as its member would be one. Let another role own them, and name it with the asset.`,
      )
    const missing = [
      ...(me.roles ? [] : [`alter role ${quoted(me.name)} createrole;`]),
      ...(me.signal ? [] : [`grant pg_signal_backend to ${quoted(me.name)};`]),
      ...toJoin.map(owner => `grant ${quoted(owner)} to ${quoted(me.name)};`),
    ]
    return missing.length === 0
      ? `${me.name} has what it needs, and is no superuser.`
      : failed(`${me.name} needs more: ${missing.join(' ')}`)
  })
}

/** Owners of tables and databases whose rights it can't give on. */
async function ownersOf(
  client: pg.Client,
  databases: readonly CheckedDatabase[],
): Promise<{ toJoin: string[]; superusers: string[] }> {
  const { rows } = await client.query<{ name: string; super: boolean }>(
    `select r.rolname::text as name, r.rolsuper as super from pg_roles r
      where not pg_has_role(current_user, r.oid, 'usage')
        and (r.rolname::text = any($1)
          or exists (select 1 from pg_database d where d.datdba = r.oid and d.datname::text = any($2)))
      order by 1`,
    [databases.flatMap(one => one.owners), databases.map(one => one.database)],
  )
  const named = (isSuper: boolean) => rows.filter(row => row.super === isSuper).map(row => row.name)
  return { toJoin: named(false), superusers: named(true) }
}
