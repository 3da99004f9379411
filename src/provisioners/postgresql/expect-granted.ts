import type pg from 'pg'
import { ProvisionerError } from '../provisioner.ts'
import { quoted } from './names.ts'

interface NotGranted {
  kind: 'database' | 'schema'
  name: string
  owner: string
  super: boolean
  me: string
}

/** Who may not grant something is only warned by PostgreSQL, if it may use it: nothing was granted then. */
export async function expectGranted(
  client: pg.Client,
  group: string,
  schemas: readonly string[],
  owners: readonly string[],
): Promise<void> {
  const { rows } = await client.query<NotGranted>(
    `select m.*, r.rolname::text as owner, r.rolsuper as super, current_user as me from (
      select 'database' as kind, d.datname::text as name, d.datdba as owned_by
        from pg_database d where d.datname = current_database() and not exists (
          select 1 from aclexplode(d.datacl) a join pg_roles r on r.oid = a.grantee
            where r.rolname = $1 and a.privilege_type = 'CONNECT')
      union all
      select 'schema', n.nspname::text, n.nspowner
        from pg_namespace n where n.nspname::text = any($2) and not has_schema_privilege($1, n.oid, 'USAGE')
    ) m join pg_roles r on r.oid = m.owned_by order by m.kind, m.name`,
    [group, schemas],
  )
  const [first] = rows
  if (first)
    throw new ProvisionerError(
      'denied',
      `${first.me} may grant nothing on ${first.kind} ${first.name}. Let a superuser run: ${whatLetsIt(first, owners)}`,
    )
}

/** Joining a superuser would make the portal's account one: what belongs to it gets another owner. */
function whatLetsIt(
  { kind, name, owner, super: isSuper, me }: NotGranted,
  owners: readonly string[],
): string {
  if (!isSuper) return `grant ${quoted(owner)} to ${quoted(me)};`
  // Whoever owns the database: new ones have it so from version 15 on.
  const byDefault = kind === 'schema' && name === 'public' ? 'pg_database_owner' : undefined
  const heir = byDefault ?? owners.find(one => one !== owner)
  return `alter ${kind} ${quoted(name)} owner to ${heir === undefined ? '…' : quoted(heir)};`
}
