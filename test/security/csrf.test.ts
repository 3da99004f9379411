import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueLink } from '../../src/auth/links.ts'
import { newNonce } from '../../src/http/nonces.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** A form counts only when it came from our page, in this browser, in this session. */
describe('forged forms', () => {
  let world: World
  let user01: Agent
  beforeAll(async () => {
    world = await createWorld('sqlite')
    user01 = await signIn(world, 'user01')
  })
  afterAll(() => world.close())

  const theme = async () =>
    (
      await world.deps.db
        .selectFrom('persons')
        .select('theme')
        .where('id', '=', 'USER01')
        .executeTakeFirstOrThrow()
    ).theme
  const token = async (agent = user01) => (await agent.get(paths.profile())).csrf
  const send = (fields: Record<string, string>, headers: Record<string, string> = {}, agent = user01) =>
    agent.send('POST', paths.profilePart('theme'), { theme: 'dark', ...fields }, headers)

  test('the page’s own form is accepted', async () => {
    expect((await send({ csrf: await token() })).status).toBe(303)
    expect(await theme()).toBe('dark')
    expect((await send({ csrf: await token(), theme: 'system' })).status).toBe(303)
  })

  test('no page has the token of another one, however many there are', () => {
    const nonces = Array.from({ length: 2000 }, () => newNonce())
    expect(new Set(nonces).size).toBe(2000)
    expect(nonces.every(nonce => nonce.length === 12)).toBe(true)
  })

  test('the token may come in a header, as htmx sends it', async () => {
    expect((await send({ theme: 'system' }, { 'x-csrf-token': await token() })).status).toBe(303)
  })

  test.each([
    ['no token', async () => ({})],
    ['an empty token', async () => ({ csrf: '' })],
    ['an invented token', async () => ({ csrf: 'a.b.c' })],
    ['a changed token', async () => ({ csrf: `x${await token()}` })],
    [
      'the token of a browser that is not signed in',
      async () => ({ csrf: (await visitor(world).get(paths.signIn())).csrf }),
    ],
  ])('%s is refused and changes nothing', async (_what, fields) => {
    const page = await send(await fields())
    expect([403, 303]).toContain(page.status)
    if (page.status === 303) expect(page.location).toBe('/')
    expect(await theme()).toBe('system')
  })

  test('the token of another person’s session is refused', async () => {
    const user02 = await signIn(world, 'user02')
    const page = await send({ csrf: await token(user02) })
    expect(page.status).toBe(403)
    expect(page.heading).toBe('This form belongs to someone else')
    expect(await theme()).toBe('system')
  })

  test.each([
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 303],
    ['none', 303],
  ])('Sec-Fetch-Site: %s → %i', async (site, status) => {
    expect((await send({ csrf: await token(), theme: 'system' }, { 'sec-fetch-site': site })).status).toBe(
      status,
    )
  })

  test.each([
    ['http://127.0.0.1:3000', 303],
    ['http://localhost:3000', 303],
    ['http://127.0.0.1:3001', 403],
    ['https://evil.example', 403],
    ['null', 403],
    ['', 403],
  ])('without Sec-Fetch-Site, Origin %j → %i', async (origin, status) => {
    const headers = { 'sec-fetch-site': '', origin }
    expect((await send({ csrf: await token(), theme: 'system' }, headers)).status).toBe(status)
  })

  test('a mailed link’s page, which sends no Referer and so no Origin, has its own form accepted', async () => {
    await world.deps.db.transaction().execute(tx => issueLink(tx, world.deps, 'USER02', 'reset'))
    const link = new URL((await world.mails()).at(-1)?.link ?? '').pathname
    const browser = visitor(world)
    const { csrf } = await browser.get(link)
    const headers = { 'sec-fetch-site': '', origin: 'null' }
    // Its token counts, and then there is a password to choose.
    expect((await browser.send('POST', link, { csrf }, headers)).status).toBe(422)
    expect((await browser.send('POST', link, {}, headers)).status).toBe(403)
  })

  test('sign-in itself needs the token of its own page', async () => {
    const browser = visitor(world)
    await browser.get(paths.signIn())
    const other = await visitor(world).get(paths.signIn())
    const fields = { login_id: 'user01@example.com', password: testPassword, csrf: other.csrf }
    const page = await browser.send('POST', paths.signIn(), fields)
    expect(page.status).toBe(403)
    expect(page.heading).toBe('This form was not accepted')
    expect(browser.cookies.has('gatehouse_session')).toBe(false)
  })

  test('a sign-in page left open in another tab leads on, once signed in', async () => {
    const browser = visitor(world)
    const tab = await browser.get(paths.signIn())
    const pre = browser.cookies.get('gatehouse_visitor') ?? ''
    await browser.signIn('user01@example.com', testPassword)
    browser.cookies.set('gatehouse_visitor', pre)
    const answer = await browser.send('POST', paths.signIn(), {
      csrf: tab.csrf,
      login_id: 'x',
      password: 'y',
    })
    expect([answer.status, answer.location]).toEqual([303, '/'])
  })

  test('the token is another one on every page, so that compression gives nothing away', async () => {
    expect(await token()).not.toBe(await token())
  })

  test('methods that browsers’ forms do not have are no way around it', async () => {
    const { body } = await user01.send('POST', paths.profilePart('theme'), { _method: 'GET' })
    expect(body).toContain('This form was not accepted')
  })
})
