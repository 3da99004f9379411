import { describe, expect, test } from 'vitest'
import { nextDue } from '../../src/jobs/claims.ts'
import { forgetFinishedJobs } from '../../src/jobs/forget.ts'
import { postpone, release } from '../../src/jobs/outcomes.ts'
import { listJobs } from '../../src/jobs/queries.ts'
import { enqueue } from '../../src/jobs/queue.ts'
import { onBothEngines } from '../support/engines.ts'
import { jobsOf, onlyJob } from '../support/job-nodes.ts'
import { minute, nine, queueBench } from './queue-bench.ts'

const ten = '2026-03-02T10:00:00.000Z'
const eleven = '2026-03-02T11:00:00.000Z'

onBothEngines('the job queue', (engine, open) => {
  const { clock, db, add, claimAs, claimOne, end, failing } = queueBench(engine, open)

  describe('a unique key', () => {
    test('a second job of the same key brings the first one forward, keeping what it was told', async () => {
      await add({ uniqueKey: 'k', runAt: eleven, payload: { from: 'first' } })
      await add({ uniqueKey: 'k', runAt: ten, payload: { from: 'second' } })
      const job = await onlyJob(db())
      expect(job.run_at).toBe(ten)
      expect(JSON.parse(job.payload)).toEqual({ from: 'first' })
    })

    test('it never puts it off', async () => {
      await add({ uniqueKey: 'k', runAt: ten })
      await add({ uniqueKey: 'k', runAt: eleven })
      expect((await onlyJob(db())).run_at).toBe(ten)
    })

    test('many at once make one job', async () => {
      await Promise.all(Array.from({ length: 20 }, () => add({ uniqueKey: 'k' })))
      await onlyJob(db())
    })

    test('jobs without a key, or with different ones, stay apart', async () => {
      await add()
      await add()
      await add({ uniqueKey: 'a' })
      await add({ uniqueKey: 'b' })
      expect(await jobsOf(db())).toHaveLength(4)
    })

    test('what is asked for while the job runs makes it run once more', async () => {
      await add({ uniqueKey: 'k' })
      const running = await claimOne('w1')
      await add({ uniqueKey: 'k', runAt: eleven })
      await add({ uniqueKey: 'k', runAt: ten })
      expect(await claimAs('w2')).toEqual([])
      await end(running)
      expect(await onlyJob(db())).toMatchObject({ state: 'queued', run_at: ten, attempts: 0, again_at: null })
    })

    test('what is asked for while it runs also counts when it puts itself off', async () => {
      await add({ uniqueKey: 'k' })
      const running = await claimOne('w1')
      await add({ uniqueKey: 'k', runAt: ten })
      await postpone(db(), running, eleven)
      expect(await onlyJob(db())).toMatchObject({ state: 'queued', run_at: ten, again_at: null })
    })

    test('what is asked for while it fails for the last time is not lost', async () => {
      await add({ uniqueKey: 'k', maxAttempts: 1 })
      const running = await claimOne('w1')
      await add({ uniqueKey: 'k', runAt: ten })
      await failing(running)
      expect(await onlyJob(db())).toMatchObject({
        state: 'queued',
        run_at: ten,
        attempts: 0,
        finished_at: null,
      })
    })

    test('a job that is done leaves its key to the next one', async () => {
      await add({ uniqueKey: 'k' })
      await end(await claimOne('w1'))
      await add({ uniqueKey: 'k' })
      expect((await jobsOf(db())).map(job => job.state)).toEqual(['done', 'queued'])
    })
  })

  describe('claiming', () => {
    test('takes what is due, the longest due first, and no more than asked for', async () => {
      for (const runAt of [eleven, nine, '2026-03-02T08:00:00.000Z', '2026-03-02T08:30:00.000Z'])
        await add({ runAt, payload: { runAt } })
      const claimed = await claimAs('w1', 2)
      expect(claimed.map(job => JSON.parse(job.payload).runAt)).toEqual([
        '2026-03-02T08:00:00.000Z',
        '2026-03-02T08:30:00.000Z',
      ])
      expect(await claimAs('w1')).toHaveLength(1)
      expect(await nextDue(db())).toBe(eleven)
      clock.set(eleven)
      expect(await claimAs('w1')).toHaveLength(1)
    })

    test('workers that claim at the same time never get the same job', async () => {
      for (let i = 0; i < 60; i++) await add()
      const claimed = await Promise.all(Array.from({ length: 12 }, (_, i) => claimAs(`w${i}`, 7)))
      const ids = claimed.flat().map(job => job.id)
      expect(new Set(ids).size).toBe(ids.length)
      const rest = await claimAs('w', 100)
      expect(ids.length + rest.length).toBe(60)
    })

    test('every claim has a fence of its own and says who held the job before', async () => {
      await add()
      const first = await claimOne('w1')
      await release(db(), clock, first)
      const second = await claimOne('w2')
      expect(first).toMatchObject({ fence: 1, attempts: 1, previousWorkerId: null, workerId: 'w1' })
      expect(second).toMatchObject({ fence: 2, attempts: 1, previousWorkerId: 'w1', workerId: 'w2' })
    })
  })

  test('putting off and releasing use up no attempt', async () => {
    await add({ maxAttempts: 1 })
    await postpone(db(), await claimOne('w1'), ten)
    expect(await onlyJob(db())).toMatchObject({
      state: 'queued',
      run_at: ten,
      attempts: 0,
      lease_until: null,
    })
    expect(await claimAs('w1')).toEqual([])
    clock.set(ten)
    await release(db(), clock, await claimOne('w1'))
    expect(await claimOne('w2')).toMatchObject({ attempts: 1, fence: 3 })
  })

  test('jobs that end together are ended together', async () => {
    for (let i = 0; i < 5; i++) await add()
    const claims = await claimAs('w1')
    await end(...claims.slice(0, 4))
    expect((await jobsOf(db())).map(job => job.state)).toEqual(['done', 'done', 'done', 'done', 'running'])
  })

  test('a job somebody asks for in a transaction not yet committed ends after that, and is queued anew', async () => {
    await add({ uniqueKey: 'k' })
    await add()
    const claims = await claimAs('w1')
    const asking = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    const act = db()
      .transaction()
      .execute(async tx => {
        await enqueue(tx, clock, { name: 'count', payload: {}, uniqueKey: 'k' })
        asking.resolve()
        await commit.promise
      })
    await asking.promise
    const ended = end(...claims)
    commit.resolve()
    await act
    expect(await ended).toBe(true)
    expect((await jobsOf(db())).map(job => job.state)).toEqual(['queued', 'done'])
  })

  test('finished jobs are forgotten after 30 days, open ones never', async () => {
    await add()
    await end(await claimOne('w1'))
    await add({ maxAttempts: 1 })
    await failing(await claimOne('w1'))
    await add()
    const deps = { db: db(), clock, stopping: new AbortController().signal }
    clock.advance(29 * 24 * 60 * minute)
    await forgetFinishedJobs(deps)
    expect(await jobsOf(db())).toHaveLength(3)
    clock.advance(2 * 24 * 60 * minute)
    await forgetFinishedJobs(deps)
    expect((await jobsOf(db())).map(job => job.state)).toEqual(['queued'])
  })

  test('the list shows the newest first, by state, by the beginning of the name, page by page', async () => {
    for (let i = 0; i < 25; i++) await add({ name: i % 2 ? 'send mail' : 'send_mail' })
    await add({ name: 'run service request' })
    await end(...(await claimAs('w1', 3)))
    const first = await listJobs(db(), {}, {})
    expect(first).toMatchObject({ from: 1, to: 20, total: 26 })
    expect(first.rows[0]?.name).toBe('run service request')
    const second = await listJobs(db(), {}, first.next ?? {})
    expect(second).toMatchObject({ from: 21, to: 26 })
    expect((await listJobs(db(), { state: 'done' }, {})).total).toBe(3)
    expect((await listJobs(db(), { name: 'Send_' }, {})).total).toBe(13)
    expect((await listJobs(db(), { name: '%' }, {})).total).toBe(0)
  })
})
