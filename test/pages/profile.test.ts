import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('the profile (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())
  const person = (id = 'USER01') =>
    world.deps.db.selectFrom('persons').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  test('who has not changed the time zone has UTC, and the page says so', async () => {
    const page = await (await signIn(world, 'user01')).get(paths.profile())
    expect(page.field('Time Zone')).toBe('UTC')
    expect(page.text).toContain('If you have not changed your time zone, times are UTC.')
  })

  test('names the customers of the Customer Access List', async () => {
    const page = await (await signIn(world, 'user01')).get(paths.profile())
    expect(factOf(page, 'Customer Access List')).toBe('10000 Harbour Logistics')
    const operator = await (await signIn(world, 'operator')).get(paths.profile())
    expect(factOf(operator, 'Customer Access List')).toBe('An operator sees every customer.')
  })

  test('time zone, theme, shortcuts and mails are saved together and shown again', async () => {
    const user01 = await signIn(world, 'user01')
    const wishes = {
      'Time Zone': 'Europe/Berlin',
      Theme: 'Dark',
      'Keyboard shortcuts': false,
      'A service request of mine starts': false,
    }
    const page = await user01.fillIn(paths.profile(), wishes, 'Save')
    expect(page.flash).toBe('Your profile is saved.')
    for (const [label, value] of Object.entries(wishes)) expect(page.field(label)).toBe(value)
    expect(page.field('A service request of mine ends')).toBe(true)
    expect(await person()).toMatchObject({
      time_zone: 'Europe/Berlin',
      theme: 'dark',
      shortcuts: 0,
      muted_mails: '["service-request-started"]',
    })
    expect(page.document.querySelector('html')?.getAttribute('data-theme')).toBe('dark')
  })

  test('the change is in the trail, once', async () => {
    const user01 = await signIn(world, 'user01')
    await user01.fillIn(paths.profile(), { 'Time Zone': 'Europe/Berlin' }, 'Save')
    await user01.fillIn(paths.profile(), { 'Time Zone': 'Europe/Berlin' }, 'Save')
    const rows = await world.deps.db
      .selectFrom('audit_events')
      .select(['actor_id', 'detail'])
      .where('verb', '=', 'preferences changed')
      .execute()
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ actor_id: 'USER01' })
    expect(JSON.parse(rows[0]?.detail ?? '')).toEqual({ time_zone: [null, 'Europe/Berlin'] })
  })

  test.each(['Mars/Olympus', '+01:00', '', 'Europe/Berlin; drop'])('%j is no time zone', async zone => {
    const user01 = await signIn(world, 'user01')
    await user01.get(paths.profile())
    const page = await user01.post(paths.profile(), { time_zone: zone, theme: 'dark' })
    expect(page.status).toBe(422)
    expect(page.errorOf('Time Zone')).toBe('Choose one of the time zones offered, such as Europe/Berlin.')
    expect(page.field('Theme')).toBe('Dark')
    expect((await person()).theme).toBe('system')
  })

  test('a zone that is no longer listed stays chosen', async () => {
    await world.deps.db
      .updateTable('persons')
      .set({ time_zone: 'Asia/Calcutta' })
      .where('id', '=', 'USER01')
      .execute()
    const user01 = await signIn(world, 'user01')
    const page = await user01.fillIn(paths.profile(), { Theme: 'Light' }, 'Save')
    expect(page.field('Time Zone')).toBe('Asia/Calcutta')
  })

  test('a page is starred and unstarred; twice is harmless', async () => {
    const user01 = await signIn(world, 'user01')
    const star = (starred: string) =>
      user01.post(paths.favorite('service-requests'), { starred, return_to: paths.profile() })
    const favorites = () => world.deps.db.selectFrom('favorites').select(['person_id', 'page']).execute()
    await user01.get(paths.profile())
    for (let i = 0; i < 2; i++) expect((await star('yes')).heading).toBe('Profile')
    expect(await favorites()).toEqual([{ person_id: 'USER01', page: 'service-requests' }])
    for (let i = 0; i < 2; i++) await star('no')
    expect(await favorites()).toEqual([])
    expect((await user01.post(paths.favorite('toString'), { starred: 'yes' })).status).toBe(404)
  })

  test('the theme is changed from the menu of any page, and one stays there', async () => {
    const user01 = await signIn(world, 'user01')
    await user01.get(paths.profile())
    const page = await user01.post(paths.profilePart('theme'), {
      theme: 'light',
      return_to: paths.findNavigation(),
    })
    expect(page.heading).toBe('Find navigation item')
    expect((await person()).theme).toBe('light')
  })

  test('Find navigation item leads to the only match, and lists several', async () => {
    const operator01 = await signIn(world, 'operator01')
    expect((await operator01.send('GET', paths.findNavigation({ q: 'profi' }))).location).toBe(
      paths.profile(),
    )
    const page = await operator01.get(paths.findNavigation({ q: 'administration' }))
    expect(page.text).toContain('Administration › Customers')
    const none = await operator01.get(paths.findNavigation({ q: 'zebra <b>' }))
    expect(none.text).toContain('No page is called “zebra <b>”.')
  })

  test('what one may not open is not found', async () => {
    const user01 = await signIn(world, 'user01')
    expect((await user01.get(paths.findNavigation({ q: 'runbooks' }))).text).toContain('No page is called')
  })

  test('sensitive acts ask again after a quarter of an hour, and a wrong password does not do', async () => {
    const user01 = await signIn(world, 'user01')
    world.clock.advance(minutes(16))
    const at = paths.identify({ return_to: paths.profile() })
    const wrong = await user01.fillIn(at, { Password: 'not my password' }, 'Continue')
    expect(wrong.errorOf('Password')).toBe('This is not your password. Type it again.')
    const identifiedAt = async () =>
      (await world.deps.db.selectFrom('sessions').select('identified_at').executeTakeFirstOrThrow())
        .identified_at
    expect(await identifiedAt()).not.toBe(world.clock.instant())
    const right = await user01.fillIn(at, { Password: 'correct horse battery' }, 'Continue')
    expect(right.heading).toBe('Profile')
    expect(await identifiedAt()).toBe(world.clock.instant())
  })
})
