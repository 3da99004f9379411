import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { nextTime } from '../../src/jobs/next-time.ts'
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

  test('of the night runs at the first start, and then at its hour', async () => {
    clock.set('2026-11-21T12:34:00Z')
    let runs = 0
    const run = async () => {
      runs += 1
    }
    const here = await node({ recurring: [{ name: 'compare', dailyAt: '03:00', run }] })
    const row = () => db().selectFrom('recurring').select(['last_at', 'next_at']).executeTakeFirst()
    const zone = Temporal.Now.timeZoneId()
    const atThree = (day: string) =>
      new Date(Temporal.ZonedDateTime.from(`${day}T03:00[${zone}]`).epochMilliseconds).toISOString()
    await eventually(row).toEqual({ last_at: clock.instant(), next_at: atThree('2026-11-22') })
    await eventually(async () => runs).toBe(1)
    clock.set(atThree('2026-11-22'))
    here.deps.wake()
    await eventually(row).toEqual({ last_at: clock.instant(), next_at: atThree('2026-11-23') })
    await eventually(async () => runs).toBe(2)
  })

  test('that this version does not know any more is forgotten', async () => {
    await db().insertInto('recurring').values({ name: 'gone', next_at: clock.instant() }).execute()
    await node({ recurring: [{ name: 'kept', everySeconds: 60, run: async () => {} }] })
    await eventually(() => db().selectFrom('recurring').select('name').execute()).toEqual([{ name: 'kept' }])
  })
})

describe('a time of day', () => {
  test.each([
    ['later today', '2026-11-21T01:59:59.000Z', '2026-11-21T02:00:00.000Z'],
    ['tomorrow, when it is now', '2026-11-21T02:00:00.000Z', '2026-11-22T02:00:00.000Z'],
    ['an hour nearer, when the clocks go forward', '2026-03-28T02:00:00.000Z', '2026-03-29T01:00:00.000Z'],
    ['an hour farther, when they go back', '2026-10-24T01:00:00.000Z', '2026-10-25T02:00:00.000Z'],
  ])('is %s', (_when, now, next) => {
    expect(nextTime({ dailyAt: '03:00' }, now, 'Europe/Vienna')).toBe(next)
  })

  test('that a day does not have comes as much later as the clocks jump', () => {
    const skipped = nextTime({ dailyAt: '02:30' }, '2026-03-28T22:00:00.000Z', 'Europe/Vienna')
    expect(skipped).toBe('2026-03-29T01:30:00.000Z')
  })
})
