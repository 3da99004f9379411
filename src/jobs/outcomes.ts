import { sql, type UpdateObject } from 'kysely'
import type { Database, Instant } from '../../db/schema.ts'
import { after, type Clock, nowInstant } from '../clock.ts'
import type { Db, Engine } from '../deps.ts'
import { type Random, retryDelayMs } from './backoff.ts'
import { type Claim, ours, parted, passingOverLocked } from './claims.ts'

// Every write holds only for the claim it was made under: same fence, still running.

/** Ends jobs that are done, in one statement. True: one was asked for meanwhile and is queued anew. */
export async function finish(
  db: Db,
  clock: Clock,
  engine: Engine,
  claims: readonly Claim[],
): Promise<boolean> {
  if (claims.length === 0) return false
  const now = nowInstant(clock)
  // Alone, a row that someone has locked can be waited for.
  const rows = claims.length === 1 ? ours(claims) : passingOverLocked(engine, ours(claims))
  const ended = await sql<Pick<Claim, 'id' | 'fence'> & { state: string }>`
    update jobs set
      state = case when again_at is null then 'done' else 'queued' end,
      run_at = coalesce(again_at, run_at),
      attempts = case when again_at is null then attempts else 0 end,
      finished_at = case when again_at is null then ${now} end,
      again_at = null, lease_until = null
    where ${rows} returning id, fence, state`.execute(db)
  let queued = ended.rows.some(({ state }) => state === 'queued')
  const [, missed] = parted(claims, ended.rows)
  if (claims.length > 1)
    for (const claim of missed) queued = (await finish(db, clock, engine, [claim])) || queued
  return queued
}

/** Not now: once more at `at`, or when asked for meanwhile, whichever is first. No attempt used up. */
export const postpone = (db: Db, claim: Claim, at: Instant): Promise<boolean> =>
  change(db, claim, {
    state: 'queued',
    run_at: sql<Instant>`case when again_at < ${at} then again_at else ${at} end`,
    attempts: claim.attempts - 1,
  })

/** Gives the job back at once. No attempt used up. */
export const release = (db: Db, clock: Clock, claim: Claim): Promise<boolean> =>
  change(db, claim, { state: 'queued', run_at: nowInstant(clock), attempts: claim.attempts - 1 })

export interface Failure {
  error: unknown
  random: Random
}

/** A failed attempt: again after a while, or never. */
export async function retryLater(db: Db, clock: Clock, claim: Claim, failure: Failure): Promise<boolean> {
  const last_error = readable(failure.error)
  if (claim.attempts < claim.maxAttempts) {
    const delay = retryDelayMs(claim.attempts, failure.random)
    return change(db, claim, { state: 'queued', run_at: after(nowInstant(clock), delay), last_error })
  }
  return change(db, claim, {
    state: sql<'queued' | 'failed'>`case when again_at is null then 'failed' else 'queued' end`,
    run_at: sql<Instant>`coalesce(again_at, run_at)`,
    attempts: sql<number>`case when again_at is null then attempts else 0 end`,
    finished_at: sql<Instant | null>`case when again_at is null then ${nowInstant(clock)} end`,
    last_error,
  })
}

async function change(db: Db, claim: Claim, columns: UpdateObject<Database, 'jobs'>): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ ...columns, lease_until: null, again_at: null })
    .where('id', '=', claim.id)
    .where('fence', '=', claim.fence)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** First 2,000 characters, without the nul bytes that PostgreSQL refuses. */
export const readable = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll('\0', '').slice(0, 2000)
