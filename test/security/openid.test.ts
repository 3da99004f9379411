import { SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import {
  clientId,
  honest,
  startProvider,
  type TestProvider,
  throughProvider,
  visitProvider,
} from '../support/provider.ts'
import { createWorld, type World } from '../support/world.ts'

const there = paths.signInOpenId()

describe.each(engines)('signing in through a provider (%s)', engine => {
  let world: World
  let provider: TestProvider
  beforeAll(async () => {
    provider = await startProvider()
    const env = { OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: clientId, OIDC_NAME: 'Example Inc' }
    // The provider signs with the computer's clock.
    world = await createWorld(engine, { env, start: new Date().toISOString() })
  })
  afterAll(async () => {
    await world.close()
    await provider.close()
  })
  beforeEach(async () => {
    Object.assign(provider, honest())
    world.clock.set(new Date().toISOString())
    await world.deps.db.deleteFrom('identities').execute()
  })
  const isIn = async (agent: ReturnType<typeof visitor>) =>
    (await agent.get(paths.profile())).heading === 'Profile'

  test('the sign-in page offers it, and it leads back to where one came from', async () => {
    const browser = visitor(world)
    const page = await browser.get(paths.findNavigation({ q: 'e' }))
    const back = await throughProvider(browser, page.link('Sign in with Example Inc'))
    expect(back.path).toBe(paths.findNavigation({ q: 'e' }))
  })

  test('a decision link is not carried through addresses: one comes back to the Start Center', async () => {
    const token = 'd'.repeat(40)
    const page = await visitor(world).get(paths.decision(token))
    expect(page.link('Sign in with Example Inc')).not.toContain(token)
    expect(page.field('Login ID')).toBe('')
  })

  test('a verified address that is a Login ID names the person; from then on the subject does', async () => {
    await throughProvider(visitor(world), there)
    provider.claims = { sub: 'subject-1', email: 'elsewhere@example.com', email_verified: true }
    const browser = visitor(world)
    await throughProvider(browser, there)
    expect((await browser.get(paths.profile())).text).toContain('user01@example.com')
    const rows = await world.deps.db.selectFrom('identities').selectAll().execute()
    expect(rows).toMatchObject([{ issuer: provider.issuer, subject: 'subject-1', person_id: 'USER01' }])
  })

  test.each([
    ['an address that is not verified', { sub: 's2', email: 'user02@example.com', email_verified: false }],
    ['an address that nobody says is verified', { sub: 's2', email: 'user02@example.com' }],
    ['an address that is no Login ID', { sub: 's2', email: 'stranger@example.com', email_verified: true }],
    [
      'an address that only looks like one',
      { sub: 's2', email: 'ｕser02@example.com', email_verified: true },
    ],
    ['no address', { sub: 's2' }],
  ])('%s signs nobody in, and the page says what to do', async (_what, claims) => {
    provider.claims = claims
    const browser = visitor(world)
    const page = await throughProvider(browser, there)
    expect(page.status).toBe(403)
    expect(page.heading).toBe('Sign-in did not work')
    expect(page.text).toContain('Ask your manager to add you')
    expect(await isIn(browser)).toBe(false)
  })

  test('an address given to another subject of the provider does not open the first one’s account', async () => {
    await throughProvider(visitor(world), there)
    provider.claims = { sub: 'subject-2', email: 'user01@example.com', email_verified: true }
    const browser = visitor(world)
    expect((await throughProvider(browser, there)).status).toBe(403)
    expect(await isIn(browser)).toBe(false)
  })

  test('an inactive person stays out', async () => {
    await throughProvider(visitor(world), there)
    const set = (status: 'ACTIVE' | 'INACTIVE') =>
      world.deps.db.updateTable('persons').set({ status }).where('id', '=', 'USER01').execute()
    await set('INACTIVE')
    expect((await throughProvider(visitor(world), there)).status).toBe(403)
    await set('ACTIVE')
  })

  const unsigned = (claims: object) =>
    [{ alg: 'none' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')

  test.each<[string, Partial<TestProvider>]>([
    ['an ID token without a signature', { replace: token => `${unsigned(payloadOf(token))}.` }],
    ['an ID token whose claims were changed', { replace: token => withPayload(token, { sub: 'subject-9' }) }],
    ['another nonce', { bend: ({ payload }) => Object.assign(payload, { nonce: 'other' }) }],
    ['no nonce', { bend: ({ payload }) => Object.assign(payload, { nonce: undefined }) }],
    ['another audience', { bend: ({ payload }) => Object.assign(payload, { aud: 'another-client' }) }],
    [
      'several audiences, made for another one',
      { bend: ({ payload }) => Object.assign(payload, { aud: [clientId, 'b'], azp: 'b' }) },
    ],
    ['another issuer', { bend: ({ payload }) => Object.assign(payload, { iss: 'https://evil.example' }) }],
    ['an expired token', { bend: ({ payload }) => Object.assign(payload, { exp: payload.iat - 3600 }) }],
    ['another state', { detour: url => url.searchParams.set('state', 'other') }],
    [
      'an answer in the name of another issuer',
      { detour: url => url.searchParams.set('iss', 'https://evil.example') },
    ],
    ['an invented code', { detour: url => url.searchParams.set('code', 'invented') }],
    [
      'a refusal',
      {
        detour: url => {
          url.searchParams.delete('code')
          url.searchParams.set('error', 'access_denied')
        },
      },
    ],
  ])('%s is not accepted', async (_what, cheat) => {
    Object.assign(provider, cheat)
    const browser = visitor(world)
    const page = await throughProvider(browser, there)
    expect([page.status, page.heading]).toEqual([403, 'Sign-in did not work'])
    expect(await isIn(browser)).toBe(false)
  })

  test('a token signed with a shared secret is not accepted', async () => {
    const secret = new TextEncoder().encode('the client secret, known to many')
    provider.replace = token =>
      new SignJWT(payloadOf(token)).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    expect((await throughProvider(visitor(world), there)).status).toBe(403)
  })

  test('an answer can be brought back once, and only by the browser that left', async () => {
    const browser = visitor(world)
    const back = await visitProvider(browser, there)
    const other = await visitor(world).get(back)
    expect([other.status, other.heading]).toEqual([403, 'Sign-in did not work'])
    expect((await browser.get(back)).status).not.toBe(403)
    await browser.press(paths.profile(), 'Sign out')
    expect((await browser.get(back)).status).toBe(403)
  })

  test('an answer that took too long is not accepted', async () => {
    const browser = visitor(world)
    const back = await visitProvider(browser, there)
    world.clock.advance(minutes(11))
    expect((await browser.get(back)).status).toBe(403)
  })

  describe('identifying again', () => {
    const again = `${there}?identify=yes`
    const provenAt = (date: Date) => {
      provider.bend = ({ payload }) =>
        Object.assign(payload, { auth_time: Math.floor(date.getTime() / 1000) })
    }
    const identifiedAt = async () =>
      (
        await world.deps.db
          .selectFrom('sessions')
          .select('identified_at')
          .where('person_id', '=', 'USER01')
          .where('ended_at', 'is', null)
          .orderBy('identified_at', 'desc')
          .executeTakeFirstOrThrow()
      ).identified_at

    test('counts when the provider has just asked the same person', async () => {
      const user01 = visitor(world)
      await throughProvider(user01, there)
      world.clock.advance(minutes(16))
      provenAt(world.clock.now())
      await throughProvider(user01, again)
      expect(await identifiedAt()).toBe(world.clock.instant())
    })

    test.each<[string, () => void]>([
      ['a proof from before', () => provenAt(new Date(world.clock.now().getTime() - minutes(10)))],
      ['no word of when it was proven', () => {}],
      ['another person', () => Object.assign(provider.claims, { sub: 'subject-3', auth_time: 4e9 })],
    ])('does not count with %s', async (_what, cheat) => {
      const user01 = visitor(world)
      await throughProvider(user01, there)
      world.clock.advance(minutes(16))
      cheat()
      expect((await throughProvider(user01, again)).status).toBe(403)
      expect(await identifiedAt()).not.toBe(world.clock.instant())
    })
  })
})

const payloadOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

function withPayload(token: string, claims: object): string {
  const [header, , signature] = token.split('.')
  const payload = Buffer.from(JSON.stringify({ ...payloadOf(token), ...claims })).toString('base64url')
  return [header, payload, signature].join('.')
}

test('without a provider in the configuration there is no such page', async () => {
  const world = await createWorld('sqlite')
  expect((await visitor(world).get(there)).status).toBe(404)
  expect((await visitor(world).get(paths.signIn())).text).not.toContain('Sign in with')
  await world.close()
})
