import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

const anna = {
  'Login ID': 'anna@example.com',
  'First Name': 'Anna',
  'Last Name': 'Ärmel',
  'Primary Email': 'anna.mail@example.com',
  Role: 'STD_USER',
}
const htmx = { 'hx-request': 'true', 'hx-request-type': 'partial' }

describe.each(engines)('Access Management: New Access (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const personOf = (loginId: string) =>
    world.deps.db.selectFrom('persons').selectAll().where('login_key', '=', loginId).executeTakeFirst()
  const customersOf = async (id: string) =>
    (
      await world.deps.db
        .selectFrom('customer_access')
        .select('customer_id')
        .where('person_id', '=', id)
        .orderBy('customer_id')
        .execute()
    ).map(row => row.customer_id)

  describe('a new person', () => {
    test('is PENDING CREATE, then ACTIVE with a mail, in the manager’s customer', async () => {
      const manager01 = await signIn(world, 'manager01')
      const form = await manager01.get((await manager01.get(paths.accessManagement())).link('New Access'))
      const labels = form.main.querySelectorAll('.field-label label').map(label => label.textContent)
      expect(labels).toEqual([
        'Login ID',
        'First Name',
        'Last Name',
        'Primary Email',
        'Role',
        'Managing Customer',
      ])
      expect(form.field('Managing Customer')).toBe('10000')
      const page = await manager01.fillIn(form, anna, 'Save')
      expect(page.heading).toBe('Anna Ärmel')
      expect(page.flash).toContain('The Status is PENDING CREATE for a moment, then ACTIVE')
      expect(factOf(page, 'Status')).toBe('PENDING CREATE')
      expect(page.table('Customer Access List table').map(row => row[0])).toEqual(['10000'])
      await workOff(world)
      expect(factOf(await manager01.get(page.path), 'Status')).toBe('ACTIVE')
      expect((await world.mails()).at(-1)).toMatchObject({
        template: 'first-sign-in',
        to_address: 'anna.mail@example.com',
      })
      const list = await manager01.get(paths.accessManagement())
      expect(list.table('Persons table').map(row => row[0])).toContain('anna@example.com')
    })

    test('with the Role MANAGER manages the customer of who made them', async () => {
      const manager03 = await signIn(world, 'manager03')
      const page = await manager03.fillIn(paths.newAccess(), { ...anna, Role: 'MANAGER' }, 'Save')
      expect(page.field('Managing Customer')).toBe('20000')
      expect(await personOf('anna@example.com')).toMatchObject({
        role: 'MANAGER',
        managing_customer_id: '20000',
      })
    })

    test('needs everything, and says so field by field with what was typed kept', async () => {
      const manager01 = await signIn(world, 'manager01')
      const page = await manager01.fillIn(
        paths.newAccess(),
        { 'First Name': 'Anna', 'Login ID': 'user 01@example.com' },
        'Save',
      )
      expect(page.status).toBe(422)
      expect(page.field('First Name')).toBe('Anna')
      expect(page.field('Login ID')).toBe('user 01@example.com')
      expect(page.errorOf('Login ID')).toContain('This Login ID can’t be used here.')
      expect(page.errorOf('Last Name')).toBe('Type the last name.')
      expect(page.errorOf('Primary Email')).toBe('Type the e-mail address mails are sent to.')
      expect(page.errorOf('Role')).toBe('Choose a Role.')
    })

    test('a manager can’t smuggle another customer, role or code in', async () => {
      const manager01 = await signIn(world, 'manager01')
      const { csrf } = await manager01.get(paths.newAccess())
      const fields = {
        csrf,
        login_id: 'anna@example.com',
        first_name: 'A',
        last_name: 'B',
        primary_email: 'a@example.com',
        customer_id: '20000',
        managing_customer_id: '20000',
        id: 'USER01',
      }
      expect((await manager01.post(paths.newAccess(), { ...fields, role: 'OPERATOR' })).status).toBe(422)
      await manager01.post(paths.newAccess(), { ...fields, role: 'MANAGER' })
      const made = await personOf('anna@example.com')
      expect(made).toMatchObject({ managing_customer_id: '10000' })
      expect(made?.id).not.toBe('USER01')
      expect(await customersOf(made?.id ?? '')).toEqual(['10000'])
    })

    test('twice is harmless: the second one is asked about the first', async () => {
      const manager01 = await signIn(world, 'manager01')
      const form = await manager01.get(paths.newAccess())
      await manager01.fillIn(form, anna, 'Save')
      const again = await manager01.fillIn(form, anna, 'Save')
      expect(again.status).toBe(422)
      expect(again.errorOf('Login ID')).toContain('has access to customer Harbour Logistics already')
    })

    test('New Access is for managers and operators', async () => {
      const user01 = await signIn(world, 'user01')
      const { csrf } = await user01.get(paths.home())
      for (const path of [paths.newAccess(), paths.newAccessForm(), paths.newAccessSelect('customer_id')])
        expect((await user01.get(path)).status).toBe(403)
      for (const path of [
        paths.newAccess(),
        paths.newAccessForm(),
        paths.newAccessQuestion(),
        paths.grantCustomer(),
      ])
        expect((await user01.post(path, { csrf, login_id: 'user03@example.com' })).status).toBe(403)
      expect((await visitor(world).get(paths.newAccess())).heading).toBe('Sign in')
    })
  })

  describe('somebody who exists', () => {
    const question = 'User user03@example.com exists. Grant user access to customer Harbour Logistics?'

    test('a ? beside the Login ID, the question, Yes: done at once, without Save', async () => {
      const manager01 = await signIn(world, 'manager01')
      const form = await manager01.get(paths.newAccess())
      expect(form.buttons).not.toContain('?')
      const drawn = await manager01.fillIn(form, { ...anna, 'Login ID': 'user03@example.com' }, 'Save')
      expect(drawn.status).toBe(422)
      expect(drawn.errorOf('Login ID')).toContain('User user03@example.com exists. Press the question mark')
      expect(drawn.field('First Name')).toBe('Anna')
      const asked = await manager01.press(drawn, '?')
      expect(asked.text).toContain(question)
      expect(asked.buttons.slice(-2)).toEqual(['Yes', 'No'])
      expect(await customersOf('USER03')).toEqual(['20000'])
      const page = await manager01.press(asked, 'Yes')
      expect(page.flash).toBe(
        'User user03@example.com has access to customer Harbour Logistics now. Nothing is left to save; you find them in the List View as USER03.',
      )
      expect(await customersOf('USER03')).toEqual(['10000', '20000'])
      expect(page.table('Customer Access List table').map(row => row[0])).toEqual(['10000'])
      expect((await manager01.get(page.link('List View'))).text).toContain('user03@example.com')
      expect(await personOf('user03@example.com')).toMatchObject({ first_name: 'User', last_name: '03' })
    })

    test('No goes back to the form with everything typed', async () => {
      const manager01 = await signIn(world, 'manager01')
      const drawn = await manager01.fillIn(
        paths.newAccess(),
        { ...anna, 'Login ID': 'user03@example.com' },
        'Save',
      )
      const back = await manager01.press(await manager01.press(drawn, '?'), 'No')
      expect(back.heading).toBe('New Access')
      expect([back.field('Login ID'), back.field('Last Name'), back.field('Primary Email')]).toEqual([
        'user03@example.com',
        'Ärmel',
        'anna.mail@example.com',
      ])
      expect(back.problems).toEqual([])
      expect(await customersOf('USER03')).toEqual(['20000'])
    })

    test('in any spelling of the Login ID', async () => {
      const manager01 = await signIn(world, 'manager01')
      for (const loginId of ['  USER03@Example.com ', 'ｕser03@example.com']) {
        const drawn = await manager01.fillIn(paths.newAccess(), { 'Login ID': loginId }, 'Save')
        expect(drawn.buttons).toContain('?')
      }
      const alike = await manager01.fillIn(paths.newAccess(), { 'Login ID': 'usеr03@example.com' }, 'Save')
      expect(alike.buttons).not.toContain('?')
      expect(alike.errorOf('Login ID')).toContain('This Login ID can’t be used here.')
    })

    test('who has the customer already is shown instead', async () => {
      const manager01 = await signIn(world, 'manager01')
      const drawn = await manager01.fillIn(paths.newAccess(), { 'Login ID': 'user02@example.com' }, 'Save')
      expect(drawn.buttons).not.toContain('?')
      expect((await manager01.get(drawn.link('USER02'))).heading).toBe('User 02')
    })

    test('an operator’s Login ID looks like any that can’t be used', async () => {
      const manager01 = await signIn(world, 'manager01')
      const one = await manager01.fillIn(paths.newAccess(), { 'Login ID': 'operator@example.com' }, 'Save')
      const other = await manager01.fillIn(paths.newAccess(), { 'Login ID': 'no address' }, 'Save')
      expect(one.errorOf('Login ID')).toBe(other.errorOf('Login ID'))
      expect(one.body).not.toContain('OPERATOR01')
      const { csrf } = one
      await manager01.post(paths.grantCustomer(), { csrf, login_id: 'operator@example.com' })
      expect(await customersOf('OPERATOR01')).toEqual([])
    })

    test('an INACTIVE one: Reactivate and grant', async () => {
      await world.deps.db
        .updateTable('persons')
        .set({ status: 'INACTIVE' })
        .where('id', '=', 'USER03')
        .execute()
      const manager01 = await signIn(world, 'manager01')
      const drawn = await manager01.fillIn(paths.newAccess(), { 'Login ID': 'user03@example.com' }, 'Save')
      const asked = await manager01.press(drawn, '?')
      expect(asked.text).toContain(question)
      expect(asked.buttons.slice(-2)).toEqual(['Reactivate and grant', 'No'])
      const page = await manager01.press(asked, 'Reactivate and grant')
      expect(page.flash).toContain('is ACTIVE again and has access to customer Harbour Logistics now')
      expect(await personOf('user03@example.com')).toMatchObject({ status: 'ACTIVE' })
    })

    test('Yes twice, and a question that has become pointless, are harmless', async () => {
      const manager01 = await signIn(world, 'manager01')
      const drawn = await manager01.fillIn(paths.newAccess(), { 'Login ID': 'user03@example.com' }, 'Save')
      const asked = await manager01.press(drawn, '?')
      await manager01.press(asked, 'Yes')
      expect((await manager01.press(asked, 'Yes')).status).toBe(200)
      expect(await customersOf('USER03')).toEqual(['10000', '20000'])
      const late = await manager01.press(drawn, '?')
      expect(late.heading).toBe('Nothing to grant')
      expect((await manager01.press(late, 'Go back')).field('Login ID')).toBe('user03@example.com')
      const { csrf } = late
      const nobody = await manager01.post(paths.grantCustomer(), { csrf, login_id: 'nobody@example.com' })
      expect([nobody.status, nobody.errorOf('Login ID')]).toEqual([
        422,
        'Nobody has this Login ID. Check it, or fill in the other fields and save to create the person.',
      ])
    })

    test('with scripts only the answer and the question are asked for', async () => {
      const manager01 = await signIn(world, 'manager01')
      const { csrf } = await manager01.get(paths.newAccess())
      const fields = { csrf, login_id: 'user03@example.com', first_name: 'Typed' }
      const answer = await manager01.post(paths.newAccessForm(), fields, htmx)
      expect(answer.document.querySelector('#login-answer button')?.textContent?.trim()).toBe('?')
      const dialog = await manager01.post(paths.newAccessQuestion(), fields, htmx)
      expect(dialog.document.querySelector('html')).toBeNull()
      expect(dialog.document.querySelector('input[name="first_name"]')?.getAttribute('value')).toBe('Typed')
      const free = await manager01.post(paths.newAccessForm(), { ...fields, login_id: 'x@example.com' }, htmx)
      expect(free.document.querySelector('#login-answer button')).toBeNull()
    })
  })

  describe('as an operator', () => {
    test('the customer is chosen by id, name or beginning, or looked up', async () => {
      const operator = await signIn(world, 'operator')
      const none = await operator.fillIn(paths.newAccess(), anna, 'Save')
      expect(none.errorOf('Customer')).toBe('Choose the customer the person gets access to.')
      const wrong = await operator.fillIn(none, { Customer: 'nowhere' }, 'Save')
      expect(wrong.errorOf('Customer')).toContain('No customer in use begins with “nowhere”')
      const lookup = await operator.press(wrong, 'Select Value: Customer')
      expect(lookup.heading).toBe('Select Value')
      const filtered = await operator.fillIn(lookup, { Filter: 'mead' }, 'Filter')
      expect(filtered.table('Customer table')).toEqual([['20000', 'Meadow Foods']])
      const chosen = await operator.press(filtered, '20000')
      expect([chosen.field('Customer'), chosen.field('First Name')]).toEqual(['20000', 'Anna'])
      const page = await operator.fillIn(chosen, { Customer: 'harb', Role: 'MANAGER' }, 'Save')
      expect(page.field('Managing Customer')).toBe('10000')
    })

    test('grants a customer to somebody who exists, and identifies again after a while', async () => {
      const operator = await signIn(world, 'operator')
      const drawn = await operator.fillIn(
        paths.newAccess(),
        { 'Login ID': 'user01@example.com', Customer: '20000' },
        'Save',
      )
      const asked = await operator.press(drawn, '?')
      expect(asked.text).toContain('Grant user access to customer Meadow Foods?')
      world.clock.advance(minutes(16))
      const identify = await operator.press(asked, 'Yes')
      expect(await customersOf('USER01')).toEqual(['10000'])
      const back = await operator.fillIn(identify, { Password: testPassword }, identify.buttons[0] ?? '')
      expect(back.field('Login ID')).toBe('user01@example.com')
      await operator.press(await operator.press(back, '?'), 'Yes')
      expect(await customersOf('USER01')).toEqual(['10000', '20000'])
    })

    test('a manager has no lookup of customers', async () => {
      const manager01 = await signIn(world, 'manager01')
      const { csrf } = await manager01.get(paths.newAccess())
      expect((await manager01.post(paths.newAccessSelect('customer_id'), { csrf })).status).toBe(404)
      const operator = await signIn(world, 'operator')
      const token = (await operator.get(paths.newAccess())).csrf
      expect((await operator.post(paths.newAccessSelect('login_id'), { csrf: token })).status).toBe(404)
    })
  })
})
