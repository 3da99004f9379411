import { describe, expect, test } from 'vitest'
import { retryDelayMs } from '../../src/jobs/backoff.ts'
import { heartbeat } from '../../src/jobs/claims.ts'
import { createLease, createWatch, LeaseLost } from '../../src/jobs/lease.ts'
import { postpone, release } from '../../src/jobs/outcomes.ts'
import { requeue } from '../../src/jobs/queries.ts'
import { expireLeases } from '../../src/jobs/recovery.ts'
import { onBothEngines } from '../support/engines.ts'
import { onlyJob } from '../support/job-nodes.ts'
import { minute, queueBench } from './queue-bench.ts'

const eleven = '2026-03-02T11:00:00.000Z'

onBothEngines('a claimed job', (engine, open) => {
  const { clock, db, add, as, claimAs, claimOne, expire, end, failing, lease, guarded, settings } =
    queueBench(engine, open)

  describe('a lease', () => {
    test('is renewed by heartbeats and taken over when they stay away', async () => {
      await add()
      const first = await claimOne('w1')
      clock.advance(29_000)
      expect(await heartbeat(db(), as('w1'), [first])).toEqual({ renewed: [first], lost: [] })
      clock.advance(29_000)
      expect(await expire()).toEqual([])
      clock.advance(1_000)
      expect(await expire()).toEqual([{ id: first.id, name: 'count', workerId: 'w1', exhausted: false }])
      expect(await claimOne('w2')).toMatchObject({
        id: first.id,
        attempts: 2,
        previousWorkerId: 'w1',
        fence: 2,
      })
    })

    test('that ran out is still ours until somebody takes the job', async () => {
      await add()
      const held = await claimOne('w1')
      clock.advance(minute)
      expect(await expireLeases(db(), clock, () => 0, [held])).toEqual([])
      await guarded(held)
      await end(held)
      expect((await onlyJob(db())).state).toBe('done')
    })

    test('once taken over, the one before can neither write, nor renew, nor end it', async () => {
      await add()
      const old = await claimOne('w-old')
      clock.advance(minute)
      await expire()
      await expect(guarded(old)).rejects.toThrow(LeaseLost)
      const current = await claimOne('w-new')
      await expect(guarded(old)).rejects.toThrow(LeaseLost)
      expect(await settings()).not.toContain('by w-old')
      expect(await heartbeat(db(), as('w-old'), [old])).toEqual({ renewed: [], lost: [old] })
      await end(old)
      expect(await postpone(db(), old, eleven)).toBe(false)
      expect(await release(db(), clock, old)).toBe(false)
      expect(await failing(old)).toBe(false)
      expect(await onlyJob(db())).toMatchObject({
        state: 'running',
        worker_id: 'w-new',
        fence: current.fence,
      })
      await guarded(current)
      expect(await settings()).toContain('by w-new')
    })

    test('can not be taken over while its holder writes', async () => {
      await add()
      const held = await claimOne('w1')
      clock.advance(minute)
      const order: string[] = []
      let takeover: Promise<unknown> = Promise.resolve()
      await db()
        .transaction()
        .execute(async tx => {
          await lease(held).guard(tx)
          takeover = expire().then(() => order.push('taken over'))
          for (let i = 0; i < 20; i++) await tx.selectFrom('settings').select('name').execute()
          order.push('written')
        })
      await takeover
      expect(order).toEqual(['written', 'taken over'])
    })

    test('lost again and again: later each time, at last given up', async () => {
      await add({ maxAttempts: 3 })
      await claimOne('w1')
      clock.advance(minute)
      await expire()
      await claimOne('w2')
      clock.advance(minute)
      await expire()
      expect(await claimAs('w3')).toEqual([])
      clock.advance(minute)
      await claimOne('w3')
      clock.advance(minute)
      expect(await expire()).toMatchObject([{ exhausted: true }])
      expect(await onlyJob(db())).toMatchObject({
        state: 'failed',
        last_error: 'The worker was lost while it ran (attempt 3 of 3).',
        finished_at: clock.instant(),
      })
    })

    test('is watched on two clocks: neither a set-back clock nor a sleep of the machine lengthens it', async () => {
      await add()
      let monotonic = 0
      const watch = createWatch(clock, () => monotonic)
      const held = await claimOne('w1')
      const { lease: ours } = createLease(held, watch.read(), {
        engine,
        host: 'here',
        leaseMs: 30_000,
        watch,
      })
      expect(ours.remainingMs()).toBe(30_000)
      monotonic = 10_000
      expect(ours.remainingMs()).toBe(20_000)
      clock.advance(-minute)
      expect(ours.remainingMs()).toBe(20_000)
      clock.advance(minute + 25_000)
      expect(ours.remainingMs()).toBe(5_000)
      clock.advance(minute)
      expect(ours.remainingMs()).toBe(0)
    })
  })

  describe('a failed attempt', () => {
    test('is tried again later and later, between half and the whole of a doubling time', () => {
      expect([1, 2, 3, 8, 9].map(attempt => retryDelayMs(attempt, () => 0))).toEqual([
        2_500, 5_000, 10_000, 320_000, 450_000,
      ])
      expect(retryDelayMs(1, () => 0.999)).toBe(4_998)
      expect(retryDelayMs(40, () => 1)).toBe(15 * minute)
    })

    test('comes back when its time has come, and ends after the last one', async () => {
      await add({ maxAttempts: 2 })
      await failing(await claimOne('w1'), 'no answer from 10.0.0.7\0')
      expect(await onlyJob(db())).toMatchObject({ state: 'queued', last_error: 'no answer from 10.0.0.7' })
      expect(await claimAs('w1')).toEqual([])
      clock.advance(2_500)
      const last = await claimOne('w1')
      expect(last.attempts).toBe(2)
      await failing(last, 'still no answer')
      expect(await onlyJob(db())).toMatchObject({
        state: 'failed',
        last_error: 'still no answer',
        finished_at: clock.instant(),
      })
      clock.advance(24 * 60 * minute)
      expect(await claimAs('w1')).toEqual([])
    })

    test('a job that failed for good can be queued again, with all its attempts', async () => {
      await add({ maxAttempts: 1 })
      const failed = await claimOne('w1')
      expect(await requeue(db(), clock, failed.id)).toBe(false)
      await failing(failed)
      expect(await requeue(db(), clock, failed.id)).toBe(true)
      expect(await claimOne('w1')).toMatchObject({ id: failed.id, attempts: 1 })
      expect(await requeue(db(), clock, failed.id)).toBe(false)
    })

    test('but not beside an open one of the same key', async () => {
      await add({ maxAttempts: 1, uniqueKey: 'k' })
      const failed = await claimOne('w1')
      await failing(failed)
      await add({ uniqueKey: 'k' })
      expect(await requeue(db(), clock, failed.id)).toBe(false)
    })
  })
})
