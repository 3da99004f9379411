import type { Instant } from '../../db/schema.ts'
import { type Clock, nowInstant } from '../clock.ts'
import type { DbOrTx } from '../deps.ts'

export interface NewJob {
  /** A name of work.ts. */
  name: string
  payload: Readonly<Record<string, unknown>>
  /** Not before; default now. */
  runAt?: Instant
  /** At most one open job per key: a second enqueue brings run_at forward (never back) and adds nothing. */
  uniqueKey?: string
  maxAttempts?: number
}

/** Queues a job, in the transaction of the act that needs it. Call deps.wake() after the commit. */
export async function enqueue(db: DbOrTx, clock: Clock, job: NewJob): Promise<void> {
  const now = nowInstant(clock)
  await db
    .insertInto('jobs')
    .values({
      name: job.name,
      payload: JSON.stringify(job.payload),
      unique_key: job.uniqueKey ?? null,
      run_at: job.runAt ?? now,
      max_attempts: job.maxAttempts ?? 8,
      created_at: now,
    })
    .execute()
}
