import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const anna = {
  Person: 'ANNA',
  'Login ID': 'anna@example.com',
  'First Name': 'Anna',
  'Last Name': 'Ärmel',
  'Primary Email': 'anna@example.com',
  Role: 'STD_USER',
  'Customer 1': '10000',
}

describe.each(engines)('Administration › Persons (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())

  const add = (changed: Partial<Record<keyof typeof anna | 'Managing Customer', string>>) =>
    operator.fillIn(paths.adminPerson('new'), { ...anna, ...changed }, 'Save')
  const person = (id: string) =>
    world.deps.db.selectFrom('persons').selectAll().where('id', '=', id).executeTakeFirst()

  test('a new person needs everything, and says so field by field with what was typed kept', async () => {
    const page = await operator.fillIn(paths.adminPerson('new'), { 'First Name': 'Anna' }, 'Save')
    expect(page.status).toBe(422)
    expect(page.field('First Name')).toBe('Anna')
    expect(page.errorOf('Person')).toBe('Type a code, such as USER01.')
    expect(page.errorOf('Login ID')).toBe('Type the Login ID: an e-mail address.')
    expect(page.errorOf('Role')).toBe('Choose a Role.')
    expect(page.problems).toHaveLength(5)
  })

  test.each([
    [{ 'Login ID': 'USER01@EXAMPLE.COM' }, 'USER01 has this Login ID already.'],
    [{ Person: 'user01' }, 'There is a person USER01 already.'],
    [{ 'Customer 1': '99999' }, 'There is no customer 99999. Type the id of one'],
    [{ 'Customer 1': '' }, 'needs at least one customer'],
    [{ Role: 'OPERATOR' }, 'An operator has no Customer Access List'],
    [
      { Role: 'OPERATOR', 'Customer 1': '', 'Managing Customer': '10000' },
      'Only a person with the Role MANAGER',
    ],
    [{ 'Managing Customer': '10000' }, 'Only a person with the Role MANAGER'],
    [{ Role: 'MANAGER' }, 'A manager manages exactly one customer.'],
    [{ Role: 'MANAGER', 'Managing Customer': '20000' }, '20000 is not in the Customer Access List.'],
    [{ 'Login ID': 'not an address' }, 'Use an e-mail address'],
    [{ Person: "x'; drop" }, 'Use letters, digits'],
    [{ 'First Name': 'x'.repeat(81) }, 'Use at most 80 characters.'],
  ])('%j is refused: %s', async (changed, words) => {
    const before = await world.mails()
    const page = await add(changed)
    expect(page.status).toBe(422)
    expect(page.problems.join(' ')).toContain(words)
    expect(await person('ANNA')).toBeUndefined()
    expect(await world.mails()).toEqual(before)
  })

  test('rows can be added and taken away before saving, and everything typed stays', async () => {
    const one = await operator.fillIn(
      paths.adminPerson('new'),
      { 'First Name': 'Anna', 'Customer 1': '10000' },
      'New Row',
    )
    const two = await operator.fillIn(one, { 'Customer 2': '20000' }, 'New Row')
    expect([two.field('First Name'), two.field('Customer 1'), two.field('Customer 2')]).toEqual([
      'Anna',
      '10000',
      '20000',
    ])
    const less = await operator.press(two, 'Remove Customer 1')
    expect(less.field('Customer 1')).toBe('20000')
    expect(await person('ANNA')).toBeUndefined()
  })

  test('a new person is PENDING CREATE, then ACTIVE with the mail that has the sign-in link', async () => {
    const page = await add({ Role: 'MANAGER', 'Managing Customer': '10000' })
    expect(page.flash).toContain('ANNA was created')
    expect(await person('ANNA')).toMatchObject({
      status: 'PENDING CREATE',
      role: 'MANAGER',
      managing_customer_id: '10000',
      display_name: 'Anna Ärmel',
      password_hash: null,
    })
    expect(await world.mails()).toEqual([])
    await workOff(world)
    expect(await person('ANNA')).toMatchObject({ status: 'ACTIVE', password_hash: null })
    expect((await world.mails()).at(-1)).toMatchObject({
      to_person: 'ANNA',
      template: 'first-sign-in',
      state: 'kept',
    })
  })

  test('is found by any part of names, without accents and case', async () => {
    for (const query of [
      { name: 'armel' },
      { name: 'ÄRM' },
      { person: 'ann' },
      { login_id: 'ANNA@' },
      { role: 'MANAGER', login_id: 'anna' },
    ])
      expect((await operator.get(paths.adminPersons(query))).table('Persons table').map(r => r[0])).toEqual([
        'ANNA',
      ])
    expect(
      (await operator.get(paths.adminPersons({ customer: '2' }))).table('Persons table').map(r => r[0]),
    ).toEqual(['MANAGER03', 'USER03'])
  })

  test('taking away a customer says first which accesses it revokes', async () => {
    const record = await operator.get(paths.adminPerson('USER01'))
    const drawn = await operator.fillIn(record, { 'Customer 1': '20000' }, 'Save')
    expect(drawn.heading).toBe('Save User 01 and revoke accesses?')
    expect(drawn.text).toContain('Self-Service Portal on 10000-DEV')
    expect((await operator.get(paths.adminPerson('USER01'))).field('Customer 1')).toBe('10000')
    const saved = await operator.press(drawn, 'Save and revoke')
    expect(saved.flash).toBe('USER01 was saved.')
    expect(saved.field('Customer 1')).toBe('20000')
    await workOff(world)
    const access = await world.deps.db
      .selectFrom('accesses')
      .selectAll()
      .where('person_id', '=', 'USER01')
      .execute()
    expect(access.map(a => a.status)).toEqual(['REMOVED'])
  })

  test('the last operator can’t be demoted or deactivated', async () => {
    const demoted = await operator.fillIn(
      await operator.press(paths.adminPerson('OPERATOR01'), 'New Row'),
      { Role: 'STD_USER', 'Customer 1': '10000' },
      'Save',
    )
    expect(demoted.status).toBe(422)
    expect(demoted.errorOf('Role')).toContain('This is the last active operator')
    const page = await operator.press(paths.adminPersonEvent('OPERATOR01', 'deactivate'), 'Deactivate')
    expect(page.flash).toContain('This is the last active operator')
    expect(await person('OPERATOR01')).toMatchObject({ role: 'OPERATOR', status: 'ACTIVE' })
  })

  test('with a second one, the first can be deactivated, and is out at once', async () => {
    await add({ Person: 'OPERATOR02', 'Login ID': 'op2@example.com', Role: 'OPERATOR', 'Customer 1': '' })
    const still = await operator.press(paths.adminPersonEvent('OPERATOR01', 'deactivate'), 'Deactivate')
    expect(still.flash).toContain('This is the last active operator')
    await workOff(world)
    const out = await operator.press(paths.adminPersonEvent('OPERATOR01', 'deactivate'), 'Deactivate')
    expect(out.heading).toBe('Sign in')
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'ACTIVE' })
      .where('id', '=', 'OPERATOR01')
      .execute()
    operator = await signIn(world, 'operator')
  })

  test('deactivating ends sessions, links and accesses; reactivating gives none back', async () => {
    const user03 = await signIn(world, 'user03')
    const page = await operator.press(paths.adminPersonEvent('USER03', 'deactivate'), 'Deactivate')
    expect(page.flash).toBe('USER03 is INACTIVE and signed out everywhere.')
    expect((await user03.get(paths.home())).heading).toBe('Sign in')
    expect((await operator.press(page, 'Reactivate')).flash).toContain('USER03 can sign in again.')
    await expect(signIn(world, 'user03')).resolves.toBeDefined()
    await workOff(world)
    const accesses = await world.deps.db
      .selectFrom('accesses')
      .selectAll()
      .where('person_id', '=', 'USER03')
      .execute()
    expect(accesses.map(a => a.status)).toEqual(['REMOVED'])
  })

  test('a new sign-in link makes older ones useless', async () => {
    const first = (await world.mails()).findLast(mail => mail.to_person === 'ANNA')?.link ?? ''
    const page = await operator.press(paths.adminPerson('ANNA'), 'Send new sign-in link')
    expect(page.flash).toBe('A new sign-in link is on its way to anna@example.com.')
    expect((await world.mails()).at(-1)?.link).not.toBe(first)
    expect((await operator.get(first.replace(world.config.PUBLIC_URL, ''))).text).not.toContain(
      'Set password',
    )
  })

  test('twice is harmless', async () => {
    const page = await operator.get(paths.adminPersonEvent('USER02', 'deactivate'))
    await operator.press(page, 'Deactivate')
    expect((await operator.press(page, 'Deactivate')).flash).toContain('USER02 is INACTIVE already')
  })

  test('who signed in more than 15 minutes ago proves again who they are, and the form comes back', async () => {
    world.clock.advance(minutes(16))
    const asked = await operator.fillIn(paths.adminPerson('ANNA'), { 'First Name': 'Anne' }, 'Save')
    expect(asked.heading).not.toBe('Anna Ärmel')
    expect(await person('ANNA')).toMatchObject({ first_name: 'Anna' })
    const back = await operator.fillIn(asked, { Password: 'correct horse battery' }, asked.buttons[0] ?? '')
    expect(back.field('First Name')).toBe('Anne')
    expect((await operator.press(back, 'Save')).flash).toBe('ANNA was saved.')
    expect(await person('ANNA')).toMatchObject({ first_name: 'Anne' })
  })

  test('another Primary Email counts after the link sent there was used; until then the page says so', async () => {
    const page = await operator.fillIn(
      paths.adminPerson('USER03'),
      { 'Primary Email': 'three@example.com' },
      'Save',
    )
    expect(page.flash).toContain(
      'three@example.com counts as Primary Email when the link sent there was used.',
    )
    expect(page.field('Primary Email')).toBe('user03@example.com')
    expect(page.text).toContain('Waits for confirmationthree@example.com')
    const mails = (await world.mails()).slice(-2)
    expect(mails.map(mail => mail.to_address)).toEqual(['three@example.com', 'user03@example.com'])
  })

  test('what somebody else has changed meanwhile is not overwritten', async () => {
    const drawn = await operator.get(paths.adminPerson('MANAGER02'))
    await operator.fillIn(paths.adminPerson('MANAGER02'), { 'First Name': 'Mona' }, 'Save')
    const late = await operator.fillIn(drawn, { 'Last Name': 'Late' }, 'Save')
    expect(late.status).toBe(409)
    expect(late.problems.join()).toContain('Somebody else has just changed')
    expect(late.field('Last Name')).toBe('Late')
    expect(await person('MANAGER02')).toMatchObject({ first_name: 'Mona', last_name: '02' })
  })

  test('a list too long for the page stays as it is, and the rest can be saved', async () => {
    const { db } = world.deps
    const created_at = world.clock.instant()
    const ids = Array.from({ length: 5000 }, (_, i) => `L${String(i).padStart(5, '0')}`)
    for (let i = 0; i < ids.length; i += 1000) {
      const some = ids.slice(i, i + 1000)
      await db
        .insertInto('customers')
        .values(some.map(id => ({ id, name: id, created_at })))
        .execute()
      await db
        .insertInto('customer_access')
        .values(some.map(customer_id => ({ person_id: 'MANAGER03', customer_id, created_at })))
        .execute()
    }
    const page = await operator.get(paths.adminPerson('MANAGER03'))
    expect(page.text).toContain('The Customer Access List is too long to be changed here.')
    const saved = await operator.fillIn(page, { 'First Name': 'Many' }, 'Save')
    expect(saved.flash).toBe('MANAGER03 was saved.')
    const { rows } = await db
      .selectFrom('customer_access')
      .where('person_id', '=', 'MANAGER03')
      .select(eb => eb.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
    expect(rows).toBe(5001)
    expect(await person('MANAGER03')).toMatchObject({ first_name: 'Many', managing_customer_id: '20000' })
  })
})
