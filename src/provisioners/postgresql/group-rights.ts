import type pg from 'pg'
import { quoted } from './names.ts'

interface Rights {
  tables: string
  sequences: string
}

const rights: Readonly<Record<'ro' | 'rw', Rights>> = {
  ro: { tables: 'select', sequences: 'select' },
  rw: { tables: 'select, insert, update, delete', sequences: 'usage, select, update' },
}

export const rightsOf = (readOnly: boolean): Rights => rights[readOnly ? 'ro' : 'rw']

/** Not what belongs to the system. */
const ofPeople = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`

/**
 * Those that an owner has, or has tables in; and public, unless it is closed to the portal's account. GRANT fails on
 * one that is closed, where otherwise it only warns.
 */
export async function schemasOf(
  client: pg.Client,
  owners: readonly string[],
): Promise<readonly { name: string; closed: boolean }[]> {
  const { rows } = await client.query<{ name: string; closed: boolean }>(
    `select n.nspname::text as name, not o.open as closed
      from pg_namespace n,
        lateral (select pg_has_role(n.nspowner, 'usage') or has_schema_privilege(n.oid, 'usage, create') as open) o
      where ${ofPeople}
        and (pg_get_userbyid(n.nspowner)::text = any($1)
          or (n.nspname = 'public' and o.open)
          or exists (select 1 from pg_class c where c.relnamespace = n.oid and pg_get_userbyid(c.relowner)::text = any($1)))
      order by 1`,
    [owners],
  )
  return rows
}

const kinds = { table: ['r', 'p', 'v', 'm', 'f'], sequence: ['S'] } as const
const atOnce = 200

/** One by one: one that the portal may not grant on would end a GRANT on all of a schema. */
export async function grantOnTables(
  client: pg.Client,
  kind: keyof typeof kinds,
  what: string,
  role: string,
  owners: readonly string[],
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = any($1) and pg_get_userbyid(c.relowner)::text = any($2) and c.relpersistence <> 't' and ${ofPeople}
      order by 1`,
    [kinds[kind], owners],
  )
  for (let at = 0; at < rows.length; at += atOnce) {
    const names = rows.slice(at, at + atOnce).map(row => row.name)
    await client.query(`grant ${what} on ${kind} ${names.join(', ')} to ${role}`)
  }
}

/** What an owner is yet to make. */
export async function grantFuture(
  client: pg.Client,
  owner: string,
  { tables, sequences }: Rights,
  role: string,
): Promise<void> {
  const future = `alter default privileges for role ${quoted(owner)} grant`
  await client.query(`${future} ${tables} on tables to ${role}`)
  await client.query(`${future} ${sequences} on sequences to ${role}`)
  await client.query(`${future} usage on schemas to ${role}`)
}

/** How many tables belong to the owners, and who else has some here, without groups of ours and extensions. */
export async function tablesOf(
  client: pg.Client,
  owners: readonly string[],
): Promise<{ theirs: number; others: string[] }> {
  const { rows } = await client.query<{ owner: string; count: number; named: boolean }>(
    `select pg_get_userbyid(c.relowner)::text as owner, count(*)::int as count,
        pg_get_userbyid(c.relowner)::text = any($2) as named
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = any($1) and c.relpersistence <> 't' and ${ofPeople}
        and pg_get_userbyid(c.relowner)::text not like 'gatehouse\\_%'
        and not exists (select 1 from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
      group by c.relowner order by 1`,
    [kinds.table, owners],
  )
  const named = rows.filter(row => row.named)
  return {
    theirs: named.reduce((sum, row) => sum + row.count, 0),
    others: rows.filter(row => !row.named).map(row => row.owner),
  }
}
