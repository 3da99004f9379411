import type pg from 'pg'
import type { Account } from '../provisioner.ts'
import { ProvisionerError } from '../provisioner.ts'
import { expectGranted } from './expect-granted.ts'
import { sqlState } from './failure.ts'
import { grantFuture, grantOnTables, rightsOf, schemasOf } from './group-rights.ts'
import { groupMark, groupName, literal, quoted, standbyOnly } from './names.ts'
import { transaction } from './transaction.ts'

type GroupOf = Pick<Account, 'database' | 'group' | 'owners' | 'readOnly' | 'target'>

/**
 * The group of the asset with its rights, brought up to date: CONNECT, USAGE, what there is of the owners' tables and
 * what they are going to make. Runs in the asset's database; repeating it does no harm. Gives the owners.
 */
export async function ensureGroup(client: pg.Client, account: GroupOf): Promise<readonly string[]> {
  for (let left = 2; ; left -= 1)
    try {
      return await transaction(client, () => bringUpToDate(client, account))
    } catch (error) {
      // Somebody else grants something on the same table: PostgreSQL gives up, where it could wait.
      if (left === 0 || sqlState(error) !== 'XX000') throw error
    }
}

async function bringUpToDate(client: pg.Client, account: GroupOf): Promise<readonly string[]> {
  const group = groupName(account.group, account.readOnly)
  // Two accounts with tables of the same database at the same moment.
  await client.query('select pg_advisory_xact_lock(hashtext($1))', [groupMark])
  await ensureGroupRole(client, group)
  if (account.target === 'standby') await ensureGroupRole(client, standbyOnly)
  const owners = account.owners.length > 0 ? account.owners : [await databaseOwner(client)]
  await expectRoles(client, owners)
  await grantAll(client, account, group, owners)
  return owners
}

async function grantAll(
  client: pg.Client,
  { database, readOnly }: GroupOf,
  group: string,
  owners: readonly string[],
): Promise<void> {
  const role = quoted(group)
  await client.query(`grant connect on database ${quoted(database)} to ${role}`)
  const schemas = await schemasOf(client, owners)
  for (const { name, closed } of schemas)
    if (!closed) await client.query(`grant usage on schema ${quoted(name)} to ${role}`)
  await expectGranted(
    client,
    group,
    schemas.map(schema => schema.name),
    owners,
  )
  const rights = rightsOf(readOnly)
  await grantOnTables(client, 'table', rights.tables, role, owners)
  await grantOnTables(client, 'sequence', rights.sequences, role, owners)
  for (const owner of owners) await grantFuture(client, owner, rights, role)
}

/** One that was there without our mark is somebody else's, and could be given rights to. */
export async function ensureGroupRole(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ comment: string | null; login: boolean }>(
    `select shobj_description(oid, 'pg_authid') as comment, rolcanlogin as login from pg_roles where rolname = $1`,
    [name],
  )
  const [found] = rows
  if (found?.comment === groupMark && !found.login) return
  if (found)
    throw new ProvisionerError(
      'not-ours',
      `There is a role ${name} on the server that the portal has not made. Rename it, or drop it.`,
    )
  await client.query(`create role ${quoted(name)} nologin`)
  await client.query(`comment on role ${quoted(name)} is ${literal(groupMark)}`)
}

async function databaseOwner(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(datdba)::text as owner from pg_database where datname = current_database()',
  )
  return rows[0]?.owner ?? ''
}

async function expectRoles(client: pg.Client, owners: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'select rolname::text as name from pg_roles where rolname::text = any($1)',
    [owners],
  )
  const missing = owners.filter(owner => !rows.some(row => row.name === owner))
  if (missing.length > 0)
    throw new ProvisionerError('failed', `There is no role ${missing.join(', ')} that could own tables here.`)
}
