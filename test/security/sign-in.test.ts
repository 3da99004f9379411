import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashesDone } from '../../src/auth/passwords.ts'
import { paths } from '../../src/paths.ts'
import { signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

const refusal =
  'Login ID and password don’t match an active person. Check both, or choose “Forgotten your password?”.'

describe.each(engines)('signing in (%s)', engine => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine)
  })
  afterAll(() => world.close())
  const setStatus = (id: string, status: 'ACTIVE' | 'INACTIVE' | 'PENDING CREATE') =>
    world.deps.db.updateTable('persons').set({ status }).where('id', '=', id).execute()

  test('a person signs in with Login ID and password', async () => {
    const user01 = await signIn(world, 'user01')
    const page = await user01.get(paths.profile())
    expect(page.status).toBe(200)
    expect(page.text).toContain('user01@example.com')
  })

  test.each([' USER01@Example.com ', 'ｕｓｅｒ０１@example.com'])(
    'the Login ID is the same in any case and width: %s',
    async loginId => {
      const page = await visitor(world).signIn(loginId, testPassword)
      expect(page.path).not.toBe(paths.signIn())
    },
  )

  test('signing in is in the trail, without the password', async () => {
    await signIn(world, 'user02')
    const row = await world.deps.db
      .selectFrom('audit_events')
      .selectAll()
      .where('verb', '=', 'person signed in')
      .where('subject_id', '=', 'USER02')
      .executeTakeFirstOrThrow()
    expect(row.actor_id).toBe('USER02')
    expect(JSON.stringify(row)).not.toContain(testPassword)
  })

  test.each([
    ['a wrong password', 'manager01@example.com', 'wrong horse battery', undefined],
    ['an unknown Login ID', 'nobody@example.com', testPassword, undefined],
    ['an inactive person', 'manager02@example.com', testPassword, 'INACTIVE'],
    ['a person who was never there yet', 'manager02@example.com', testPassword, 'PENDING CREATE'],
  ] as const)(
    '%s is refused in the same words, after hashing once',
    async (_what, loginId, password, status) => {
      if (status) await setStatus('MANAGER02', status)
      const hashes = hashesDone()
      const page = await visitor(world).signIn(loginId, password)
      expect(hashesDone() - hashes).toBe(1)
      expect(page.status).toBe(403)
      expect(page.problems).toEqual([refusal])
      expect(page.field('Login ID')).toBe(loginId)
      expect(page.body).not.toContain(password)
      if (status) await setStatus('MANAGER02', 'ACTIVE')
    },
  )

  test('empty fields are named', async () => {
    const page = await visitor(world).signIn('', '')
    expect(page.status).toBe(422)
    expect(page.errorOf('Login ID')).toBe('Fill in your Login ID.')
    expect(page.errorOf('Password')).toBe('Fill in your password.')
  })

  test('a page that needs sign-in leads there and back', async () => {
    const browser = visitor(world)
    const asked = await browser.get(paths.findNavigation({ q: 'e' }))
    expect(asked.heading).toBe('Sign in')
    const back = await browser.fillIn(
      asked,
      { 'Login ID': 'user01@example.com', Password: testPassword },
      'Sign in',
    )
    expect(back.path).toBe(paths.findNavigation({ q: 'e' }))
  })

  test.each([
    '//evil.example',
    'https://evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    '/%09/evil.example/../..//evil.example',
    'javascript:alert(1)',
  ])('nobody is led away to %j', async target => {
    const browser = visitor(world)
    await browser.get(paths.signIn({ return_to: target }))
    const fields = { login_id: 'user01@example.com', password: testPassword, return_to: target }
    const answer = await browser.send('POST', paths.signIn(), { ...fields, csrf: browser.page?.csrf ?? '' })
    expect(answer.status).toBe(303)
    expect(new URL(answer.location ?? '', 'http://portal.test').origin).toBe('http://portal.test')
    expect(answer.location).not.toMatch(/^\/[/\\]/)
  })

  test('who is signed in is led on from the sign-in page', async () => {
    const user01 = await signIn(world, 'user01')
    const page = await user01.get(paths.signIn({ return_to: paths.profile() }))
    expect(page.heading).toBe('Profile')
  })

  test('a session id planted before sign-in is worth nothing afterwards', async () => {
    const browser = visitor(world)
    browser.cookies.set('gatehouse_session', 'a'.repeat(40))
    await browser.signIn('user01@example.com', testPassword)
    expect(browser.cookies.get('gatehouse_session')).not.toBe('a'.repeat(40))
    const planted = visitor(world)
    planted.cookies.set('gatehouse_session', 'a'.repeat(40))
    expect((await planted.get(paths.profile())).heading).toBe('Sign in')
  })

  test('signing in again ends the session it replaces', async () => {
    const user01 = await signIn(world, 'user01')
    const before = user01.cookies.get('gatehouse_session') ?? ''
    await user01.get(paths.profile())
    await user01.post(paths.signIn(), { login_id: 'user01@example.com', password: testPassword })
    expect(user01.cookies.get('gatehouse_session')).not.toBe(before)
    const old = visitor(world)
    old.cookies.set('gatehouse_session', before)
    expect((await old.get(paths.profile())).heading).toBe('Sign in')
  })

  test('signing out ends the session, not only the cookie', async () => {
    const user01 = await signIn(world, 'user01')
    const cookie = user01.cookies.get('gatehouse_session') ?? ''
    const page = await user01.press(paths.profile(), 'Sign out')
    expect(page.heading).toBe('Sign in')
    expect(user01.cookies.has('gatehouse_session')).toBe(false)
    user01.cookies.set('gatehouse_session', cookie)
    expect((await user01.get(paths.profile())).heading).toBe('Sign in')
  })
})
