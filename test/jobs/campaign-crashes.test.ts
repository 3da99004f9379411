import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addCrowd, begin, partsOf, stateOf } from '../support/campaigns.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'
import { startRunningWorker } from './run-world.ts'

/** What becomes of a re-validation when the worker that prepares it is killed. */
describe.each(engines)('A re-validation whose worker is lost (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine, {
      env: { LEASE_SECONDS: '5', JOB_INTERVAL: '1', STOP_WAIT: '0' },
      // Workers of their own go by the machine's clock.
      start: new Date().toISOString(),
    })
    await addCrowd(world.deps, 1100)
  })
  afterEach(() => world.close())

  test.each(['persons being prepared', 'persons prepared'])(
    'at “%s” leaves nobody out and mails nobody twice',
    async point => {
      const id = await begin(world)
      const crashed = startRunningWorker({ ...world.database.env, CRASH_AT: point })
      expect(await crashed.ended()).toBe('SIGKILL')
      const kept = (await partsOf(world, id)).length
      expect(kept).toBe(point === 'persons prepared' ? 500 : 0)
      expect(await world.mails()).toHaveLength(kept)
      startRunningWorker(world.database.env)
      await expect.poll(() => stateOf(world, id), { timeout: 25_000, interval: 20 }).toBe('OPEN')
      expect(await partsOf(world, id)).toHaveLength(1102)
      const mailed = (await world.mails()).map(mail => mail.to_person)
      expect(mailed).toHaveLength(1102)
      expect(new Set(mailed).size).toBe(1102)
    },
  )
})
