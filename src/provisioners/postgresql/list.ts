import type pg from 'pg'
import type { FoundAccount } from '../provisioner.ts'
import { groupMark, readMark, standbyOnly } from './names.ts'

interface Row {
  name: string
  comment: string | null
  login: boolean
  until: string | null
  can: string[]
  groups: string[]
  others: string[]
  given: string[]
  taken: string[]
  rights: number
  owned: number
}

/** Roles with a mark of ours, or with a name as ours have. */
export async function* listRoles(client: pg.Client): AsyncIterable<FoundAccount> {
  for (let last = ''; ; ) {
    const { rows } = await client.query<Row>(page, [last, pageSize, groupMark, standbyOnly])
    for (const row of rows) yield foundOf(row)
    if (rows.length < pageSize) return
    last = rows.at(-1)?.name ?? last
  }
}

const pageSize = 500

const page = `
  select r.rolname::text as name, shobj_description(r.oid, 'pg_authid') as comment, r.rolcanlogin as login,
    case when isfinite(r.rolvaliduntil) then to_char(r.rolvaliduntil at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end as until,
    array_remove(array[
      case when r.rolsuper then 'is a superuser' end,
      case when r.rolcreatedb then 'can make databases' end,
      case when r.rolcreaterole then 'can make roles' end,
      case when r.rolreplication then 'can replicate' end,
      case when r.rolbypassrls then 'passes by row security' end], null) as can,
    array(select distinct g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
      where m.member = r.oid and g.rolname <> $4 and shobj_description(g.oid, 'pg_authid') is not distinct from $3
      order by 1) as groups,
    array(select distinct g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
      where m.member = r.oid and shobj_description(g.oid, 'pg_authid') is distinct from $3 order by 1) as others,
    array(select distinct g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
      where m.member = r.oid and m.admin_option order by 1) as given,
    array(select distinct p.rolname::text from pg_auth_members m join pg_roles p on p.oid = m.member
      where m.roleid = r.oid and p.rolname <> current_user order by 1) as taken,
    (select count(*)::int from pg_shdepend s
      where s.refclassid = 'pg_authid'::regclass and s.refobjid = r.oid and s.deptype = 'a'
        and s.classid <> 'pg_auth_members'::regclass) as rights,
    (select count(*)::int from pg_shdepend s
      where s.refclassid = 'pg_authid'::regclass and s.refobjid = r.oid and s.deptype = 'o') as owned
  from pg_roles r
  where r.rolname > $1 and (r.rolname like 'dbsrv\\_%' or r.rolname like 'dbusr\\_%'
    or shobj_description(r.oid, 'pg_authid') like 'gatehouse:%')
  order by r.rolname limit $2`

const foundOf = (row: Row): FoundAccount => ({
  name: row.name,
  mark: readMark(row.comment),
  locked: !row.login,
  validUntil: row.until === null ? null : new Date(row.until),
  unexpected: [
    ...row.can,
    ...row.others.map(group => `is a member of ${group}`),
    ...(row.groups.length > 1 ? [`is a member of several groups: ${row.groups.join(', ')}`] : []),
    ...row.given.map(group => `can let others into ${group}`),
    ...row.taken.map(other => `lets ${other} act as it`),
    ...(row.rights > 0 ? [`has rights of its own on ${objects(row.rights)}`] : []),
    ...(row.owned > 0 ? [`owns ${objects(row.owned)}`] : []),
  ],
})

const objects = (count: number) => `${count} ${count === 1 ? 'object' : 'objects'}`
