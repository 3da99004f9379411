import { beforeEach } from 'vitest'
import type { OpenDatabase } from '../../db/open.ts'
import type { Engine } from '../../src/deps.ts'
import { type Claim, claim } from '../../src/jobs/claims.ts'
import { createLease, createWatch } from '../../src/jobs/lease.ts'
import { finish, retryLater } from '../../src/jobs/outcomes.ts'
import { enqueue, type NewJob } from '../../src/jobs/queue.ts'
import { expireLeases } from '../../src/jobs/recovery.ts'
import { movableClock } from '../support/clock.ts'

export const nine = '2026-03-02T09:00:00.000Z'
export const minute = 60_000

/** An empty queue at nine for each test, and what workers do with it. */
export function queueBench(engine: Engine, open: () => OpenDatabase) {
  const clock = movableClock(nine)
  beforeEach(async () => {
    clock.set(nine)
    await open().db.deleteFrom('jobs').execute()
  })

  const db = () => open().db
  const add = (job: Partial<NewJob> = {}) => enqueue(db(), clock, { name: 'count', payload: {}, ...job })
  const as = (workerId: string) => ({ workerId, leaseMs: 30_000, engine, clock })
  const claimAs = (workerId: string, limit = 10) => claim(db(), as(workerId), limit)
  const claimOne = async (workerId: string): Promise<Claim> => {
    const [job] = await claimAs(workerId, 1)
    if (!job) throw new Error('nothing to claim')
    return job
  }
  const expire = (random = 0) => expireLeases(db(), clock, () => random, [])
  const end = (...claims: Claim[]) => finish(db(), clock, engine, claims)
  const failing = (job: Claim, message = 'no answer') =>
    retryLater(db(), clock, job, { error: new Error(message), random: () => 0 })
  const lease = (job: Claim) => {
    const watch = createWatch(clock)
    return createLease(job, watch.read(), { engine, host: 'here', leaseMs: 30_000, watch }).lease
  }
  const guarded = (job: Claim) =>
    db()
      .transaction()
      .execute(async tx => {
        await tx
          .insertInto('settings')
          .values({ name: `by ${job.workerId}`, value: '' })
          .execute()
        await lease(job).guard(tx)
      })
  const settings = async () =>
    (await db().selectFrom('settings').select('name').execute()).map(row => row.name)
  return { clock, db, add, as, claimAs, claimOne, expire, end, failing, lease, guarded, settings }
}
