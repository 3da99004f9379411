import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { issueLink } from '../../src/auth/links.ts'
import { setUpLink } from '../../src/auth/set-up.ts'
import { days, hours, minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

const phrase = 'a quite different phrase'
const twice = { 'New Password': phrase, 'New Password again': phrase }

describe.each(engines)('single-use links (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  /** The link of the last mail, as a path. */
  const mailedLink = async () => {
    const link = (await world.mails()).at(-1)?.link ?? ''
    return link.replace(world.config.PUBLIC_URL, '')
  }
  const ask = (loginId: string) =>
    visitor(world).fillIn(paths.forgotten(), { 'Login ID': loginId }, 'Send link')

  test('who has forgotten the password gets a link, sets a new one and signs in', async () => {
    await ask('user01@example.com')
    const page = await visitor(world).fillIn(await mailedLink(), twice, 'Set password')
    expect(page.flash).toBe('Your password is set. Sign in with it.')
    await signIn(world, 'user01', phrase)
    await expect(signIn(world, 'user01')).rejects.toThrow('could not sign in')
  })

  test('the answer is the same whether the person exists, and the mail goes to those who do', async () => {
    const [known, unknown] = [await ask('user01@example.com'), await ask('nobody@example.com')]
    expect(known.status).toBe(unknown.status)
    expect(known.text).toBe(unknown.text)
    expect((await world.mails()).map(mail => mail.to_address)).toEqual(['user01@example.com'])
  })

  test('asking again and again sends one mail in five minutes', async () => {
    for (let i = 0; i < 3; i++) await ask('user01@example.com')
    expect(await world.mails()).toHaveLength(1)
    world.clock.advance(minutes(5))
    await ask('user01@example.com')
    expect(await world.mails()).toHaveLength(2)
  })

  test('an inactive person gets none', async () => {
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'USER01')
      .execute()
    await ask('user01@example.com')
    expect(await world.mails()).toHaveLength(0)
  })

  test('looking at a link changes nothing: mail scanners look at all of them', async () => {
    await ask('user01@example.com')
    const before = await world.deps.db.selectFrom('link_tokens').selectAll().execute()
    for (let i = 0; i < 3; i++) expect((await visitor(world).get(await mailedLink())).status).toBe(200)
    expect(await world.deps.db.selectFrom('link_tokens').selectAll().execute()).toEqual(before)
    await signIn(world, 'user01')
  })

  test('a link works once', async () => {
    await ask('user01@example.com')
    const link = await mailedLink()
    const open = await visitor(world).get(link)
    await visitor(world).fillIn(link, twice, 'Set password')
    expect(open.heading).toBe('Set a new password')
    const again = await visitor(world).get(link)
    expect(again.status).toBe(404)
    expect(again.heading).toBe('This link can’t be used any more')
    expect(again.link('Get a new link')).toBe(paths.forgotten())
  })

  test('of two at the same moment, one gets it', async () => {
    await ask('user01@example.com')
    const link = await mailedLink()
    const browsers = [visitor(world), visitor(world)]
    for (const browser of browsers) await browser.get(link)
    const pages = await Promise.all(
      browsers.map(browser => browser.post(link, { password: phrase, password_again: phrase })),
    )
    expect(pages.map(page => page.heading).sort()).toEqual(['Sign in', 'This link can’t be used any more'])
  })

  test('a link expires, and a newer one replaces it', async () => {
    await ask('user01@example.com')
    const first = await mailedLink()
    world.clock.advance(minutes(10))
    await ask('user01@example.com')
    expect((await visitor(world).get(first)).status).toBe(404)
    world.clock.advance(hours(2))
    expect((await visitor(world).get(await mailedLink())).status).toBe(404)
  })

  test('using it signs the person out everywhere', async () => {
    const user01 = await signIn(world, 'user01')
    await ask('user01@example.com')
    await visitor(world).fillIn(await mailedLink(), twice, 'Set password')
    expect((await user01.get(paths.profile())).heading).toBe('Sign in')
  })

  test.each([
    ['short', 'The password has 5 characters. Use at least 12; several words are easy to remember.'],
    ['x'.repeat(129), 'The password has 129 characters. Use at most 128.'],
    ['USER01@example.com', 'The password is your Login ID. Use something that others don’t know.'],
    ['password1234', 'This is one of the commonest passwords. Use something that nobody else uses.'],
    ['aaaaaaaaaaaaaa', 'The password repeats a few characters. Use something less easy to guess.'],
  ])('the password %j is refused in words, and the link still works', async (bad, words) => {
    await ask('user01@example.com')
    const link = await mailedLink()
    const page = await visitor(world).fillIn(
      link,
      { 'New Password': bad, 'New Password again': bad },
      'Set password',
    )
    expect(page.status).toBe(422)
    expect(page.errorOf('New Password')).toBe(words)
    expect((await visitor(world).fillIn(link, twice, 'Set password')).heading).toBe('Sign in')
  })

  test('two different passwords are refused', async () => {
    await ask('user01@example.com')
    const page = await visitor(world).fillIn(
      await mailedLink(),
      { 'New Password': phrase, 'New Password again': `${phrase}!` },
      'Set password',
    )
    expect(page.errorOf('New Password again')).toBe('The two passwords differ. Type both again.')
  })

  test('a new person sets their first password by the mailed link', async () => {
    const { db } = world.deps
    await db.updateTable('persons').set({ password_hash: null }).where('id', '=', 'USER02').execute()
    await db.transaction().execute(tx => issueLink(tx, world.deps, 'USER02', 'first-sign-in'))
    const page = await visitor(world).get(await mailedLink())
    expect(page.heading).toBe('Welcome to Gatehouse')
    await visitor(world).fillIn(await mailedLink(), twice, 'Set password')
    await signIn(world, 'user02', phrase)
  })

  test('a password alone lets nobody in who is PENDING CREATE', async () => {
    const { db } = world.deps
    await db.updateTable('persons').set({ status: 'PENDING CREATE' }).where('id', '=', 'USER02').execute()
    await db.transaction().execute(tx => issueLink(tx, world.deps, 'USER02', 'first-sign-in'))
    await visitor(world).fillIn(await mailedLink(), twice, 'Set password')
    await expect(signIn(world, 'user02', phrase)).rejects.toThrow('could not sign in')
  })

  test('neither token nor password stand in the database', async () => {
    await ask('user01@example.com')
    const token = (await mailedLink()).replace('/link/', '')
    await visitor(world).fillIn(await mailedLink(), twice, 'Set password')
    for (const table of ['link_tokens', 'audit_events', 'persons'] as const) {
      const text = JSON.stringify(await world.deps.db.selectFrom(table).selectAll().execute())
      expect(text).not.toContain(token)
      expect(text).not.toContain(phrase)
    }
  })
})

describe.each(engines)('setting up an empty portal (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
    for (const table of ['customer_access', 'accesses', 'persons'] as const)
      await world.deps.db.deleteFrom(table).execute()
  })
  afterEach(() => world.close())

  const filling = { 'Login ID': 'Olga@example.com', 'First Name': 'Olga', 'Last Name': 'Operator', ...twice }
  const pathOf = (link: string | null) => (link ?? '').replace(world.deps.config.PUBLIC_URL, '')

  test('the link makes the first operator, once', async () => {
    const link = pathOf(await setUpLink(world.deps))
    const page = await visitor(world).fillIn(link, filling, 'Set up')
    expect(page.flash).toBe('The portal is set up. Sign in as its first operator.')
    const operator = await world.deps.db.selectFrom('persons').selectAll().executeTakeFirstOrThrow()
    expect(operator).toMatchObject({
      id: 'OPERATOR01',
      role: 'OPERATOR',
      status: 'ACTIVE',
      display_name: 'Olga Operator',
    })
    await signIn(world, 'olga', phrase)
    expect((await visitor(world).get(link)).status).toBe(404)
    expect(await setUpLink(world.deps)).toBeNull()
  })

  test('each start gives a new link, and the one before stops working', async () => {
    const first = pathOf(await setUpLink(world.deps))
    const second = pathOf(await setUpLink(world.deps))
    expect((await visitor(world).get(first)).status).toBe(404)
    expect((await visitor(world).get(second)).heading).toBe('Set up Gatehouse')
    world.clock.advance(days(1))
    expect((await visitor(world).get(second)).status).toBe(404)
  })

  test('portals that start at the same moment may each print one: the first one used makes the operator', async () => {
    const links = [pathOf(await setUpLink(world.deps)), pathOf(await setUpLink(world.deps))] as const
    await world.deps.db.updateTable('link_tokens').set({ used_at: null }).execute()
    await visitor(world).fillIn(links[0], filling, 'Set up')
    const other = { ...filling, 'Login ID': 'other@example.com' }
    expect((await visitor(world).fillIn(links[1], other, 'Set up')).status).toBe(404)
    const persons = await world.deps.db.selectFrom('persons').select('login_id').execute()
    expect(persons).toEqual([{ login_id: 'Olga@example.com' }])
  })

  test('what is wrong is said beside its field, and the rest stays filled in', async () => {
    const link = pathOf(await setUpLink(world.deps))
    const page = await visitor(world).fillIn(link, { ...filling, 'Login ID': 'olga' }, 'Set up')
    expect(page.errorOf('Login ID')).toBe('A Login ID is an e-mail address, such as name@example.com.')
    expect(page.field('First Name')).toBe('Olga')
    expect(page.body).not.toContain(phrase)
  })
})

test('the password of the tests is one that people may choose', () => {
  expect(testPassword.length).toBeGreaterThanOrEqual(12)
})
