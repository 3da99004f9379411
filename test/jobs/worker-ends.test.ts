import { describe, expect, test } from 'vitest'
import type { ClaimedJob, JobHandler } from '../../src/jobs/handler.ts'
import { HandingOver, LeaseLost } from '../../src/jobs/lease.ts'
import { enqueue } from '../../src/jobs/queue.ts'
import { onBothEngines } from '../support/engines.ts'
import { eventually, onlyJob, signalled } from '../support/job-nodes.ts'
import { done, workerBench } from './worker-bench.ts'

onBothEngines('a worker', (_engine, open) => {
  const { clock, db, node, queue, state, states } = workerBench(open)

  describe('whose lease is lost', () => {
    /** Holds its job until the lease's signal, then tries to write. */
    const holder = () => {
      const held = signalled<ClaimedJob>()
      const refused = signalled<unknown>()
      const handler: JobHandler = async (deps, job) => {
        held.resolve(job)
        await new Promise(resolve => job.lease.signal.addEventListener('abort', resolve))
        await deps.db
          .transaction()
          .execute(async tx => {
            await tx.insertInto('settings').values({ name: 'written', value: job.lease.workerId }).execute()
            await job.lease.guard(tx)
          })
          .catch(refused.resolve)
        return done
      }
      return { held: held.promise, refused: refused.promise, handlers: { work: handler } }
    }

    test('is told by the next heartbeat, and can neither write nor finish', async () => {
      const old = holder()
      const here = await node({ handlers: old.handlers, config: { LEASE_SECONDS: 5 } })
      await queue(here)
      const job = await old.held
      await db().updateTable('jobs').set({ fence: 2, worker_id: 'someone-else' }).execute()
      expect(await old.refused).toBeInstanceOf(LeaseLost)
      expect(job.lease.signal.reason).toBeInstanceOf(LeaseLost)
      expect(job.lease.remainingMs()).toBe(0)
      await here.stop()
      expect(await onlyJob(db())).toMatchObject({ state: 'running', worker_id: 'someone-else' })
      expect(await db().selectFrom('settings').selectAll().execute()).toEqual([])
    })

    test('gives it up by itself when it could not be renewed in time', async () => {
      const old = holder()
      let monotonic = 0
      const here = await node({ handlers: old.handlers, monotonic: () => monotonic })
      await queue(here)
      const job = await old.held
      expect(job.lease.remainingMs()).toBe(600_000)
      monotonic = 500_000
      await new Promise(resolve => job.lease.signal.addEventListener('abort', resolve))
      expect(job.lease.signal.reason).toBeInstanceOf(LeaseLost)
      expect(job.lease.remainingMs()).toBe(0)
      await here.stop()
    })
  })

  test('that stops hands its jobs over and takes no new ones', async () => {
    const held = signalled<ClaimedJob>()
    const here = await node({
      handlers: {
        work: async (_, job) => {
          held.resolve(job)
          await new Promise(resolve => job.lease.signal.addEventListener('abort', resolve))
          return { kind: 'released' }
        },
      },
    })
    await queue(here)
    const job = await held.promise
    const stopped = here.worker.stop()
    expect(job.lease.handingOver).toBe(true)
    expect(job.lease.signal.reason).toBeInstanceOf(HandingOver)
    await enqueue(db(), clock, { name: 'work', payload: {} })
    here.deps.wake()
    await stopped
    expect(await states()).toEqual(['queued', 'queued'])
    const before: (string | null)[] = []
    await node({
      handlers: {
        work: async (_, job) => {
          before.push(job.previousWorkerId)
          return done
        },
      },
    })
    await eventually(states).toEqual(['done', 'done'])
    expect(before.toSorted()).toEqual([here.worker.id, null])
  })

  test('that stops has its jobs taken over by another one at once', async () => {
    const held = signalled()
    const handlers: Record<string, JobHandler> = {
      work: async (_, job) => {
        held.resolve()
        await new Promise(resolve => job.lease.signal.addEventListener('abort', resolve))
        throw job.lease.signal.reason
      },
    }
    const here = await node({ handlers })
    await queue(here)
    await held.promise
    await node({ handlers: { work: async () => done }, signals: here.signals })
    await here.worker.stop()
    await eventually(() => onlyJob(db())).toMatchObject({ state: 'done', attempts: 1 })
  })

  test('that stops lets what can end in time come to its end', async () => {
    const held = signalled()
    const gate = signalled()
    const here = await node({
      handlers: {
        work: async () => {
          held.resolve()
          await gate.promise
          return done
        },
      },
    })
    await queue(here)
    await held.promise
    const stopped = here.worker.stop()
    gate.resolve()
    await stopped
    expect(await state()).toBe('done')
  })
})
