import type { Instant } from '../../db/schema.ts'
import { type Clock, nowInstant } from '../clock.ts'
import type { Tx } from '../deps.ts'
import { enqueue } from '../jobs/queue.ts'
import { firstInLine } from './queue-place.ts'

/** Name in work.ts of the job that runs a queued request. */
export const RUN_JOB = 'run service request'
export const RUN_KEY = 'service-request:'

/** Lets workers run a request when it is due; one open job a request. */
export const enqueueRun = (tx: Tx, clock: Clock, requestId: number, dueAt: Instant) =>
  enqueue(tx, clock, {
    name: RUN_JOB,
    payload: { requestId },
    runAt: dueAt,
    uniqueKey: `${RUN_KEY}${requestId}`,
  })

/** The environment has become free: whoever waits for it longest is looked at at once. */
export async function bringNextForward(tx: Tx, clock: Clock, assetId: string): Promise<void> {
  const now = nowInstant(clock)
  const next = await firstInLine(tx, assetId, now)
  if (next) await enqueueRun(tx, clock, next.id, now)
}
