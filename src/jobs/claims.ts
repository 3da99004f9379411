import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../../db/schema.ts'
import { after, type Clock, nowInstant } from '../clock.ts'
import type { Db, Engine } from '../deps.ts'

/** A job taken by a worker. The fence tells this claim from every other one of the same job. */
export interface Claim {
  id: number
  name: string
  payload: string
  attempts: number
  maxAttempts: number
  fence: number
  workerId: string
  previousWorkerId: string | null
}

export interface Claimant {
  workerId: string
  leaseMs: number
  engine: Engine
  clock: Clock
}

/** Takes up to `limit` due jobs, oldest first, in one statement. */
export async function claim(db: Db, by: Claimant, limit: number): Promise<Claim[]> {
  const now = nowInstant(by.clock)
  const { rows } = await sql<Claim & { runAt: Instant }>`
    update jobs set state = 'running', fence = fence + 1, attempts = attempts + 1,
      previous_worker_id = worker_id, worker_id = ${by.workerId}, lease_until = ${after(now, by.leaseMs)}
    where ${due(by.engine, now, limit)}
    returning id, name, payload, attempts, max_attempts as "maxAttempts", fence, worker_id as "workerId",
      previous_worker_id as "previousWorkerId", run_at as "runAt"`.execute(db)
  return rows.sort((a, b) => (a.runAt < b.runAt ? -1 : a.runAt > b.runAt ? 1 : a.id - b.id))
}

/** On PostgreSQL an array, because a plain subquery may be evaluated, and then lock rows, more than once. */
function due(engine: Engine, now: Instant, limit: number): RawBuilder<boolean> {
  const ids = sql`select id from jobs where state = 'queued' and run_at <= ${now} order by run_at, id limit ${limit}`
  return engine === 'postgres' ? sql`id = any(array(${ids} for update skip locked))` : sql`id in (${ids})`
}

/** When the next queued job is due. */
export async function nextDue(db: Db): Promise<Instant | undefined> {
  const row = await db
    .selectFrom('jobs')
    .select('run_at')
    .where('state', '=', 'queued')
    .orderBy('run_at')
    .limit(1)
    .executeTakeFirst()
  return row?.run_at
}

/** Renews the leases of all these claims in one statement and gives those that are no longer ours. */
export async function heartbeat(db: Db, by: Claimant, held: readonly Claim[]): Promise<Heartbeat> {
  if (held.length === 0) return { renewed: [], lost: [] }
  const { rows } = await sql<Pick<Claim, 'id' | 'fence'>>`
    update jobs set lease_until = ${after(nowInstant(by.clock), by.leaseMs)}
    where ${passingOverLocked(by.engine, ours(held))} returning id, fence`.execute(db)
  const [renewed, missed] = parted(held, rows)
  return { renewed, lost: missed.length === 0 ? [] : await noLongerOurs(db, missed) }
}

export interface Heartbeat {
  renewed: Claim[]
  lost: Claim[]
}

/** These claims, as far as they still hold. */
export function ours(claims: readonly Claim[]): RawBuilder<boolean> {
  const pairs = claims.map(({ id, fence }) => sql`(id = ${id} and fence = ${fence})`)
  return sql`(${sql.join(pairs, sql` or `)}) and state = 'running'`
}

/**
 * On PostgreSQL rows locked by someone's transaction are passed over: a statement that waits for one row while it has
 * locked others can end in a deadlock with that transaction.
 */
export const passingOverLocked = (engine: Engine, rows: RawBuilder<boolean>): RawBuilder<boolean> =>
  engine === 'postgres'
    ? sql`id = any(array(select id from jobs where ${rows} for update skip locked))`
    : rows

/** Claims found among the rows, and the others. */
export function parted(
  claims: readonly Claim[],
  rows: readonly Pick<Claim, 'id' | 'fence'>[],
): [Claim[], Claim[]] {
  const found = new Set(rows.map(({ id, fence }) => `${id}.${fence}`))
  const isFound = ({ id, fence }: Claim) => found.has(`${id}.${fence}`)
  return [claims.filter(isFound), claims.filter(claim => !isFound(claim))]
}

async function noLongerOurs(db: Db, claims: readonly Claim[]): Promise<Claim[]> {
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'fence'])
    .where(
      'id',
      'in',
      claims.map(({ id }) => id),
    )
    .where('state', '=', 'running')
    .execute()
  return parted(claims, rows)[1]
}
