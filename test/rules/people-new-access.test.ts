import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ClaimedJob } from '../../src/jobs/handler.ts'
import { activatePerson, findPersonsToActivate } from '../../src/people/activate-person.ts'
import {
  createByManager,
  grantCustomer,
  lookUpLogin,
  type NewPersonFacts,
} from '../../src/people/new-access.ts'
import { deactivateSelf } from '../../src/people/own-account.ts'
import { codeFrom } from '../../src/people/person-code.ts'
import { deactivatePerson } from '../../src/people/person-status.ts'
import { recurring } from '../../src/work.ts'
import { signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { actorNow, customersNow, personNow, saveAs, trailOf } from '../support/persons.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const ada: NewPersonFacts = {
  login_id: 'Ada.Lovelace@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  primary_email: 'ada@example.com',
  role: 'STD_USER',
  customer_id: '10000',
}

describe.each(engines)('New Access (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const create = (
    changed: Partial<NewPersonFacts> = {},
    by: 'MANAGER01' | 'OPERATOR01' | 'USER01' = 'MANAGER01',
  ) => createByManager(world.deps, world.actor(by), { ...ada, ...changed })
  const grant = async (by: string, login: string, customer = '20000') =>
    grantCustomer(world.deps, await actorNow(world, by), login, customer)
  const persons = async () =>
    (await world.deps.db.selectFrom('persons').select('id').orderBy('id').execute()).map(({ id }) => id)

  describe('a new person', () => {
    test('is PENDING CREATE with the manager’s customer, then ACTIVE with a mail', async () => {
      expect(await create()).toEqual({ ok: true, value: { id: 'ADALOVELACE' } })
      expect(await personNow(world, 'ADALOVELACE')).toMatchObject({
        status: 'PENDING CREATE',
        login_id: 'Ada.Lovelace@example.com',
        display_name: 'Ada Lovelace',
        role: 'STD_USER',
        managing_customer_id: null,
      })
      expect(await customersNow(world, 'ADALOVELACE')).toEqual(['10000'])
      expect(await world.mails()).toEqual([])
      await workOff(world)
      expect(await personNow(world, 'ADALOVELACE')).toMatchObject({ status: 'ACTIVE' })
      expect(await world.mails()).toMatchObject([
        { to_address: 'ada@example.com', template: 'first-sign-in', to_person: 'ADALOVELACE' },
      ])
      expect(await trailOf(world, 'ADALOVELACE')).toEqual(['person created', 'person activated'])
    })

    test('with the Role MANAGER manages the creator’s customer', async () => {
      await create({ role: 'MANAGER' })
      expect(await personNow(world, 'ADALOVELACE')).toMatchObject({ managing_customer_id: '10000' })
    })

    test('gets a number behind a code that is taken', async () => {
      for (const domain of ['example.com', 'example.org', 'example.net'])
        await create({ login_id: `user@${domain}` })
      await create({ login_id: 'user01@example.org' })
      expect((await persons()).filter(id => id.startsWith('USER'))).toEqual([
        'USER',
        'USER01',
        'USER012',
        'USER02',
        'USER03',
        'USER2',
        'USER3',
      ])
    })

    test.each([
      ['anna.smith@example.com', 'ANNASMITH'],
      ['ärmel+x@example.com', 'ARMELX'],
      ['new@example.com', 'PERSONNEW'],
      ['иван@пример.рф', 'PERSON'],
      [`${'x'.repeat(60)}@example.com`, 'X'.repeat(24)],
    ])('of %s the code is %s', (login, code) => expect(codeFrom(login)).toBe(code))

    test('two who create the same Login ID at once make one person', async () => {
      const results = await Promise.all([create(), create({ login_id: 'ADA.LOVELACE@EXAMPLE.COM' })])
      expect(results.filter(result => result.ok)).toHaveLength(1)
      expect(results.find(result => !result.ok)).toMatchObject({ problem: { kind: 'invalid' } })
    })

    test('two of the same name at once get two codes', async () => {
      const results = await Promise.all([create(), create({ login_id: 'ada.lovelace@example.org' })])
      expect(results.map(result => result.ok)).toEqual([true, true])
      expect((await persons()).filter(id => id.startsWith('ADA'))).toEqual(['ADALOVELACE', 'ADALOVELACE2'])
    })

    test('a manager gives only the own customer, an operator names one in use, a user creates nobody', async () => {
      expect(await create({ customer_id: '20000' })).toMatchObject({ problem: { kind: 'forbidden' } })
      expect(await create({ customer_id: '' })).toMatchObject({ ok: true })
      expect(await create({}, 'USER01')).toMatchObject({ problem: { kind: 'forbidden' } })
      expect(await create({ login_id: 'b@example.com', customer_id: '' }, 'OPERATOR01')).toMatchObject({
        problem: { kind: 'invalid' },
      })
      await create({ login_id: 'b@example.com', customer_id: '20000' }, 'OPERATOR01')
      expect(await customersNow(world, 'B')).toEqual(['20000'])
    })

    test.each([
      ['-ada@example.com', 'A Login ID begins with a letter or a digit.'],
      ['=ada@example.com', 'A Login ID begins with a letter or a digit.'],
      ['ad a@example.com', 'no spaces'],
      ['аda@example.com', 'mixes letters'],
      ['ɑda@example.com', 'look like ordinary ones'],
      ['ada‐l@example.com', 'look like ordinary ones'],
      ['user٠١@example.com', 'look like ordinary ones'],
      ['a̸da@example.com', 'look like ordinary ones'],
      ['USER01@example.com', 'has access to customer 10000 already: USER01'],
      ['  user01@EXAMPLE.com ', 'has access to customer 10000 already: USER01'],
      ['ｕｓｅｒ０１@example.com', 'has access to customer 10000 already: USER01'],
      ['user03@example.com', 'User user03@example.com exists. Grant user access to customer 10000'],
      ['operator@example.com', 'can’t be used here'],
    ])('%j makes nobody: %s', async (login_id, words) => {
      const before = await persons()
      const result = await create({ login_id })
      expect(result).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      expect(!result.ok && result.problem.kind === 'invalid' && result.problem.fields.login_id).toContain(
        words,
      )
      expect(await persons()).toEqual(before)
    })
  })

  describe('in the background', () => {
    test('who was removed meanwhile stays so, and gets no mail', async () => {
      await create()
      await deactivatePerson(world.deps, world.actor('OPERATOR01'), 'ADALOVELACE')
      await workOff(world)
      expect(await personNow(world, 'ADALOVELACE')).toMatchObject({ status: 'INACTIVE' })
      expect(await world.mails()).toEqual([])
    })

    test('a worker that is lost before the end leaves neither half', async () => {
      await create()
      const guard = () => Promise.reject(new Error('The lease is lost.'))
      const job = { payload: { personId: 'ADALOVELACE' }, lease: { guard } } as unknown as ClaimedJob
      await expect(activatePerson(world.deps, job)).rejects.toThrow('The lease is lost.')
      expect(await personNow(world, 'ADALOVELACE')).toMatchObject({ status: 'PENDING CREATE' })
      expect(await world.mails()).toEqual([])
      const kept = { ...job, lease: { guard: () => Promise.resolve() } } as unknown as ClaimedJob
      for (let i = 0; i < 2; i++) await activatePerson(world.deps, kept)
      expect(await personNow(world, 'ADALOVELACE')).toMatchObject({ status: 'ACTIVE' })
      expect(await world.mails()).toHaveLength(1)
    })

    test('a forgotten one is found again, and mailed once', async () => {
      await create()
      await world.deps.db.deleteFrom('jobs').execute()
      expect(recurring.map(work => work.run)).toContain(findPersonsToActivate)
      for (let i = 0; i < 2; i++) await findPersonsToActivate(world.deps)
      await workOff(world)
      await findPersonsToActivate(world.deps)
      await workOff(world)
      expect(await personNow(world, 'ADALOVELACE')).toMatchObject({ status: 'ACTIVE' })
      expect(await world.mails()).toHaveLength(1)
    })

    test('the wrong address of a person who is not ACTIVE yet is put right at once', async () => {
      await create({ primary_email: 'wrong@example.com' })
      const saved = await saveAs(world, 'MANAGER02', 'ADALOVELACE', { primary_email: 'right@example.com' })
      expect(saved).toMatchObject({ ok: true, value: { pendingEmail: null } })
      await workOff(world)
      expect((await world.mails()).map(mail => mail.to_address)).toEqual(['right@example.com'])
    })
  })

  describe('a Login ID that exists', () => {
    const look = async (by: string, login: string, customer = '20000') =>
      lookUpLogin(world.deps.db, await actorNow(world, by), login, customer)

    test('is found in any case, and operators look like a Login ID that can’t be used', async () => {
      expect(await look('MANAGER03', ' User01@Example.com ')).toEqual({
        kind: 'exists',
        personId: 'USER01',
        displayName: 'User 01',
        inactive: false,
      })
      expect(await look('MANAGER03', 'user03@example.com')).toEqual({ kind: 'listed', personId: 'USER03' })
      expect(await look('MANAGER03', 'nobody@example.com')).toEqual({ kind: 'free' })
      const operator = await look('MANAGER03', 'operator@example.com')
      expect(operator.kind).toBe('unusable')
      expect(await look('MANAGER03', '-nobody@example.com')).toEqual(operator)
    })

    test('Yes adds the row at once and tells the person; twice is harmless', async () => {
      expect(await grant('MANAGER03', 'USER01@example.com')).toEqual({
        ok: true,
        value: { id: 'USER01', reactivated: false },
      })
      expect(await grant('MANAGER03', 'USER01@example.com')).toMatchObject({ ok: true })
      expect(await customersNow(world, 'USER01')).toEqual(['10000', '20000'])
      expect(await world.mails()).toMatchObject([
        { to_address: 'user01@example.com', template: 'customer-granted' },
      ])
      expect(await trailOf(world, 'USER01')).toEqual(['customer granted to person'])
    })

    test('of an operator, of nobody and for another customer is refused', async () => {
      expect(await grant('MANAGER03', 'operator@example.com')).toMatchObject({ problem: { kind: 'invalid' } })
      expect(await grant('MANAGER03', 'nobody@example.com')).toMatchObject({ problem: { kind: 'invalid' } })
      expect(await grant('MANAGER03', 'user01@example.com', '10000')).toMatchObject({
        problem: { kind: 'forbidden' },
      })
      expect(await grant('USER01', 'user03@example.com', '10000')).toMatchObject({
        problem: { kind: 'forbidden' },
      })
      expect(await grant('OPERATOR01', 'operator@example.com')).toMatchObject({
        problem: { kind: 'invalid' },
      })
      expect(await customersNow(world, 'OPERATOR01')).toEqual([])
    })

    test('of who is INACTIVE brings them back for this customer only', async () => {
      await saveAs(world, 'MANAGER01', 'USER01', { remove_customers: ['10000'] })
      expect(await look('MANAGER01', 'user01@example.com', '10000')).toMatchObject({
        kind: 'exists',
        inactive: true,
      })
      expect(await grant('MANAGER01', 'user01@example.com', '10000')).toMatchObject({
        ok: true,
        value: { reactivated: true },
      })
      expect(await personNow(world, 'USER01')).toMatchObject({ status: 'ACTIVE' })
      await signIn(world, 'user01')
      const open = await world.deps.db
        .selectFrom('accesses')
        .select('id')
        .where('person_id', '=', 'USER01')
        .where('status', '=', 'APPROVED')
        .execute()
      expect(open).toEqual([])
    })

    test('of a manager who deactivated the account gives back neither role nor other customers', async () => {
      await deactivateSelf(world.deps, world.actor('MANAGER02'))
      await grant('MANAGER03', 'manager02@example.com')
      expect(await personNow(world, 'MANAGER02')).toMatchObject({
        status: 'ACTIVE',
        role: 'STD_USER',
        managing_customer_id: null,
      })
      expect(await customersNow(world, 'MANAGER02')).toEqual(['20000'])
    })

    test('an operator brings them back as they were', async () => {
      await deactivateSelf(world.deps, world.actor('MANAGER02'))
      await grant('OPERATOR01', 'manager02@example.com')
      expect(await personNow(world, 'MANAGER02')).toMatchObject({ role: 'MANAGER' })
      expect(await customersNow(world, 'MANAGER02')).toEqual(['10000', '20000'])
    })
  })
})
