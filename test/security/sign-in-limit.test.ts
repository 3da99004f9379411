import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashesDone } from '../../src/auth/passwords.ts'
import { hours, minutes, seconds } from '../../src/clock.ts'
import { type Agent, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** Only failed attempts count: per Login ID and network, and per network. They slow down; they never lock out. */
describe.each(engines)('failed sign-ins (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine, { env: { TRUST_PROXY: '1' } })
  })
  afterEach(() => world.close())

  const from = (address: string): Agent => {
    const agent = visitor(world)
    agent.headers = { 'x-forwarded-for': address }
    return agent
  }
  const fail = (agent: Agent, loginId = 'user01@example.com') => agent.signIn(loginId, 'wrong horse battery')
  const failTimes = async (agent: Agent, times: number, loginId?: string) => {
    for (let i = 0; i < times; i++) expect((await fail(agent, loginId)).status).toBe(403)
  }

  test('a few mistakes cost nothing', async () => {
    const agent = from('192.0.2.7')
    await failTimes(agent, 5)
    expect((await agent.signIn('user01@example.com', testPassword)).status).not.toBe(403)
  })

  test('more of them cost a delay that doubles, up to a quarter of an hour', async () => {
    const agent = from('192.0.2.7')
    await failTimes(agent, 6)
    const delays: number[] = []
    for (let i = 0; i < 12; i++) {
      const refused = await fail(agent)
      expect(refused.status).toBe(429)
      delays.push(Number(refused.headers['retry-after']))
      world.clock.advance(seconds(delays.at(-1) ?? 0))
      await failTimes(agent, 1)
    }
    expect(delays).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  })

  test('the page says how long, and what else to do; the right password waits too, then signs in', async () => {
    const agent = from('192.0.2.7')
    await failTimes(agent, 6)
    const hashes = hashesDone()
    const page = await agent.signIn('user01@example.com', testPassword)
    expect(page.status).toBe(429)
    expect(page.text).toContain('Wait 2 seconds, then try again.')
    expect(hashesDone()).toBe(hashes)
    world.clock.advance(seconds(2))
    expect((await agent.signIn('user01@example.com', testPassword)).status).not.toBe(429)
    // And starts afresh.
    await failTimes(from('192.0.2.7'), 5)
  })

  test('where a proxy names no address, the one that the client wrote is not taken', async () => {
    for (let i = 1; i <= 6; i++) await failTimes(from(`198.51.${i}.1, unknown`), 1)
    expect((await fail(from('198.51.7.1, unknown'))).status).toBe(429)
  })

  test('another network and another person are not touched', async () => {
    await failTimes(from('192.0.2.7'), 6)
    expect((await fail(from('192.0.2.200'))).status).toBe(429)
    expect((await fail(from('198.51.100.7'))).status).toBe(403)
    expect((await fail(from('192.0.2.7'), 'user02@example.com')).status).toBe(403)
  })

  test('the client can’t choose its network by writing headers', async () => {
    await failTimes(from('192.0.2.7'), 6)
    expect((await fail(from('203.0.113.99, 192.0.2.7'))).status).toBe(429)
  })

  test('one network trying many Login IDs is slowed down as a whole', async () => {
    const agent = from('2001:db8:0:1200::5')
    for (let i = 0; i < 51; i++) await failTimes(agent, 1, `guess${i}@example.com`)
    expect((await fail(from('2001:db8:0:12ff::9'), 'user02@example.com')).status).toBe(429)
    expect((await fail(from('2001:db8:0:1300::9'), 'user02@example.com')).status).toBe(403)
    world.clock.advance(seconds(1))
    expect((await from('2001:db8:0:1200::5').signIn('user02@example.com', testPassword)).status).not.toBe(429)
  })

  test('successful sign-ins are never counted', async () => {
    for (let i = 0; i < 60; i++)
      expect((await from('192.0.2.7').signIn('user01@example.com', testPassword)).status).not.toBe(429)
    const rows = await world.deps.db.selectFrom('sign_in_failures').selectAll().execute()
    expect(rows.map(row => row.failures)).toEqual([0])
  })

  test('an hour of quiet, and it is forgotten', async () => {
    const agent = from('192.0.2.7')
    await failTimes(agent, 6)
    world.clock.advance(hours(1) + minutes(1))
    await failTimes(agent, 5)
  })

  test('attempts at the same moment count like attempts in turn', async () => {
    const agents = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const agent = from('192.0.2.7')
        await agent.get('/sign-in')
        return agent
      }),
    )
    const fields = { login_id: 'user01@example.com', password: 'wrong horse battery' }
    const answers = await Promise.all(
      agents.map(agent => agent.send('POST', '/sign-in', { ...fields, csrf: agent.page?.csrf ?? '' })),
    )
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 403)).toHaveLength(6)
    expect(statuses.filter(status => status === 429)).toHaveLength(14)
  })

  test('a Login ID is not kept in clear: people type passwords into that field', async () => {
    await fail(from('192.0.2.7'), 'my secret phrase')
    const rows = await world.deps.db.selectFrom('sign_in_failures').selectAll().execute()
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toContain('secret')
  })
})
