import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tidySignIn } from '../../src/auth/tidy.ts'
import { hours, minutes } from '../../src/clock.ts'
import { tokenHash } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

describe.each(engines)('sessions (%s)', engine => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine)
  })
  afterAll(() => world.close())

  const idOf = (agent: Agent) => agent.cookies.get('gatehouse_session') ?? ''
  const rowOf = (agent: Agent) =>
    world.deps.db
      .selectFrom('sessions')
      .selectAll()
      .where('id_hash', '=', tokenHash(idOf(agent)))
      .executeTakeFirst()
  const isIn = async (agent: Agent) => (await agent.get(paths.profile())).heading === 'Profile'

  test('the database holds a hash of the session id, never the id', async () => {
    const user01 = await signIn(world, 'user01')
    const rows = await world.deps.db.selectFrom('sessions').selectAll().execute()
    expect(idOf(user01).length).toBeGreaterThanOrEqual(40)
    expect(JSON.stringify(rows)).not.toContain(idOf(user01))
    expect(await rowOf(user01)).toMatchObject({ person_id: 'USER01' })
    // What the database knows opens nothing.
    user01.cookies.set('gatehouse_session', tokenHash(idOf(user01)))
    expect(await isIn(user01)).toBe(false)
  })

  test('a session ends an hour after its last use, not after its beginning', async () => {
    const user01 = await signIn(world, 'user01')
    for (let i = 0; i < 3; i++) {
      world.clock.advance(minutes(59))
      expect(await isIn(user01)).toBe(true)
    }
    world.clock.advance(minutes(60))
    expect(await isIn(user01)).toBe(false)
    expect((await rowOf(user01))?.ended_at).not.toBeNull()
  })

  test('a session ends after twelve hours, however busy it is', async () => {
    const user01 = await signIn(world, 'user01')
    for (let i = 0; i < 23; i++) {
      world.clock.advance(minutes(30))
      expect(await isIn(user01)).toBe(true)
    }
    world.clock.advance(minutes(30))
    expect(await isIn(user01)).toBe(false)
  })

  test('being there is written once a minute at most', async () => {
    const user01 = await signIn(world, 'user01')
    const seen = async () => (await rowOf(user01))?.last_seen_at
    const first = await seen()
    world.clock.advance(59_000)
    await isIn(user01)
    expect(await seen()).toBe(first)
    world.clock.advance(1000)
    await isIn(user01)
    expect(await seen()).toBe(world.clock.instant())
  })

  test('an inactive person is out at the next click', async () => {
    const user02 = await signIn(world, 'user02')
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'USER02')
      .execute()
    expect(await isIn(user02)).toBe(false)
    await world.deps.db.updateTable('persons').set({ status: 'ACTIVE' }).where('id', '=', 'USER02').execute()
    expect(await isIn(user02)).toBe(false)
  })

  test('the profile lists the sessions and signs one of them out', async () => {
    const here = await signIn(world, 'manager02')
    const there = await signIn(world, 'manager02')
    const page = await here.get(paths.profile())
    expect(page.table('Sessions table')).toHaveLength(2)
    await here.post(paths.profilePart('sessions'), { session: tokenHash(idOf(there)) })
    expect(await isIn(there)).toBe(false)
    expect(await isIn(here)).toBe(true)
  })

  test('nobody signs out another person’s session', async () => {
    const user01 = await signIn(world, 'user01')
    const user03 = await signIn(world, 'user03')
    await user03.get(paths.profile())
    const answer = await user03.post(paths.profilePart('sessions'), { session: tokenHash(idOf(user01)) })
    expect(answer.status).toBe(409)
    expect(await isIn(user01)).toBe(true)
  })

  test('Sign out everywhere ends them all', async () => {
    const agents = [await signIn(world, 'manager01'), await signIn(world, 'manager01')] as const
    const page = await agents[0].press(paths.profile(), 'Sign out everywhere')
    expect(page.heading).toBe('Sign in')
    expect(page.flash).toBe('You are signed out everywhere.')
    expect(await Promise.all(agents.map(isIn))).toEqual([false, false])
  })

  test('changing the password ends all other sessions', async () => {
    const here = await signIn(world, 'manager03')
    const there = await signIn(world, 'manager03')
    const filling = {
      'Present Password': testPassword,
      'New Password': 'a quite different phrase',
      'New Password again': 'a quite different phrase',
    }
    const page = await here.fillIn(paths.profile(), filling, 'Change password')
    expect(page.flash).toBe('Your password is changed, and your other session is ended.')
    expect(await isIn(here)).toBe(true)
    expect(await isIn(there)).toBe(false)
    await signIn(world, 'manager03', 'a quite different phrase')
    await expect(signIn(world, 'manager03')).rejects.toThrow('could not sign in')
  })

  test('a wrong present password changes nothing and redisplays none', async () => {
    const user01 = await signIn(world, 'user01')
    const filling = {
      'Present Password': 'not my password',
      'New Password': 'a quite different phrase',
      'New Password again': 'a quite different phrase',
    }
    const page = await user01.fillIn(paths.profile(), filling, 'Change password')
    expect(page.status).toBe(422)
    expect(page.errorOf('Present Password')).toBe('This is not your password. Type it again.')
    expect(page.body).not.toContain('a quite different phrase')
    await signIn(world, 'user01')
  })

  test('rows of ended sessions stay a day, to give a form back', async () => {
    const user01 = await signIn(world, 'user01')
    await user01.press(paths.profile(), 'Sign out everywhere')
    const count = async () =>
      (await world.deps.db.selectFrom('sessions').selectAll().where('person_id', '=', 'USER01').execute())
        .length
    world.clock.advance(hours(23))
    await tidySignIn(world.deps)
    expect(await count()).toBeGreaterThan(0)
    world.clock.advance(hours(2))
    await tidySignIn(world.deps)
    expect(await count()).toBe(0)
  })
})
