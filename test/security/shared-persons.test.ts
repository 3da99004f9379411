import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { days, hours } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { grantCustomer } from '../../src/people/new-access.ts'
import { sendSignInLink } from '../../src/people/person-status.ts'
import type { PersonChange } from '../../src/people/save-person.ts'
import { findVisiblePerson } from '../../src/people/visible-person.ts'
import { visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { actorNow, customersNow, personNow, saveAs, trailOf } from '../support/persons.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('a manager of 20000 who grants USER01 of 10000 (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const share = async () => {
    await grantCustomer(world.deps, world.actor('MANAGER03'), 'user01@example.com', '20000')
  }
  const attack = (changed: Partial<PersonChange>) => saveAs(world, 'MANAGER03', 'USER01', changed)
  const mailedLink = async (template: string) =>
    ((await world.mails()).findLast(mail => mail.template === template)?.link ?? '').replace(
      world.config.PUBLIC_URL,
      '',
    )

  const setNewPassword = async (loginId: string) => {
    const phrase = 'a quite different phrase'
    const twice = { 'New Password': phrase, 'New Password again': phrase }
    await visitor(world).fillIn(paths.forgotten(), { 'Login ID': loginId }, 'Send link')
    await visitor(world).fillIn(await mailedLink('reset'), twice, 'Set password')
  }

  test.each([
    [{ first_name: 'Mallory' }, 'first_name'],
    [{ last_name: 'Mallory' }, 'last_name'],
    [{ display_name: 'Mallory' }, 'display_name'],
    [{ primary_email: 'mallory@example.com' }, 'primary_email'],
  ])('changes nothing of who they are: %j', async (changed, field) => {
    await share()
    const before = await personNow(world, 'USER01')
    const mails = (await world.mails()).length
    const result = await attack(changed)
    expect(result).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    expect(!result.ok && result.problem.kind === 'invalid' && Object.keys(result.problem.fields)).toEqual([
      field,
    ])
    expect(await personNow(world, 'USER01')).toEqual(before)
    expect(await world.mails()).toHaveLength(mails)
  })

  test('sends no sign-in link, neither before nor after', async () => {
    const send = () => sendSignInLink(world.deps, world.actor('MANAGER03'), 'USER01')
    expect(await send()).toMatchObject({ ok: false, problem: { kind: 'not_found' } })
    await share()
    expect(await send()).toMatchObject({ ok: false, problem: { kind: 'forbidden' } })
    // Nor does the manager they had before, once they are shared.
    expect(await sendSignInLink(world.deps, world.actor('MANAGER01'), 'USER01')).toMatchObject({
      problem: { kind: 'forbidden' },
    })
    expect(await sendSignInLink(world.deps, world.actor('MANAGER01'), 'USER02')).toMatchObject({ ok: true })
  })

  test('sees nobody before, and only the own row after', async () => {
    const see = () => findVisiblePerson(world.deps.db, world.actor('MANAGER03'), 'USER01')
    expect(await see()).toBeUndefined()
    await share()
    const seen = await see()
    expect(seen?.list.map(customer => customer.id)).toEqual(['20000'])
    expect(seen?.moreCustomers).toBe(false)
    const own = await findVisiblePerson(world.deps.db, world.actor('USER01'), 'USER01')
    expect(own?.list.map(customer => customer.id)).toEqual(['10000', '20000'])
  })

  test('takes no customer away but the own one, in the same words as one that is not there', async () => {
    await share()
    const foreign = await attack({ remove_customers: ['10000'] })
    const absent = await attack({ remove_customers: ['99999'] })
    expect(foreign).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    expect(JSON.stringify(foreign).replaceAll('10000', '99999')).toBe(JSON.stringify(absent))
    expect(await attack({ remove_customers: ['20000'] })).toMatchObject({ ok: true })
    expect(await customersNow(world, 'USER01')).toEqual(['10000'])
    expect(await personNow(world, 'USER01')).toMatchObject({ status: 'ACTIVE' })
  })

  test('makes them a manager of 20000 only, and leaves managers of 10000 to 10000', async () => {
    await share()
    expect(await attack({ role: 'MANAGER', managing_customer_id: '10000' })).toMatchObject({ ok: true })
    expect(await personNow(world, 'USER01')).toMatchObject({ role: 'MANAGER', managing_customer_id: '20000' })
    await grantCustomer(world.deps, world.actor('MANAGER03'), 'manager02@example.com', '20000')
    const stolen = await saveAs(world, 'MANAGER03', 'MANAGER02', { role: 'STD_USER' })
    expect(stolen).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    const moved = await saveAs(world, 'MANAGER03', 'MANAGER02', { managing_customer_id: '20000' })
    expect(moved).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    expect(await personNow(world, 'MANAGER02')).toMatchObject({ managing_customer_id: '10000' })
    await saveAs(world, 'MANAGER01', 'MANAGER02', { role: 'STD_USER' })
    expect(await saveAs(world, 'MANAGER03', 'MANAGER02', { role: 'MANAGER' })).toMatchObject({ ok: true })
    expect(await personNow(world, 'MANAGER02')).toMatchObject({ managing_customer_id: '20000' })
  })

  test('gets nothing by an address asked for while the person was theirs alone', async () => {
    expect(
      await saveAs(world, 'MANAGER03', 'USER03', { primary_email: 'mallory@example.com' }),
    ).toMatchObject({ ok: true, value: { pendingEmail: 'mallory@example.com' } })
    await grantCustomer(world.deps, world.actor('MANAGER01'), 'user03@example.com', '10000')
    const page = await visitor(world).press(await mailedLink('confirm-email'), 'Confirm address')
    expect(page.status).toBe(404)
    expect(await personNow(world, 'USER03')).toMatchObject({ primary_email: 'user03@example.com' })
    expect(await trailOf(world, 'USER03')).toContain('Primary Email not confirmed')
  })

  test('is told of nobody by what is said about an operator', async () => {
    const refused = await grantCustomer(world.deps, world.actor('MANAGER03'), 'operator@example.com', '20000')
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    expect(JSON.stringify(refused)).not.toMatch(/OPERATOR|Operator 01/)
    expect(await findVisiblePerson(world.deps.db, world.actor('MANAGER03'), 'OPERATOR01')).toBeUndefined()
    // Whatever stands in the table: an operator is no person to a manager.
    await world.deps.db
      .insertInto('customer_access')
      .values({ person_id: 'OPERATOR01', customer_id: '20000', created_at: world.clock.instant() })
      .execute()
    expect(await findVisiblePerson(world.deps.db, world.actor('MANAGER03'), 'OPERATOR01')).toBeUndefined()
    expect(await saveAs(world, 'MANAGER03', 'OPERATOR01', { first_name: 'M' })).toMatchObject({
      problem: { kind: 'not_found' },
    })
  })

  describe('another Primary Email', () => {
    const ask = () => saveAs(world, 'USER01', 'USER01', { primary_email: 'one@example.com' })

    test('counts after the link sent there was used, and the old address is told at once', async () => {
      expect(await ask()).toMatchObject({ ok: true, value: { pendingEmail: 'one@example.com' } })
      expect((await world.mails()).map(mail => [mail.to_address, mail.template])).toEqual([
        ['one@example.com', 'confirm-email'],
        ['user01@example.com', 'email-to-change'],
      ])
      const seen = await findVisiblePerson(world.deps.db, await actorNow(world, 'USER01'), 'USER01')
      expect(seen).toMatchObject({ pendingEmail: 'one@example.com' })
      expect(seen?.person.primary_email).toBe('user01@example.com')
      const link = await mailedLink('confirm-email')
      const scanned = await visitor(world).get(link)
      expect(scanned.heading).toBe('Confirm your Primary Email')
      expect(await personNow(world, 'USER01')).toMatchObject({ primary_email: 'user01@example.com' })
      const done = await visitor(world).press(link, 'Confirm address')
      expect(done.flash).toBe('one@example.com is confirmed and is the Primary Email from now on.')
      expect(await personNow(world, 'USER01')).toMatchObject({ primary_email: 'one@example.com' })
      expect(await trailOf(world, 'USER01')).toEqual([
        'Primary Email change asked for',
        'Primary Email confirmed',
      ])
      expect((await visitor(world).get(link)).status).toBe(404)
    })

    test('waits once: asking for another one voids the first link', async () => {
      await ask()
      const first = await mailedLink('confirm-email')
      await saveAs(world, 'USER01', 'USER01', { primary_email: 'two@example.com' })
      expect((await visitor(world).get(first)).status).toBe(404)
      await visitor(world).press(await mailedLink('confirm-email'), 'Confirm address')
      expect(await personNow(world, 'USER01')).toMatchObject({ primary_email: 'two@example.com' })
    })

    test('floods nobody: after some links in an hour there are no more', async () => {
      for (let i = 0; i < 5; i++)
        await saveAs(world, 'USER01', 'USER01', { primary_email: `victim${i}@example.com` })
      const mails = (await world.mails()).length
      expect(await ask()).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      expect(await world.mails()).toHaveLength(mails)
      world.clock.advance(hours(1))
      expect(await ask()).toMatchObject({ ok: true })
    })

    test('confirmed twice at once is confirmed once', async () => {
      await ask()
      const link = await mailedLink('confirm-email')
      const two = [visitor(world), visitor(world)]
      for (const one of two) await one.get(link)
      const answers = await Promise.all(two.map(one => one.post(link)))
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 404])
      const confirmed = (await trailOf(world, 'USER01')).filter(verb => verb === 'Primary Email confirmed')
      expect(confirmed).toHaveLength(1)
    })

    test('is never confirmed after a week, nor after a new password was set at the old address', async () => {
      await ask()
      world.clock.advance(days(8))
      expect((await visitor(world).get(await mailedLink('confirm-email'))).status).toBe(404)
      await ask()
      await setNewPassword('user01@example.com')
      expect((await visitor(world).get(await mailedLink('confirm-email'))).status).toBe(404)
    })

    test('is not confirmed for who is INACTIVE meanwhile', async () => {
      await ask()
      const link = await mailedLink('confirm-email')
      await saveAs(world, 'MANAGER01', 'USER01', { remove_customers: ['10000'] })
      expect((await visitor(world).get(link)).status).toBe(404)
      const again = await saveAs(world, 'OPERATOR01', 'USER01', { primary_email: 'one@example.com' })
      expect(again).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    })
  })

  test('a new password voids no decision that waits, deactivation does', async () => {
    const { db } = world.deps
    const access = await db
      .selectFrom('accesses')
      .select('id')
      .where('person_id', '=', 'USER03')
      .executeTakeFirstOrThrow()
    const now = world.clock.instant()
    await db
      .insertInto('link_tokens')
      .values({
        token_hash: 'x',
        person_id: 'MANAGER02',
        purpose: 'decision',
        access_id: access.id,
        expires_at: '2999-01-01T00:00:00.000Z',
        used_at: null,
        created_at: now,
      })
      .execute()
    const decision = async () =>
      (
        await db
          .selectFrom('link_tokens')
          .select('used_at')
          .where('token_hash', '=', 'x')
          .executeTakeFirstOrThrow()
      ).used_at
    await setNewPassword('manager02@example.com')
    expect(await decision()).toBeNull()
    await saveAs(world, 'MANAGER01', 'MANAGER02', { remove_customers: ['10000'] })
    expect(await decision()).not.toBeNull()
  })
})
