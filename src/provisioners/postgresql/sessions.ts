import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { type Account, ProvisionerError } from '../provisioner.ts'

const looks = 50
const betweenLooks = 100

/** Ends every session of an account, also where its role has been dropped, and proves it. */
export async function endSessions(
  client: pg.Client,
  { name, database }: Pick<Account, 'name' | 'database'>,
): Promise<void> {
  await until(client, sessionsOf, [name, database], `Sessions of ${name} do not end.`)
}

/**
 * A role that is dropped is known by its number only: in the account's database nobody may go on with a number that no
 * role has any more. Only columns that everybody may see: who is no superuser gets null in the others.
 */
const sessionsOf = `
  select pid from pg_stat_activity
  where usename = $1
    or (datname = $2 and usesysid is not null and not exists (select 1 from pg_roles where oid = usesysid))`

/** Ends what an earlier process of ours is still doing about an account. */
export async function endOwnWork(client: pg.Client, application: string): Promise<void> {
  await until(client, ownWork, [application], 'What was begun before on the server does not end.')
}

const ownWork = `
  select pid from pg_stat_activity
  where application_name = $1 and usename = current_user and pid <> pg_backend_pid()`

async function until(
  client: pg.Client,
  query: string,
  values: readonly string[],
  otherwise: string,
): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    const { rows } = await client.query<{ pid: number }>(query, [...values])
    if (rows.length === 0) return
    for (const { pid } of rows) await client.query('select pg_terminate_backend($1)', [pid])
    await wait(Math.min(5 * 2 ** look, betweenLooks))
  }
  throw new ProvisionerError('unreachable', otherwise)
}

/** A transaction that is prepared can be committed later, by whoever may: nothing of the account may come after it. */
export async function expectNothingPrepared(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ gid: string; database: string }>(
    'select gid, database from pg_prepared_xacts where owner = $1 order by prepared limit 1',
    [name],
  )
  const [first] = rows
  if (first)
    throw new ProvisionerError(
      'failed',
      `${name} has left a prepared transaction in ${first.database}. Let a superuser commit it or roll it back there: rollback prepared ${client.escapeLiteral(first.gid)};`,
    )
}
