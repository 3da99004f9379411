import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { days, minutes } from '../../src/clock.ts'
import { forgetKeptForms } from '../../src/http/kept-forms.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { testCertificate, testKey } from '../support/certificate.ts'
import { engines } from '../support/engines.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** A form sent after the session ended comes back filled in, unsaved, to the same person only. */
describe.each(engines)('a form sent after the session ended (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const wishes = { 'Time Zone': 'Europe/Berlin', Theme: 'Dark' }
  const zone = async () =>
    (
      await world.deps.db
        .selectFrom('persons')
        .select('time_zone')
        .where('id', '=', 'USER01')
        .executeTakeFirstOrThrow()
    ).time_zone
  const signInAs = (agent: Agent, page: ShownPage, loginId: string) =>
    agent.fillIn(page, { 'Login ID': loginId, Password: testPassword }, 'Sign in')

  test.each([
    ['idle too long', async () => world.clock.advance(minutes(61))],
    [
      'signed out in another tab',
      async (agent: Agent) => void (await agent.press(paths.profile(), 'Sign out')),
    ],
    [
      'a browser that lost its cookies',
      async (agent: Agent) => {
        agent.cookies.clear()
        await world.deps.db.updateTable('sessions').set({ ended_at: world.clock.instant() }).execute()
      },
    ],
  ])('%s: sign in, and it is there again', async (_how, end) => {
    const user01 = await signIn(world, 'user01')
    const form = await user01.get(paths.profile())
    await end(user01)
    const asked = await user01.fillIn(form, wishes, 'Save')
    expect(asked.heading).toBe('Sign in')
    expect(asked.text).toContain('nothing was saved. Sign in: your form comes back')
    const back = await signInAs(user01, asked, 'user01@example.com')
    expect(back.heading).toBe('Profile')
    expect(back.flash).toBe(
      'Your form is back as you filled it in. It is not saved yet: check it, and press its button again.',
    )
    expect(back.field('Time Zone')).toBe('Europe/Berlin')
    expect(back.field('Theme')).toBe('Dark')
    expect(await zone()).toBeNull()
    await user01.press(back, 'Save')
    expect(await zone()).toBe('Europe/Berlin')
  })

  test('another person who signs in there gets nothing of it', async () => {
    const user01 = await signIn(world, 'user01')
    const form = await user01.get(paths.profile())
    world.clock.advance(minutes(61))
    const asked = await user01.fillIn(form, wishes, 'Save')
    const others = await signInAs(user01, asked, 'user02@example.com')
    expect(others.heading).toBe('Profile')
    expect(others.flash).toBe('')
    expect(others.field('Time Zone')).toBe('UTC')
  })

  test('passwords and tokens are never kept', async () => {
    const user01 = await signIn(world, 'user01')
    const form = await user01.get(paths.profile())
    world.clock.advance(minutes(61))
    const filling = {
      'Present Password': testPassword,
      'New Password': 'x'.repeat(20),
      'New Password again': 'x'.repeat(20),
    }
    await user01.fillIn(form, filling, 'Change password')
    await user01.fillIn(form, wishes, 'Save')
    const rows = await world.deps.db.selectFrom('kept_forms').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(Object.keys(JSON.parse(rows[0]?.fields ?? '{}')).sort()).toEqual(
      expect.not.arrayContaining(['csrf', 'password', 'current_password']),
    )
  })

  test('a private key that was put beside a certificate by mistake is not kept', async () => {
    const operator01 = await signIn(world, 'operator01')
    const form = await operator01.get(paths.adminDatabaseServer('new'))
    world.clock.advance(minutes(16))
    const typed = { Name: 'db1', 'CA certificates': `${testCertificate}${testKey}` }
    expect((await operator01.fillIn(form, typed, 'Save')).heading).not.toBe('db1')
    const rows = await world.deps.db.selectFrom('kept_forms').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(JSON.parse(rows[0]?.fields ?? '{}')).toMatchObject({ name: ['db1'] })
    expect(rows[0]?.fields).not.toContain('PRIVATE KEY')
  })

  test('signed in again meanwhile: the form comes back at once', async () => {
    const user01 = await signIn(world, 'user01')
    const form = await user01.get(paths.profile())
    world.clock.advance(minutes(61))
    await user01.signIn('user01@example.com', testPassword)
    const back = await user01.fillIn(form, wishes, 'Save')
    expect(back.heading).toBe('Profile')
    expect(back.field('Time Zone')).toBe('Europe/Berlin')
    expect(await zone()).toBeNull()
  })

  test('a forged form of nobody’s session is not kept', async () => {
    const user01 = await signIn(world, 'user01')
    const form = await user01.get(paths.profile())
    user01.cookies.clear()
    const answer = await user01.send('POST', paths.profile(), {
      csrf: `x${form.csrf}`,
      time_zone: 'Europe/Berlin',
    })
    expect(answer.status).toBe(403)
    expect(await world.deps.db.selectFrom('kept_forms').selectAll().execute()).toEqual([])
  })

  test('ten are kept a person, for a day', async () => {
    const user01 = await signIn(world, 'user01')
    const form = await user01.get(paths.profile())
    world.clock.advance(minutes(61))
    for (let i = 0; i < 12; i++) await user01.fillIn(form, wishes, 'Save')
    const count = async () => (await world.deps.db.selectFrom('kept_forms').selectAll().execute()).length
    expect(await count()).toBe(10)
    world.clock.advance(days(1) + 1)
    await forgetKeptForms(world.deps)
    expect(await count()).toBe(0)
  })
})
