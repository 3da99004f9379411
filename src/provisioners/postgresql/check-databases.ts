import type pg from 'pg'
import { type Finding, failed, warning } from '../check-lines.ts'
import type { CheckedDatabase } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import { tablesOf } from './group-rights.ts'
import { ensureGroup } from './groups.ts'
import { quoted } from './names.ts'

/** Whoever has an account on the server could look into these, or leave something there. */
export function checkPublic(connections: Connections): Promise<Finding> {
  return connections.asAdmin('primary', async client => {
    const { rows } = await client.query<{ name: string; shut: boolean; me: string }>(
      `select d.datname::text as name, current_user as me,
          not exists (select 1 from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
            where a.privilege_type = 'CONNECT' and a.grantee <> 0 and pg_has_role(current_user, a.grantee, 'usage')) as shut
        from pg_database d
        where d.datallowconn and has_database_privilege('public', d.oid, 'CONNECT') order by 1`,
    )
    if (rows.length === 0) return 'None.'
    const statements = rows.flatMap(({ name, shut, me }) => [
      // Without it the portal would lock itself out.
      ...(shut && name === connections.options.database
        ? [`grant connect on database ${quoted(name)} to ${quoted(me)};`]
        : []),
      `revoke connect on database ${quoted(name)} from public;`,
    ])
    return failed(
      `Every account may connect to ${rows.map(row => row.name).join(', ')}. Grant CONNECT to the roles that need it, then: ${statements.join(' ')}`,
    )
  })
}

/** That it is there, with the asset's group and its rights: they are made here, as for the first account. */
export function checkDatabase(connections: Connections, one: CheckedDatabase): Promise<Finding> {
  const { database, production } = one
  return connections.asAdmin(
    'primary',
    async client => {
      const own = await grantsOfItsOwn(client)
      if (own)
        // REVOKE and DROP OWNED would look for the grant with the owner, and not find it.
        return failed(
          `${own} may grant rights on ${database} by itself besides as its owner, and could not take them back: revoke grant option for all on database ${quoted(database)} from ${quoted(own)} cascade;`,
        )
      const owners = await ensureGroup(client, {
        ...one,
        readOnly: production,
        target: production ? 'standby' : 'primary',
      })
      if (production && !connections.hasStandby)
        return warning(`${database} is there, but accounts for production need a standby.`)
      return wordsOfTables(client, database, owners)
    },
    { database },
  )
}

async function grantsOfItsOwn(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ me: string }>(
    `select r.rolname::text as me from pg_database d, aclexplode(d.datacl) a, pg_roles r
      where d.datname = current_database() and r.rolname = current_user and a.grantee = r.oid
        and a.is_grantable and d.datdba <> a.grantee`,
  )
  return rows[0]?.me
}

async function isPublicOpen(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 from pg_namespace where nspname = 'public' and has_schema_privilege('public', oid, 'CREATE')`,
  )
  return rows.length > 0
}

async function wordsOfTables(
  client: pg.Client,
  database: string,
  owners: readonly string[],
): Promise<Finding> {
  const { theirs, others } = await tablesOf(client, owners)
  const whose = `${database} is there; accounts get rights on ${theirs} ${theirs === 1 ? 'table' : 'tables'} of ${owners.join(', ')}`
  const open = (await isPublicOpen(client))
    ? [
        `Every account may make tables in the schema public of ${database}: revoke create on schema public from public;`,
      ]
    : []
  if (others.length === 0) return open.length > 0 ? warning([`${whose}.`, ...open].join(' ')) : `${whose}.`
  const left = `${whose}, but on none of ${others.join(', ')}, which also own tables there. Name them with the asset if they belong to it.`
  return warning([left, ...open].join(' '))
}
