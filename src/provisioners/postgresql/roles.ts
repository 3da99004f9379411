import type pg from 'pg'
import type { Secret } from '../../secret.ts'
import { type Account, type Position, ProvisionerError } from '../provisioner.ts'
import { sqlState } from './failure.ts'
import { groupName, literal, markOf, quoted, readMark, standbyOnly } from './names.ts'
import type { PostgresqlOptions } from './options.ts'
import { transaction } from './transaction.ts'
import { scramVerifier } from './verifier.ts'

interface FoundRole {
  mark: number | null
  login: boolean
  superuser: boolean
  /** By the server's own clock: it takes no password of the role any more. */
  expired: boolean
}

export async function findRole(client: pg.Client, name: string): Promise<FoundRole | null> {
  const { rows } = await client.query<Omit<FoundRole, 'mark'> & { comment: string | null }>(
    `select shobj_description(oid, 'pg_authid') as comment, rolcanlogin as login, rolsuper as superuser,
        coalesce(rolvaliduntil < now(), false) as expired
      from pg_roles where rolname = $1`,
    [name],
  )
  const [row] = rows
  if (!row) return null
  const { comment, ...found } = row
  return { ...found, mark: readMark(comment) }
}

/** The account's own role. Throws `missing`, or `not-ours` for one that carries another mark or none. */
export async function ownRole(client: pg.Client, { name, mark }: Account): Promise<FoundRole> {
  const found = await findRole(client, name)
  if (!found) throw new ProvisionerError('missing', `There is no role ${name} on the server.`)
  if (found.mark !== mark) throw notOurs(name)
  return found
}

export const notOurs = (name: string) =>
  new ProvisionerError(
    'not-ours',
    `There is a role ${name} on the server that the portal has not made for this access.`,
  )

/** Made and marked in one transaction: after a crash it is there with its mark, or not at all. */
export async function ensureRole(
  client: pg.Client,
  account: Account,
  password: Secret,
  options: PostgresqlOptions,
): Promise<Position> {
  const role = quoted(account.name)
  await transaction(client, async () => {
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [account.name])
    const found = await findRole(client, account.name)
    if (found && found.mark !== account.mark) throw notOurs(account.name)
    const facts = `login ${await neverMore(client, found !== null)} connection limit ${options.connectionLimit ?? -1} ${passwordOf(account, password)}`
    await settingPassword(client, `${found ? 'alter' : 'create'} role ${role} with ${facts}`)
    if (!found) await client.query(`comment on role ${role} is ${literal(markOf(account.mark))}`)
    await beIn(client, account)
  })
  return positionOf(client)
}

const never = 'nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit'

/** Only a superuser may say all of it of a role that exists; others could never have given it these rights. */
async function neverMore(client: pg.Client, exists: boolean): Promise<string> {
  if (!exists) return never
  const { rows } = await client.query<{ super: boolean }>(
    'select rolsuper as super from pg_roles where rolname = current_user',
  )
  return rows[0]?.super ? never : 'inherit'
}

/** In the group of its asset, and in none of the others that it could have been in before. */
async function beIn(client: pg.Client, { name, group, readOnly, target }: Account): Promise<void> {
  const other = groupName(group, !readOnly)
  await leave(client, name, target === 'standby' ? [other] : [other, standbyOnly])
  const groups = [groupName(group, readOnly), ...(target === 'standby' ? [standbyOnly] : [])]
  for (const one of groups) await client.query(`grant ${quoted(one)} to ${quoted(name)}`)
}

async function leave(client: pg.Client, name: string, groups: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct g.rolname::text as name from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member
      where r.rolname = $1 and g.rolname::text = any($2)`,
    [name, groups],
  )
  for (const group of rows) await client.query(`revoke ${quoted(group.name)} from ${quoted(name)}`)
}

/** Takes every group of an asset away: a session that is open yet can do nothing more. */
export async function leaveAllGroups(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct g.rolname::text as name from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member
      where r.rolname = $1 and g.rolname like 'gatehouse\\_%' and g.rolname <> $2`,
    [name, standbyOnly],
  )
  await leave(
    client,
    name,
    rows.map(row => row.name),
  )
}

/** From version 16 on, CREATEROLE reaches only roles that one has made, or was given with ADMIN. */
export async function expectAdmin(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ may: boolean; me: string }>(
    `select current_user as me, rolsuper or current_setting('server_version_num')::int < 160000
        or pg_has_role(current_user, $1, 'usage with admin option') as may
      from pg_roles where rolname = current_user`,
    [name],
  )
  const [row] = rows
  if (row && !row.may)
    throw new ProvisionerError(
      'denied',
      `The portal’s account may not change the role ${name}. Let a superuser run: grant ${quoted(name)} to ${quoted(row.me)} with admin option;`,
    )
}

export async function setPassword(client: pg.Client, account: Account, password: Secret): Promise<Position> {
  await transaction(client, async () => {
    await ownRole(client, account)
    await settingPassword(client, `alter role ${quoted(account.name)} with ${passwordOf(account, password)}`)
  })
  return positionOf(client)
}

export async function setEnd(client: pg.Client, account: Account): Promise<Position> {
  await transaction(client, async () => {
    await ownRole(client, account)
    await client.query(`alter role ${quoted(account.name)} with ${validUntil(account)}`)
  })
  return positionOf(client)
}

const passwordOf = (account: Account, password: Secret) =>
  `password ${literal(scramVerifier(password))} ${validUntil(account)}`

const validUntil = ({ validUntil: until }: Account) =>
  `valid until ${literal(until === null ? 'infinity' : until.toISOString())}`

/** As passwordcheck and credcheck say it. */
const breaksRule = new Set(['22023', '28000', '28P01'])

async function settingPassword(client: pg.Client, statement: string): Promise<void> {
  try {
    await client.query(statement)
  } catch (error) {
    if (error instanceof Error && breaksRule.has(sqlState(error) ?? ''))
      throw new ProvisionerError('refused', `The server does not take the password: ${error.message}.`)
    throw error
  }
}

/** After the commit, which is on the disk when it returns (see the connection): what a standby has to have replayed. */
export async function positionOf(client: pg.Client): Promise<Position> {
  const { rows } = await client.query<{ position: string }>(
    'select pg_current_wal_flush_lsn()::text as position',
  )
  return rows[0]?.position ?? null
}
