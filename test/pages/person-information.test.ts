import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { factOf, historyOn } from '../support/facts.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

describe.each(engines)('Access Management: Person Information (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const person = (id: string) =>
    world.deps.db.selectFrom('persons').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const customersOf = async (id: string) =>
    (
      await world.deps.db
        .selectFrom('customer_access')
        .select('customer_id')
        .where('person_id', '=', id)
        .orderBy('customer_id')
        .execute()
    ).map(row => row.customer_id)
  const statuses = async (id: string) =>
    (await world.deps.db.selectFrom('accesses').select('status').where('person_id', '=', id).execute()).map(
      row => row.status,
    )
  const share = (id: string, customer: string) =>
    world.deps.db
      .insertInto('customer_access')
      .values({ person_id: id, customer_id: customer, created_at: world.clock.instant() })
      .execute()
  const tabs = (page: ShownPage) => page.main.querySelectorAll('.tabs a').map(a => a.textContent.trim())
  const customers = (page: ShownPage) => page.table('Customer Access List table')

  describe('who sees what', () => {
    test('one’s own record: everything in its place', async () => {
      const user01 = await signIn(world, 'user01')
      const page = await user01.get(paths.person('USER01'))
      expect(page.heading).toBe('User 01')
      expect(page.field('Login ID')).toBe('user01@example.com')
      expect(page.field('First Name')).toBe('User')
      expect(page.field('Last Name')).toBe('01')
      expect(page.field('Display Name')).toBe('User 01')
      expect(page.field('Primary Email')).toBe('user01@example.com')
      expect(page.field('Role')).toBe('STD_USER')
      expect([factOf(page, 'Person'), factOf(page, 'Status')]).toEqual(['USER01', 'ACTIVE'])
      expect(customers(page)).toEqual([['10000', 'Harbour Logistics', '', '', 'ACTIVE']])
      expect(tabs(page)).toEqual(['List View', 'Person Information', 'Manage Access'])
      expect(historyOn(page)).toEqual([])
    })

    test('a manager’s has Managing Customer and Access Approvals', async () => {
      const manager01 = await signIn(world, 'manager01')
      const page = await manager01.get(paths.person('MANAGER01'))
      expect(page.field('Managing Customer')).toBe('10000')
      expect(page.field('Role')).toBe('MANAGER')
      expect(tabs(page)).toEqual(['List View', 'Person Information', 'Manage Access', 'Access Approvals'])
      expect(tabs(await manager01.get(paths.person('MANAGER02')))).not.toContain('Access Approvals')
    })

    test('what one may not see is 404, whatever one does with it', async () => {
      for (const [name, id] of [
        ['user01', 'USER02'],
        ['user01', 'MANAGER01'],
        ['user01', 'USER03'],
        ['manager03', 'USER01'],
        ['manager01', 'USER03'],
        ['manager01', 'OPERATOR01'],
        ['manager01', 'NOBODY'],
        ['operator', 'NOBODY'],
      ] as const) {
        const agent = await signIn(world, name)
        const { csrf } = await agent.get(paths.home())
        for (const path of [
          paths.person(id),
          paths.personCustomersCsv(id),
          paths.personEvent(id, 'deactivate'),
        ])
          expect([path, name, (await agent.get(path)).status]).toEqual([path, name, 404])
        for (const path of [
          paths.person(id),
          paths.personEvent(id, 'remove-customer'),
          paths.personEvent(id, 'deactivate'),
        ])
          expect([path, name, (await agent.post(path, { csrf, act: 'stage 10000' })).status]).toEqual([
            path,
            name,
            404,
          ])
      }
      expect((await visitor(world).get(paths.person('USER01'))).heading).toBe('Sign in')
    })

    test('of a shared person a manager sees their customer’s row only, and can’t take the person over', async () => {
      await share('USER01', '20000')
      const manager03 = await signIn(world, 'manager03')
      const page = await manager03.get(paths.person('USER01'))
      expect(customers(page).map(row => row[0])).toEqual(['20000'])
      expect(page.body).not.toContain('10000')
      expect(page.body).not.toContain('Harbour Logistics')
      expect(page.text).toContain('USER01 has access to other customers as well')
      expect(page.main.querySelector('#field-first_name')?.hasAttribute('readonly')).toBe(true)
      const forged = await manager03.fillIn(
        page,
        { 'First Name': 'Mine', 'Primary Email': 'mine@example.com' },
        'Save',
      )
      expect(forged.status).toBe(422)
      expect(forged.errorOf('Primary Email')).toContain('You can’t change this')
      expect(await person('USER01')).toMatchObject({
        first_name: 'User',
        primary_email: 'user01@example.com',
      })
      expect((await world.mails()).filter(mail => mail.to_address === 'mine@example.com')).toEqual([])
      expect((await manager03.get(paths.personCustomersCsv('USER01'))).body).not.toContain('10000')
      expect(customers(await (await signIn(world, 'user01')).get(paths.person('USER01')))).toHaveLength(2)
    })

    test('operators see all of it, with its history; managers what concerns their customer', async () => {
      const operator = await signIn(world, 'operator')
      const manager01 = await signIn(world, 'manager01')
      await operator.fillIn(paths.person('USER02'), { Role: 'MANAGER', 'Managing Customer': '10000' }, 'Save')
      expect(historyOn(await operator.get(paths.person('USER02')))).toContain(
        'person promoted to manager of 10000',
      )
      const seen = await manager01.get(paths.person('USER02'))
      expect(historyOn(seen)).toContain('person promoted to manager of 10000')
      expect(seen.main.querySelector('.timeline-when')?.textContent).toContain('operator,')
    })
  })

  describe('saving', () => {
    test('names of one’s own record', async () => {
      const user01 = await signIn(world, 'user01')
      const page = await user01.fillIn(
        paths.person('USER01'),
        { 'First Name': '  Ursula ', 'Last Name': 'One', 'Display Name': '' },
        'Save',
      )
      expect(page.flash).toBe('USER01 was saved.')
      expect(page.field('Display Name')).toBe('Ursula One')
      expect(await person('USER01')).toMatchObject({ first_name: 'Ursula', last_name: 'One' })
      expect((await user01.press(page, 'Save')).flash).toBe('Nothing was different, so nothing was changed.')
    })

    test('what is wrong is said beside its field, and everything typed stays', async () => {
      const user01 = await signIn(world, 'user01')
      const page = await user01.fillIn(
        paths.person('USER01'),
        { 'First Name': '', 'Last Name': 'x'.repeat(81), 'Primary Email': 'no address' },
        'Save',
      )
      expect(page.status).toBe(422)
      expect(page.problems).toHaveLength(3)
      expect(page.errorOf('First Name')).toBe('Type the first name.')
      expect(page.errorOf('Last Name')).toBe('Use at most 80 characters.')
      expect(page.errorOf('Primary Email')).toContain('Use an e-mail address')
      expect(page.field('Primary Email')).toBe('no address')
      expect(await person('USER01')).toMatchObject({ first_name: 'User', version: 1 })
    })

    test('a new Primary Email waits for its confirmation', async () => {
      const user01 = await signIn(world, 'user01')
      const page = await user01.fillIn(
        paths.person('USER01'),
        { 'Primary Email': 'new01@example.com' },
        'Save',
      )
      expect(page.flash).toContain('new01@example.com waits for confirmation')
      expect(page.field('Primary Email')).toBe('user01@example.com')
      expect(page.text).toContain('new01@example.com waits for confirmation.')
    })

    test('Login ID and Role are not for a standard user to change', async () => {
      const user01 = await signIn(world, 'user01')
      const page = await user01.get(paths.person('USER01'))
      expect(page.text).toContain('Only operators change Login IDs.')
      expect(page.text).toContain('Managers of your customer and operators change the Role.')
      const forged = await user01.fillIn(page, { Role: 'MANAGER', 'Login ID': 'x@example.com' }, 'Save')
      expect(forged.status).toBe(403)
      expect(await person('USER01')).toMatchObject({ role: 'STD_USER', login_id: 'user01@example.com' })
    })

    test('a manager promotes to manager of their customer, and demotes', async () => {
      const manager01 = await signIn(world, 'manager01')
      const before = await manager01.get(paths.person('USER02'))
      expect(before.text).toContain(
        'Only users that will be responsible for approving/rejecting access requests should be assigned the Manager role.',
      )
      const page = await manager01.fillIn(before, { Role: 'MANAGER' }, 'Save')
      expect(page.flash).toBe('USER02 was saved.')
      expect(page.field('Managing Customer')).toBe('10000')
      expect(await person('USER02')).toMatchObject({ role: 'MANAGER', managing_customer_id: '10000' })
      await manager01.fillIn(page, { Role: 'STD_USER' }, 'Save')
      expect(await person('USER02')).toMatchObject({ role: 'STD_USER', managing_customer_id: null })
    })

    test('a manager of another customer stays theirs, and which one is not told', async () => {
      await share('MANAGER03', '10000')
      const manager01 = await signIn(world, 'manager01')
      const page = await manager01.get(paths.person('MANAGER03'))
      expect(page.text).toContain('MANAGER03 is a manager of another customer.')
      expect(page.body).not.toContain('20000')
      const forged = await manager01.fillIn(page, { Role: 'STD_USER' }, 'Save')
      expect(forged.status).toBe(422)
      expect(await person('MANAGER03')).toMatchObject({ role: 'MANAGER', managing_customer_id: '20000' })
    })

    test('the last manager is not demoted', async () => {
      const manager03 = await signIn(world, 'manager03')
      const page = await manager03.fillIn(paths.person('MANAGER03'), { Role: 'STD_USER' }, 'Save')
      expect(page.status).toBe(422)
      expect(page.errorOf('Role')).toContain('This is the last manager of customer 20000')
    })

    test('an operator names the customer, and is told when it is not in the list', async () => {
      const operator = await signIn(world, 'operator')
      const wrong = await operator.fillIn(
        paths.person('USER03'),
        { Role: 'MANAGER', 'Managing Customer': '10000' },
        'Save',
      )
      expect(wrong.errorOf('Managing Customer')).toContain('10000 is not in the Customer Access List.')
      await operator.fillIn(wrong, { 'Managing Customer': '20000' }, 'Save')
      expect(await person('USER03')).toMatchObject({ role: 'MANAGER', managing_customer_id: '20000' })
    })

    test('what somebody else saved meanwhile is shown, and what was typed stays', async () => {
      const user01 = await signIn(world, 'user01')
      const drawn = await user01.get(paths.person('USER01'))
      await user01.fillIn(drawn, { 'First Name': 'Earlier' }, 'Save')
      const page = await user01.fillIn(drawn, { 'First Name': 'Later' }, 'Save')
      expect(page.status).toBe(409)
      expect(page.text).toContain('First Name: Earlier')
      expect(page.field('First Name')).toBe('Later')
      await user01.press(page, 'Save')
      expect(await person('USER01')).toMatchObject({ first_name: 'Later' })
    })

    test('a manager demoted between opening and saving changes nothing', async () => {
      const manager01 = await signIn(world, 'manager01')
      const drawn = await manager01.get(paths.person('USER02'))
      await world.deps.db
        .updateTable('persons')
        .set({ role: 'STD_USER', managing_customer_id: null })
        .where('id', '=', 'MANAGER01')
        .execute()
      expect((await manager01.fillIn(drawn, { Role: 'MANAGER' }, 'Save')).status).toBe(404)
      expect(await person('USER02')).toMatchObject({ role: 'STD_USER' })
    })

    test('an operator identifies again after a while, and the form comes back', async () => {
      const operator = await signIn(world, 'operator')
      world.clock.advance(minutes(16))
      const asked = await operator.fillIn(paths.person('USER02'), { 'First Name': 'Una' }, 'Save')
      expect(await person('USER02')).toMatchObject({ first_name: 'User' })
      const back = await operator.fillIn(asked, { Password: testPassword }, asked.buttons[0] ?? '')
      expect(back.field('First Name')).toBe('Una')
      await operator.press(back, 'Save')
      expect(await person('USER02')).toMatchObject({ first_name: 'Una' })
    })
  })

  describe('removing a customer', () => {
    const warning =
      'Removing access to customer 10000 will revoke all accesses related to this customer for user USER01. If this is the last customer in the users customer access list, their user will be set to INACTIVE. Continue?'

    test('warns first, naming the accesses; No changes nothing and keeps what was typed', async () => {
      const manager01 = await signIn(world, 'manager01')
      const drawn = await manager01.get(paths.person('USER01'))
      const question = await manager01.fillIn(drawn, { 'First Name': 'Typed' }, 'Delete 10000')
      expect(question.text).toContain(warning)
      expect(question.text).toContain('Self-Service Portal on 10000-DEV (APPROVED)')
      expect(question.text).toContain('This is the last customer in the list: USER01 will be INACTIVE.')
      const back = await manager01.press(question, 'No')
      expect(back.path).toBe(paths.person('USER01'))
      expect(back.field('First Name')).toBe('Typed')
      expect(back.text).not.toContain('not saved')
      expect(back.buttons).toContain('Delete 10000')
    })

    test('Yes stages the row; take back undoes it; nothing was stored', async () => {
      const manager01 = await signIn(world, 'manager01')
      const drawn = await manager01.get(paths.person('USER01'))
      const question = await manager01.fillIn(drawn, { 'First Name': 'Typed' }, 'Delete 10000')
      const staged = await manager01.press(question, 'Yes')
      expect(staged.text).toContain('1 change not saved')
      expect(staged.main.querySelector('.row-deleted')?.textContent).toContain('10000')
      expect(staged.field('First Name')).toBe('Typed')
      expect(await customersOf('USER01')).toEqual(['10000'])
      const back = await manager01.press(staged, 'take back 10000')
      expect(back.main.querySelector('.row-deleted')).toBeNull()
      expect(back.field('First Name')).toBe('Typed')
      expect((await manager01.press(back, 'Save')).flash).toBe('USER01 was saved.')
      expect(await customersOf('USER01')).toEqual(['10000'])
    })

    test('Save removes it with its accesses, the last one makes INACTIVE, and the person leaves the list', async () => {
      const manager01 = await signIn(world, 'manager01')
      const question = await manager01.press(paths.person('USER01'), 'Delete 10000')
      const list = await manager01.press(await manager01.press(question, 'Yes'), 'Save')
      expect(list.path).toBe(paths.accessManagement())
      expect(list.flash).toContain('USER01 was saved. One access is being removed. USER01 is INACTIVE.')
      expect(list.text).not.toContain('user01@example.com')
      expect(await customersOf('USER01')).toEqual([])
      expect(await person('USER01')).toMatchObject({ status: 'INACTIVE' })
      expect(await statuses('USER01')).toEqual(['PENDING REMOVAL'])
      expect((await manager01.get(paths.person('USER01'))).status).toBe(404)
    })

    test('of a shared person only one’s own customer goes', async () => {
      await share('USER01', '20000')
      const manager03 = await signIn(world, 'manager03')
      const question = await manager03.press(paths.person('USER01'), 'Delete 20000')
      expect(question.text).not.toContain('This is the last customer')
      await manager03.press(await manager03.press(question, 'Yes'), 'Save')
      expect(await customersOf('USER01')).toEqual(['10000'])
      expect(await person('USER01')).toMatchObject({ status: 'ACTIVE' })
      expect(await statuses('USER01')).toEqual(['APPROVED'])
    })

    test('another customer, and one’s own list as a standard user, can’t be removed', async () => {
      await share('USER01', '20000')
      const user01 = await signIn(world, 'user01')
      const page = await user01.get(paths.person('USER01'))
      expect(page.buttons.filter(name => name.startsWith('Delete'))).toEqual([])
      for (const [path, act] of [
        [paths.person('USER01'), 'stage 10000'],
        [paths.personEvent('USER01', 'remove-customer'), 'ask 10000'],
      ] as const)
        expect((await user01.post(path, { act })).status).toBe(403)
      const manager03 = await signIn(world, 'manager03')
      const { csrf } = await manager03.get(paths.person('USER01'))
      expect((await manager03.post(paths.person('USER01'), { csrf, act: 'stage 10000' })).status).toBe(403)
      const forged = await manager03.post(paths.person('USER01'), {
        csrf,
        ...(await formOf('USER01')),
        remove: '10000',
      })
      expect(forged.status).toBe(422)
      expect(await customersOf('USER01')).toEqual(['10000', '20000'])
    })

    test('all or none: with something wrong nothing is removed and the row stays staged', async () => {
      const operator = await signIn(world, 'operator')
      const staged = await operator.press(await operator.press(paths.person('USER01'), 'Delete 10000'), 'Yes')
      const wrong = await operator.fillIn(staged, { 'Last Name': '' }, 'Save')
      expect(wrong.status).toBe(422)
      expect(wrong.main.querySelector('.row-deleted')).not.toBeNull()
      expect(await customersOf('USER01')).toEqual(['10000'])
      expect(await statuses('USER01')).toEqual(['APPROVED'])
    })

    test('the last manager keeps their customer', async () => {
      const manager03 = await signIn(world, 'manager03')
      const question = await manager03.press(paths.person('MANAGER03'), 'Delete 20000')
      const page = await manager03.press(await manager03.press(question, 'Yes'), 'Save')
      expect(page.status).toBe(422)
      expect(page.problems.join()).toContain('This is the last manager of customer 20000')
      expect(await customersOf('MANAGER03')).toEqual(['20000'])
    })

    test('twice is harmless', async () => {
      const operator = await signIn(world, 'operator')
      await share('USER01', '20000')
      const staged = await operator.press(await operator.press(paths.person('USER01'), 'Delete 20000'), 'Yes')
      await operator.press(staged, 'Save')
      const again = await operator.press(staged, 'Save')
      expect([409, 422]).toContain(again.status)
      expect(again.main.querySelector('.row-deleted')).toBeNull()
      expect(await customersOf('USER01')).toEqual(['10000'])
    })

    test('5,000 rows: paged and filtered, with what is staged kept on the way', async () => {
      await addCustomers(world, 'USER01', 5000)
      const operator = await signIn(world, 'operator')
      const first = await operator.get(paths.person('USER01'))
      expect(first.text).toContain('1 - 20 of 5,001')
      const second = await operator.get(first.link('Next page'))
      expect(second.text).toContain('21 - 40 of 5,001')
      const [id = ''] = customers(second)[0] ?? []
      const staged = await operator.press(await operator.press(second, `Delete ${id}`), 'Yes')
      expect(staged.text).toContain('21 - 40 of 5,001')
      const third = await operator.get(staged.link('Next page'))
      expect(third.text).toContain(`access to customer ${id} is removed when you save`)
      const filtered = await operator.fillIn(third, { 'Filter by Name': 'Many 4999' }, 'Apply')
      expect(customers(filtered).map(row => row[0])).toEqual(['C4999'])
      await operator.press(
        await operator.press(await operator.press(filtered, 'Delete C4999'), 'Yes'),
        'Save',
      )
      const left = await customersOf('USER01')
      expect(left).toHaveLength(4999)
      expect(left).not.toContain('C4999')
      expect(left).not.toContain(id)
      const csv = await operator.get(paths.personCustomersCsv('USER01'))
      expect(csv.body.trim().split('\r\n')).toHaveLength(5000)
    })

    test('nobody can stage a row for somebody else by an address', async () => {
      const operator = await signIn(world, 'operator')
      const manager01 = await signIn(world, 'manager01')
      const staged = await operator.press(await operator.press(paths.person('USER01'), 'Delete 10000'), 'Yes')
      const token = new URL(staged.link('Name'), 'http://x').searchParams.get('staged') ?? ''
      expect((await operator.get(paths.person('USER01', { staged: token }))).text).toContain('not saved')
      for (const [agent, path] of [
        [manager01, paths.person('USER01', { staged: token })],
        [operator, paths.person('USER02', { staged: token })],
        [operator, paths.person('USER01', { staged: 'MTAwMDA.nonsense' })],
        [operator, paths.person('USER01', { staged: '10000' })],
      ] as const)
        expect((await agent.get(path)).text).not.toContain('not saved')
    })
  })

  test('of an INACTIVE person it says how they come back', async () => {
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'USER02')
      .execute()
    const manager01 = await signIn(world, 'manager01')
    const page = await manager01.get(paths.person('USER02'))
    expect(page.text).toContain('USER02 is INACTIVE and can’t sign in.')
    expect(page.link('New Access')).toBe(paths.newAccess())
    expect(page.buttons).not.toContain('Send new sign-in link')
    const operator = await signIn(world, 'operator')
    expect((await operator.get(paths.person('USER02'))).text).toContain('Reactivate the person under')
  })

  describe('Send new sign-in link', () => {
    test('goes to the address the portal has, for those who are the manager’s alone', async () => {
      const manager01 = await signIn(world, 'manager01')
      const page = await manager01.press(paths.person('USER01'), 'Send new sign-in link')
      expect(page.flash).toBe('A new sign-in link is on its way to user01@example.com.')
      await share('USER02', '20000')
      const shared = await manager01.get(paths.person('USER02'))
      expect(shared.buttons).not.toContain('Send new sign-in link')
      expect((await manager01.post(paths.personEvent('USER02', 'sign-in-link'))).status).toBe(403)
      expect((await manager01.post(paths.personEvent('USER03', 'sign-in-link'))).status).toBe(404)
      expect((await world.mails()).filter(mail => mail.to_person === 'USER02')).toEqual([])
    })
  })

  describe('Deactivate', () => {
    test('says exactly what happens, and does it at once', async () => {
      const user01 = await signIn(world, 'user01')
      const elsewhere = await signIn(world, 'user01')
      const confirm = await user01.get((await user01.get(paths.person('USER01'))).link('Deactivate'))
      expect(confirm.heading).toBe('Deactivate your account?')
      expect(confirm.text).toContain('Self-Service Portal on 10000-DEV')
      expect(confirm.text).toContain('You are signed out everywhere at once')
      const out = await user01.press(confirm, 'Deactivate')
      expect(out.heading).toBe('Sign in')
      expect(out.body).toContain('Your account is deactivated')
      expect((await elsewhere.get(paths.home())).heading).toBe('Sign in')
      expect(await person('USER01')).toMatchObject({ status: 'INACTIVE' })
      expect(await statuses('USER01')).toEqual(['PENDING REMOVAL'])
      await expect(signIn(world, 'user01')).rejects.toThrow('could not sign in')
    })

    test('identifies again first', async () => {
      const user01 = await signIn(world, 'user01')
      const confirm = await user01.get(paths.personEvent('USER01', 'deactivate'))
      world.clock.advance(minutes(16))
      const asked = await user01.press(confirm, 'Deactivate')
      expect(await person('USER01')).toMatchObject({ status: 'ACTIVE' })
      const back = await user01.fillIn(asked, { Password: testPassword }, asked.buttons[0] ?? '')
      expect(back.heading).toBe('Deactivate your account?')
      await user01.press(back, 'Deactivate')
      expect(await person('USER01')).toMatchObject({ status: 'INACTIVE' })
    })

    test('is for one’s own account, and not for the last manager', async () => {
      const manager03 = await signIn(world, 'manager03')
      expect((await manager03.get(paths.personEvent('USER03', 'deactivate'))).status).toBe(403)
      expect((await manager03.post(paths.personEvent('USER03', 'deactivate'))).status).toBe(403)
      const told = 'This is the last manager of customer 20000'
      expect((await manager03.get(paths.personEvent('MANAGER03', 'deactivate'))).flash).toContain(told)
      expect((await manager03.post(paths.personEvent('MANAGER03', 'deactivate'))).flash).toContain(told)
      expect(await person('MANAGER03')).toMatchObject({ status: 'ACTIVE' })
    })
  })

  const formOf = async (id: string) => {
    const { first_name, last_name, display_name, primary_email, role, version } = await person(id)
    return { first_name, last_name, display_name, primary_email, role, version: String(version) }
  }
})

async function addCustomers({ deps: { db }, clock }: World, personId: string, count: number) {
  const created_at = clock.instant()
  for (let from = 0; from < count; from += 500) {
    const ids = Array.from({ length: 500 }, (_, i) => `C${String(from + i).padStart(4, '0')}`)
    await db
      .insertInto('customers')
      .values(ids.map(id => ({ id, name: `Many ${id.slice(1)}`, created_at })))
      .execute()
    await db
      .insertInto('customer_access')
      .values(ids.map(customer_id => ({ person_id: personId, customer_id, created_at })))
      .execute()
  }
}
