import { expect, test } from 'vitest'
import { atMostHalf } from '../../src/jobs/at-most-half.ts'
import type { ClaimedJob, JobHandler } from '../../src/jobs/handler.ts'
import { enqueue } from '../../src/jobs/queue.ts'
import { onBothEngines } from '../support/engines.ts'
import { eventually, jobsOf, onlyJob, signalled } from '../support/job-nodes.ts'
import { done, workerBench } from './worker-bench.ts'

onBothEngines('a worker', (_engine, open) => {
  const { clock, db, node, queue, state, states } = workerBench(open)

  test('does what is queued as soon as it is woken, with what it was told', async () => {
    const got = signalled<ClaimedJob>()
    const here = await node({
      handlers: {
        work: async (_, job) => {
          got.resolve(job)
          return done
        },
      },
    })
    await queue(here, { payload: { requestId: 2261 } })
    expect(await got.promise).toMatchObject({
      name: 'work',
      payload: { requestId: 2261 },
      attempts: 1,
      maxAttempts: 8,
      previousWorkerId: null,
      lease: { workerId: here.worker.id, host: 'this-host', fence: 1, handingOver: false },
    })
    await eventually(state).toBe('done')
  })

  test('two of them do two hundred jobs, each once', async () => {
    const times = new Map<unknown, number>()
    const handlers: Record<string, JobHandler> = {
      work: async (_, job) => {
        times.set(job.payload, (times.get(job.payload) ?? 0) + 1)
        return done
      },
    }
    const [here, there] = [await node({ handlers }), await node({ handlers })]
    await Promise.all(Array.from({ length: 200 }, (_, i) => queue(i % 2 ? here : there, { payload: { i } })))
    await eventually(async () => (await states()).every(state => state === 'done')).toBe(true)
    expect(times.size).toBe(200)
    expect([...times.values()].every(count => count === 1)).toBe(true)
  })

  test('keeps half of its slots for others when work that waits for other systems piles up', async () => {
    const gate = signalled()
    let running = 0
    let most = 0
    const hangs: JobHandler = async () => {
      running += 1
      most = Math.max(most, running)
      await gate.promise
      running -= 1
      return done
    }
    const here = await node({
      config: { WORKER_CONCURRENCY: 4 },
      handlers: { ...atMostHalf({ look: hangs, check: hangs }), work: async () => done },
    })
    for (const name of ['look', 'check', 'look', 'check', 'look']) await queue(here, { name })
    await queue(here)
    const ends = async () => (await jobsOf(db())).map(job => `${job.name} ${job.state} ${job.attempts}`)
    await eventually(ends).toContain('work done 1')
    expect((await states()).filter(one => one === 'done')).toHaveLength(1)
    expect(running).toBe(2)
    gate.resolve()
    await eventually(async () => {
      clock.advance(5000)
      here.deps.wake()
      return (await states()).every(one => one === 'done')
    }).toBe(true)
    expect(most).toBe(2)
    expect((await jobsOf(db())).map(job => job.attempts)).toEqual(Array(6).fill(1))
  })

  test('runs as many at a time as it may, and takes the next when one ends', async () => {
    let running = 0
    let most = 0
    const gate = signalled()
    const full = signalled()
    const here = await node({
      config: { WORKER_CONCURRENCY: 3 },
      handlers: {
        work: async () => {
          running += 1
          most = Math.max(most, running)
          if (running === 3) full.resolve()
          await gate.promise
          running -= 1
          return done
        },
      },
    })
    for (let i = 0; i < 10; i++) await queue(here)
    await full.promise
    expect((await states()).filter(state => state === 'queued')).toHaveLength(7)
    gate.resolve()
    await eventually(async () => new Set(await states())).toEqual(new Set(['done']))
    expect(most).toBe(3)
  })

  test('does a job of the future when its time has come', async () => {
    let runs = 0
    const here = await node({
      handlers: {
        work: async () => {
          runs += 1
          return done
        },
      },
    })
    await queue(here, { runAt: '2026-03-02T10:00:00.000Z' })
    await queue(here, { name: 'work', uniqueKey: 'now' })
    await eventually(async () => runs).toBe(1)
    clock.set('2026-03-02T10:00:00.000Z')
    here.deps.wake()
    await eventually(async () => runs).toBe(2)
  })

  test('sets itself a timer for the next job due, with nobody to wake it', async () => {
    const ran = signalled()
    const real = { now: () => new Date() }
    const here = await node({
      clock: real,
      handlers: {
        work: async () => {
          ran.resolve()
          return done
        },
      },
    })
    const soon = new Date(Date.now() + 200).toISOString()
    await enqueue(db(), real, { name: 'work', payload: {}, runAt: soon })
    here.deps.wake()
    await ran.promise
    expect(new Date().toISOString() >= soon).toBe(true)
  })

  test('puts a failed job off and says why in its row', async () => {
    let runs = 0
    const here = await node({
      random: () => 0,
      handlers: {
        work: async () => {
          runs += 1
          if (runs === 1) throw new Error('The application does not answer.')
          return done
        },
      },
    })
    await queue(here)
    await eventually(() => onlyJob(db())).toMatchObject({
      state: 'queued',
      last_error: 'The application does not answer.',
      run_at: '2026-03-02T09:00:02.500Z',
    })
    clock.advance(2_500)
    here.deps.wake()
    await eventually(state).toBe('done')
  })

  test('fails a job it has no handler for, in words', async () => {
    const here = await node()
    await queue(here, { name: 'launch rocket', maxAttempts: 1 })
    await eventually(() => onlyJob(db())).toMatchObject({
      state: 'failed',
      last_error: 'This version of Gatehouse has nothing that does “launch rocket”.',
    })
  })

  test('does a job again when its handler asks for it', async () => {
    const attempts: number[] = []
    const here = await node({
      handlers: {
        work: async (_, job) => {
          attempts.push(job.attempts)
          return attempts.length < 3 ? { kind: 'again', at: clock.instant() } : done
        },
      },
    })
    await queue(here, { maxAttempts: 1 })
    await eventually(state).toBe('done')
    expect(attempts).toEqual([1, 1, 1])
  })

  test('does a job once more that was asked for again while it ran', async () => {
    const held = signalled()
    const gate = signalled()
    let runs = 0
    const here = await node({
      handlers: {
        work: async () => {
          runs += 1
          held.resolve()
          await gate.promise
          return done
        },
      },
    })
    await queue(here, { uniqueKey: 'k' })
    await held.promise
    await queue(here, { uniqueKey: 'k' })
    gate.resolve()
    await eventually(state).toBe('done')
    expect(runs).toBe(2)
  })
})
