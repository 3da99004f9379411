import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { seedCast } from '../../db/seeds/cast.ts'
import { startSession } from '../../src/auth/sessions.ts'
import { nowInstant } from '../../src/clock.ts'
import type { Deps, Engine } from '../../src/deps.ts'

export const customers = 500
export const requests = 1_000_000

/** The cast, 500 customers with four environments each, and a million requests spread evenly over them. */
export async function seed({ db, engine, clock }: Deps): Promise<void> {
  const now = nowInstant(clock)
  await seedCast(db, { now, passwordHash: () => null })
  if (engine === 'sqlite')
    for (const quick of ['journal_mode = off', 'synchronous = off', 'cache_size = -400000'])
      await sql.raw(`pragma ${quick}`).execute(db)
  await db.transaction().execute(async tx => {
    await addCustomers(tx, now)
    await addRequests(tx, engine)
  })
  // PostgreSQL does it by itself before long. On SQLite nobody does: with statistics it would plan each query anew.
  if (engine === 'postgres') await sql`analyze`.execute(db)
}

const numbers = (count: number) =>
  sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${sql.raw(String(count))})`

async function addCustomers(db: Kysely<Database>, now: string) {
  await sql`insert into customers (id, name, created_at)
    ${numbers(customers)} select cast(9999 + n as text), 'Customer ' || cast(9999 + n as text), ${sql.lit(now)}
    from numbers where true on conflict do nothing`.execute(db)
  for (const environment of ['DEV', 'TST', 'QAS', 'PRD'])
    await sql`insert into assets (id, customer_id, description, class, product, time_zone, search_text, created_at)
      ${numbers(customers)} select cast(9999 + n as text) || '-' || ${sql.lit(environment)}, cast(9999 + n as text),
        'Environment', 'NON_PRODUCTION', 'Asset Management', 'UTC',
        cast(9999 + n as text) || '-' || ${sql.lit(environment.toLowerCase())}, ${sql.lit(now)}
      from numbers where true on conflict do nothing`.execute(db)
}

async function addRequests(db: Kysely<Database>, engine: Engine) {
  const at =
    engine === 'sqlite'
      ? sql`strftime('%Y-%m-%dT%H:%M:%S.000Z', 1735689600 + n * 30, 'unixepoch')`
      : sql`to_char(to_timestamp(1735689600 + n * 30) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`
  // Neighbouring numbers belong to different customers, as in life; the rest changes from round to round of customers.
  const round = sql`(n / ${sql.raw(String(customers))})`
  await sql`insert into service_requests (customer_id, asset_id, action_id, action_name, mode, summary, summary_key,
      reported_by, reported_by_name, reporter_key, reported_at, status, actual_start, actual_finish, closed_at, form_key)
    ${numbers(requests)} select cast(10000 + n % ${sql.raw(String(customers))} as text),
      cast(10000 + n % ${sql.raw(String(customers))} as text) || '-' ||
        case ${round} % 4 when 0 then 'DEV' when 1 then 'TST' when 2 then 'QAS' else 'PRD' end,
      'restart-application', 'Restart Asset Management Application', 'exclusive',
      'After the change of number ' || cast(n as text), 'after the change of number ' || cast(n as text),
      'USER01', 'User 01', 'user01 user01@example.com user 01', ${at},
      case when ${round} % 20 = 0 then 'FAILED' when ${round} % 20 < 4 then 'RESOLVED' when ${round} % 20 = 4 then 'NEW' else 'CLOSED' end,
      ${at}, ${at}, ${at}, 'bench-' || cast(n as text)
    from numbers`.execute(db)
}

/** The Cookie header of a signed-in person. */
export async function signIn(deps: Deps, person: string): Promise<string> {
  const origin = { userAgent: 'bench', address: '127.0.0.1' }
  const cookie = await deps.db.transaction().execute(tx => startSession(tx, deps, person, origin))
  return `${cookie.name}=${cookie.value}`
}
