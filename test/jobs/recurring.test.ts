import { expect, test } from 'vitest'
import { onBothEngines } from '../support/engines.ts'
import { eventually } from '../support/job-nodes.ts'
import { workerBench } from './worker-bench.ts'

onBothEngines('recurring work', (_engine, open) => {
  const { clock, db, node } = workerBench(open)

  test('runs once each time on one of two workers, and once for all that was missed', async () => {
    let runs = 0
    const run = async () => {
      runs += 1
    }
    const recurring = [{ name: 'count', everySeconds: 60, run }]
    const [here, there] = [await node({ recurring }), await node({ recurring })]
    await eventually(async () => runs).toBe(1)
    const wakeBoth = () => {
      here.deps.wake()
      there.deps.wake()
    }
    const next = async () =>
      (await db().selectFrom('recurring').select('next_at').executeTakeFirst())?.next_at
    for (const [advance, expected] of [
      [60_000, 2],
      [60_000, 3],
      [3_600_000, 4],
    ] as const) {
      clock.advance(advance)
      wakeBoth()
      await eventually(next).toBe(new Date(clock.now().getTime() + 60_000).toISOString())
      await eventually(async () => runs).toBe(expected)
    }
    wakeBoth()
    await Promise.all([here.stop(), there.stop()])
    expect(runs).toBe(4)
  })

  test('that fails says why, and goes on the next time', async () => {
    let runs = 0
    const recurring = [
      {
        name: 'sweep',
        everySeconds: 60,
        run: async () => {
          runs += 1
          if (runs === 1) throw new Error('The disk is full.')
        },
      },
    ]
    const here = await node({ recurring })
    const lastError = async () =>
      (await db().selectFrom('recurring').select('last_error').executeTakeFirst())?.last_error
    await eventually(lastError).toBe('The disk is full.')
    clock.advance(60_000)
    here.deps.wake()
    await eventually(lastError).toBe(null)
    expect(runs).toBe(2)
  })

  test('that this version does not know any more is forgotten', async () => {
    await db().insertInto('recurring').values({ name: 'gone', next_at: clock.instant() }).execute()
    await node({ recurring: [{ name: 'kept', everySeconds: 60, run: async () => {} }] })
    await eventually(() => db().selectFrom('recurring').select('name').execute()).toEqual([{ name: 'kept' }])
  })
})
