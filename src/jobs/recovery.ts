import type { Instant, Row } from '../../db/schema.ts'
import { after, type Clock, nowInstant } from '../clock.ts'
import type { Db } from '../deps.ts'
import { type Random, retryDelayMs } from './backoff.ts'
import type { Claim } from './claims.ts'

export interface LostLease {
  id: number
  name: string
  workerId: string | null
  /** Tried often enough: failed instead of queued. */
  exhausted: boolean
}

/** Queues jobs again whose lease ran out: at once after the first loss, later ones like failures. */
export async function expireLeases(
  db: Db,
  clock: Clock,
  random: Random,
  held: readonly Claim[],
): Promise<LostLease[]> {
  const now = nowInstant(clock)
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('state', '=', 'running')
    .where('lease_until', '<=', now)
    .limit(1000)
    .execute()
  const lost: LostLease[] = []
  for (const row of rows) {
    // Our own late heartbeat is no reason to take a job away from ourselves.
    if (held.some(claim => claim.id === row.id && claim.fence === row.fence)) continue
    const expired = afterLoss(row, now, random)
    const { numUpdatedRows } = await db
      .updateTable('jobs')
      .set({ ...expired, lease_until: null, again_at: null })
      .where('id', '=', row.id)
      .where('fence', '=', row.fence)
      .where('state', '=', 'running')
      .where('lease_until', '=', row.lease_until)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows > 0n)
      lost.push({
        id: row.id,
        name: row.name,
        workerId: row.worker_id,
        exhausted: expired.state === 'failed',
      })
  }
  return lost
}

function afterLoss(row: Row<'jobs'>, now: Instant, random: Random) {
  const last_error = `The worker was lost while it ran (attempt ${row.attempts} of ${row.max_attempts}).`
  if (row.attempts >= row.max_attempts)
    return row.again_at === null
      ? { state: 'failed' as const, finished_at: now, last_error }
      : { state: 'queued' as const, run_at: row.again_at, attempts: 0, last_error }
  const run_at = row.attempts === 1 ? row.run_at : after(now, retryDelayMs(row.attempts - 1, random))
  return { state: 'queued' as const, run_at, last_error }
}
