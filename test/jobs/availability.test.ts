import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkAvailability } from '../../src/assets/availability.ts'
import { presentState } from '../../src/assets/present-state.ts'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('Availability of environments (%s)', engine => {
  let world: World
  let answer = 200
  const application = createServer((_request, response) => {
    response.writeHead(answer, { location: 'http://elsewhere.example.com/' })
    response.end('ok')
  })
  beforeAll(async () => {
    world = await createWorld(engine)
    await new Promise<void>(done => application.listen(0, '127.0.0.1', done))
    const { port } = application.address() as AddressInfo
    await setAddress('10000-DEV', `http://127.0.0.1:${port}/healthz`)
  })
  afterAll(async () => {
    application.close()
    await world.close()
  })

  const setAddress = (id: string, health_url: string | null) =>
    world.deps.db.updateTable('assets').set({ health_url }).where('id', '=', id).execute()
  const health = async (id = '10000-DEV') => (await presentState(world.deps, { id, variables: {} })).health

  test('is asked by the worker, never by the page', async () => {
    expect(await health()).toBeNull()
    const user = await signIn(world, 'user01')
    expect((await user.get(paths.asset('10000-DEV'))).text).toContain('It has not been asked yet')
    await checkAvailability(world.deps)
    expect(await health()).toMatchObject({ state: 'up', answer: 'answers 200', stale: false })
    expect((await user.get(paths.asset('10000-DEV'))).text).toContain('available since')
  })

  test('says since when it has been so', async () => {
    const since = (await health())?.since
    world.clock.advance(minutes(1))
    await checkAvailability(world.deps)
    expect(await health()).toMatchObject({ since, checkedAt: world.clock.instant() })
    answer = 503
    world.clock.advance(minutes(1))
    await checkAvailability(world.deps)
    expect(await health()).toMatchObject({
      state: 'down',
      answer: 'answers 503',
      since: world.clock.instant(),
    })
  })

  test('follows nobody elsewhere: a redirect is not an answer', async () => {
    answer = 302
    await checkAvailability(world.deps)
    expect(await health()).toMatchObject({ state: 'down', answer: 'answers 302' })
  })

  test('an answer that is old says nothing about now', async () => {
    world.clock.advance(minutes(6))
    expect(await health()).toMatchObject({ stale: true })
  })

  test('one that does not answer is down, and does not keep the others from being asked', async () => {
    answer = 200
    await setAddress('10000-TST', 'http://127.0.0.1:1/')
    await checkAvailability(world.deps)
    expect(await health('10000-TST')).toMatchObject({
      state: 'down',
      answer: expect.stringContaining('does not answer'),
    })
    expect(await health()).toMatchObject({ state: 'up' })
  })

  test('without an address the last answer is forgotten', async () => {
    await setAddress('10000-DEV', null)
    await checkAvailability(world.deps)
    expect(await health()).toBeNull()
  })
})
