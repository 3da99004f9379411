import { expect, test } from 'vitest'
import { aliveSpans, registerWorker, seen, workersAlive } from '../../src/jobs/workers.ts'
import { onBothEngines } from '../support/engines.ts'
import { workerBench } from './worker-bench.ts'

onBothEngines('a worker', (_engine, open) => {
  const { clock, db, node } = workerBench(open)

  test('is listed as alive until it stops', async () => {
    const config = { LEASE_SECONDS: 600 }
    const started = clock.instant()
    const here = await node()
    expect(await workersAlive(db(), clock, config)).toBe(1)
    clock.advance(60_000)
    await here.stop()
    expect(await workersAlive(db(), clock, config)).toBe(0)
    const stopped = clock.instant()
    clock.advance(3_600_000)
    expect(await aliveSpans(db(), clock, config, started)).toEqual([{ from: started, to: stopped }])
    expect(await aliveSpans(db(), clock, config, clock.instant())).toEqual([])
  })

  test('that was suspended with its machine was not alive meanwhile', async () => {
    const config = { LEASE_SECONDS: 5 }
    const began = clock.instant()
    await registerWorker(db(), clock, 'w1', 'this-host')
    clock.advance(3_000)
    await seen(db(), clock, config, 'w1')
    const lastSeen = Date.parse(clock.instant())
    clock.advance(3_600_000)
    await seen(db(), clock, config, 'w1')
    const back = clock.instant()
    expect(await workersAlive(db(), clock, config)).toBe(1)
    expect(await aliveSpans(db(), clock, config, began)).toEqual([
      { from: began, to: new Date(lastSeen).toISOString() },
      { from: back, to: back },
    ])
  })
})
