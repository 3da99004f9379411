import { sql } from 'kysely'
import type { Instant } from '../../db/schema.ts'
import { type Clock, nowInstant } from '../clock.ts'
import type { DbOrTx } from '../deps.ts'

export interface NewJob {
  /** A name of work.ts. */
  name: string
  payload: Readonly<Record<string, unknown>>
  /** Not before; default now. */
  runAt?: Instant
  /**
   * At most one open job per key: a second enqueue brings run_at forward (never back) and adds nothing. While the
   * job runs, it has it queued again after it finished, since it may have looked too early to see what is new.
   */
  uniqueKey?: string
  maxAttempts?: number
}

/** Queues a job, in the transaction of the act that needs it. Call deps.wake() after the commit. */
export const enqueue = (db: DbOrTx, clock: Clock, job: NewJob): Promise<void> => enqueueAll(db, clock, [job])

/** The same for many at once, no two of the same key. */
export async function enqueueAll(db: DbOrTx, clock: Clock, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return
  const now = nowInstant(clock)
  await db
    .insertInto('jobs')
    .values(
      jobs.map(job => ({
        name: job.name,
        payload: JSON.stringify(job.payload),
        unique_key: job.uniqueKey ?? null,
        run_at: job.runAt ?? now,
        max_attempts: job.maxAttempts ?? 8,
        created_at: now,
      })),
    )
    .onConflict(open =>
      open
        .column('unique_key')
        .where(isOpen)
        .doUpdateSet({
          run_at: sql`case when jobs.state = 'queued' and excluded.run_at < jobs.run_at
            then excluded.run_at else jobs.run_at end`,
          again_at: sql`case when jobs.state = 'running' and excluded.run_at < coalesce(jobs.again_at, '~')
            then excluded.run_at else jobs.again_at end`,
        }),
    )
    .execute()
}

/** The predicate of the unique index, in its own words: both engines match it literally. */
const isOpen = sql<boolean>`state in ('queued', 'running')`
