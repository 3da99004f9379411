import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deactivateSelf } from '../../src/people/own-account.ts'
import { savePerson } from '../../src/people/save-person.ts'
import { findVisiblePerson } from '../../src/people/visible-person.ts'
import { signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { actorNow, customersNow, filledIn, personNow, saveAs, trailOf } from '../support/persons.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('Person Information (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const statuses = async (id: string) =>
    (
      await world.deps.db
        .selectFrom('accesses')
        .select(['status', 'reason'])
        .where('person_id', '=', id)
        .execute()
    ).map(({ status, reason }) => `${status} ${reason}`)

  describe('who sees whom', () => {
    test('operators everybody, a manager the users of their customer, a user themselves', async () => {
      const seen = async (actor: string) => {
        const found: string[] = []
        for (const id of ['MANAGER01', 'MANAGER03', 'OPERATOR01', 'USER01', 'USER02', 'USER03'])
          if (await findVisiblePerson(world.deps.db, await actorNow(world, actor), id)) found.push(id)
        return found.join(' ')
      }
      expect(await seen('OPERATOR01')).toBe('MANAGER01 MANAGER03 OPERATOR01 USER01 USER02 USER03')
      expect(await seen('MANAGER01')).toBe('MANAGER01 USER01 USER02')
      expect(await seen('MANAGER03')).toBe('MANAGER03 USER03')
      expect(await seen('USER01')).toBe('USER01')
    })
  })

  describe('names', () => {
    test('a manager corrects them of a user of theirs alone; everybody their own', async () => {
      for (const [actor, id] of [
        ['MANAGER01', 'USER01'],
        ['USER02', 'USER02'],
        ['OPERATOR01', 'USER03'],
      ] as const) {
        expect(await saveAs(world, actor, id, { first_name: 'Ada' })).toMatchObject({
          ok: true,
          value: { changed: true, becameInactive: false },
        })
        expect(await personNow(world, id)).toMatchObject({ first_name: 'Ada', version: 2 })
        expect((await personNow(world, id)).search_text).toContain('ada')
        expect(await trailOf(world, id)).toEqual(['person changed'])
      }
    })

    test('saving what is there already changes and records nothing', async () => {
      expect(await saveAs(world, 'MANAGER01', 'USER01', {})).toMatchObject({
        ok: true,
        value: { changed: false },
      })
      expect(await personNow(world, 'USER01')).toMatchObject({ version: 1 })
      expect(await trailOf(world, 'USER01')).toEqual([])
    })

    test.each([
      [{ first_name: ' ' }, 'first_name', 'Type the first name.'],
      [{ last_name: 'x'.repeat(81) }, 'last_name', 'Use at most 80 characters.'],
      [{ display_name: 'a\nb' }, 'display_name', 'Use a single line.'],
      [{ primary_email: 'nowhere' }, 'primary_email', 'Use an e-mail address'],
      [{ primary_email: 'a@example.com\r\nBcc: b@example.com' }, 'primary_email', 'Use an e-mail address'],
    ])('%j is refused beside its field, and nothing of it is saved', async (changed, field, words) => {
      const result = await saveAs(world, 'USER01', 'USER01', { first_name: 'Ada', ...changed })
      expect(result).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      expect(result.ok || (result.problem.kind === 'invalid' && result.problem.fields[field])).toContain(
        words,
      )
      expect(await personNow(world, 'USER01')).toMatchObject({ first_name: 'User', version: 1 })
      expect(await world.mails()).toEqual([])
    })

    test('of two who opened the page at once the second is told, and saves nothing', async () => {
      const drawn = await filledIn(world, 'USER01', { first_name: 'Late' })
      await saveAs(world, 'MANAGER02', 'USER01', { first_name: 'Early' })
      const late = await savePerson(world.deps, world.actor('MANAGER01'), 'USER01', drawn)
      expect(late).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
      expect(await personNow(world, 'USER01')).toMatchObject({ first_name: 'Early' })
    })
  })

  describe('roles', () => {
    test('a manager makes a user a manager of the own customer, and back', async () => {
      await saveAs(world, 'MANAGER01', 'USER01', { role: 'MANAGER' })
      expect(await personNow(world, 'USER01')).toMatchObject({
        role: 'MANAGER',
        managing_customer_id: '10000',
      })
      await saveAs(world, 'MANAGER02', 'USER01', { role: 'STD_USER' })
      expect(await personNow(world, 'USER01')).toMatchObject({ role: 'STD_USER', managing_customer_id: null })
      expect(await trailOf(world, 'USER01')).toEqual([
        'person promoted to manager of 10000',
        'person demoted to STD_USER',
      ])
    })

    test('an operator names the customer, one of the list', async () => {
      for (const managing_customer_id of [null, '20000'])
        expect(
          await saveAs(world, 'OPERATOR01', 'USER01', { role: 'MANAGER', managing_customer_id }),
        ).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      expect(
        await saveAs(world, 'OPERATOR01', 'USER01', { role: 'MANAGER', managing_customer_id: '10000' }),
      ).toMatchObject({ ok: true })
    })

    test('nobody promotes themselves, and only operators touch the Role OPERATOR', async () => {
      for (const [actor, id, role] of [
        ['USER01', 'USER01', 'MANAGER'],
        ['USER01', 'USER01', 'OPERATOR'],
        ['MANAGER01', 'USER01', 'OPERATOR'],
        ['MANAGER01', 'MANAGER01', 'OPERATOR'],
      ] as const)
        expect(await saveAs(world, actor, id, { role })).toMatchObject({
          ok: false,
          problem: { kind: 'forbidden' },
        })
      expect(await personNow(world, 'USER01')).toMatchObject({ role: 'STD_USER' })
    })

    test('the last manager stays one, except for an operator', async () => {
      const refused = await saveAs(world, 'MANAGER03', 'MANAGER03', { role: 'STD_USER' })
      expect(refused).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      const gone = await saveAs(world, 'MANAGER03', 'MANAGER03', { remove_customers: ['20000'] })
      expect(gone).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      const left = await deactivateSelf(world.deps, world.actor('MANAGER03'))
      expect(left).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
      expect(await personNow(world, 'MANAGER03')).toMatchObject({ role: 'MANAGER', status: 'ACTIVE' })
      expect(await saveAs(world, 'OPERATOR01', 'MANAGER03', { role: 'STD_USER' })).toMatchObject({ ok: true })
    })

    test('a second manager who is not ACTIVE does not count', async () => {
      await world.deps.db
        .updateTable('persons')
        .set({ status: 'PENDING CREATE' })
        .where('id', '=', 'MANAGER02')
        .execute()
      expect(await saveAs(world, 'MANAGER01', 'MANAGER01', { role: 'STD_USER' })).toMatchObject({
        ok: false,
        problem: { kind: 'invalid' },
      })
    })

    test('two managers who demote each other at once: one stays', async () => {
      const drawn = [
        [world.actor('MANAGER01'), 'MANAGER02'],
        [world.actor('MANAGER02'), 'MANAGER01'],
      ] as const
      const changes = await Promise.all(drawn.map(([, id]) => filledIn(world, id, { role: 'STD_USER' })))
      const results = await Promise.all(
        drawn.map(([actor, id], i) => savePerson(world.deps, actor, id, changes[i] as (typeof changes)[0])),
      )
      expect(results.filter(result => result.ok)).toHaveLength(1)
      const managers = await world.deps.db
        .selectFrom('persons')
        .select('id')
        .where('managing_customer_id', '=', '10000')
        .execute()
      expect(managers).toHaveLength(1)
    })

    test('two managers who both step back at once: one stays', async () => {
      const both = ['MANAGER01', 'MANAGER02'] as const
      const changes = await Promise.all(both.map(id => filledIn(world, id, { role: 'STD_USER' })))
      const results = await Promise.all([
        savePerson(world.deps, world.actor('MANAGER01'), 'MANAGER01', changes[0] as (typeof changes)[0]),
        deactivateSelf(world.deps, world.actor('MANAGER02')),
      ])
      expect(results.filter(result => result.ok)).toHaveLength(1)
    })

    test('a manager demoted between opening and saving saves nothing', async () => {
      const opened = await filledIn(world, 'USER01', { first_name: 'Ada' })
      const asOpened = world.actor('MANAGER02')
      await saveAs(world, 'MANAGER01', 'MANAGER02', { role: 'STD_USER' })
      expect(await savePerson(world.deps, asOpened, 'USER01', opened)).toMatchObject({
        ok: false,
        problem: { kind: 'not_found' },
      })
      expect(await personNow(world, 'USER01')).toMatchObject({ first_name: 'User' })
    })

    test('a manager deactivated between opening and saving saves nothing', async () => {
      const opened = await filledIn(world, 'USER01', { first_name: 'Ada' })
      await deactivateSelf(world.deps, world.actor('MANAGER02'))
      expect(await savePerson(world.deps, world.actor('MANAGER02'), 'USER01', opened)).toMatchObject({
        ok: false,
        problem: { kind: 'forbidden' },
      })
    })
  })

  describe('customers', () => {
    test('the last one takes accesses, sessions and the account along', async () => {
      const user01 = await signIn(world, 'user01')
      const saved = await saveAs(world, 'MANAGER01', 'USER01', { remove_customers: ['10000'] })
      expect(saved).toMatchObject({ ok: true, value: { becameInactive: true, accessesEnded: 1 } })
      expect(await personNow(world, 'USER01')).toMatchObject({ status: 'INACTIVE' })
      expect(await customersNow(world, 'USER01')).toEqual([])
      expect(await statuses('USER01')).toEqual(['PENDING REMOVAL Customer 10000 was removed by Manager 01.'])
      expect((await user01.get('/')).heading).toBe('Sign in')
      expect(await trailOf(world, 'USER01')).toEqual([
        'person signed in',
        'customer removed from person',
        'person deactivated',
      ])
      expect(await findVisiblePerson(world.deps.db, world.actor('MANAGER01'), 'USER01')).toBeUndefined()
    })

    test('of two, only what is under the removed one ends', async () => {
      await world.deps.db
        .insertInto('customer_access')
        .values({ person_id: 'USER01', customer_id: '20000', created_at: world.clock.instant() })
        .execute()
      const saved = await saveAs(world, 'MANAGER03', 'USER01', { remove_customers: ['20000'] })
      expect(saved).toMatchObject({ ok: true, value: { becameInactive: false, accessesEnded: 0 } })
      expect(await personNow(world, 'USER01')).toMatchObject({ status: 'ACTIVE' })
      expect(await statuses('USER01')).toEqual(['APPROVED '])
    })

    test('losing the managed customer makes a manager STD_USER, with another customer left', async () => {
      await world.deps.db
        .insertInto('customer_access')
        .values({ person_id: 'MANAGER02', customer_id: '20000', created_at: world.clock.instant() })
        .execute()
      await saveAs(world, 'MANAGER01', 'MANAGER02', { remove_customers: ['10000'] })
      expect(await personNow(world, 'MANAGER02')).toMatchObject({
        role: 'STD_USER',
        managing_customer_id: null,
        status: 'ACTIVE',
      })
      expect(await trailOf(world, 'MANAGER02')).toEqual([
        'customer removed from person',
        'person demoted to STD_USER',
      ])
    })

    test('a user removes none, not even of their own', async () => {
      expect(await saveAs(world, 'USER01', 'USER01', { remove_customers: ['10000'] })).toMatchObject({
        ok: false,
        problem: { kind: 'forbidden' },
      })
      expect(await customersNow(world, 'USER01')).toEqual(['10000'])
    })

    test('removing it twice is told, and harmless', async () => {
      await world.deps.db
        .insertInto('customer_access')
        .values({ person_id: 'USER01', customer_id: '20000', created_at: world.clock.instant() })
        .execute()
      const drawn = await filledIn(world, 'USER01', { remove_customers: ['10000'] })
      const operator = world.actor('OPERATOR01')
      expect((await savePerson(world.deps, operator, 'USER01', drawn)).ok).toBe(true)
      expect(await savePerson(world.deps, operator, 'USER01', drawn)).toMatchObject({
        ok: false,
        problem: { kind: 'conflict' },
      })
    })

    test('one of 5,000 is removed, and the rest stays', async () => {
      const created_at = world.clock.instant()
      const ids = Array.from({ length: 5000 }, (_, i) => `L${String(i).padStart(5, '0')}`)
      for (let i = 0; i < ids.length; i += 1000) {
        const some = ids.slice(i, i + 1000)
        await world.deps.db
          .insertInto('customers')
          .values(some.map(id => ({ id, name: id, created_at })))
          .execute()
        await world.deps.db
          .insertInto('customer_access')
          .values(some.map(customer_id => ({ person_id: 'USER01', customer_id, created_at })))
          .execute()
      }
      const operator = world.actor('OPERATOR01')
      const first = await findVisiblePerson(world.deps.db, operator, 'USER01')
      expect(first).toMatchObject({ moreCustomers: true })
      expect(first?.list.length).toBeLessThan(500)
      const manager = await findVisiblePerson(world.deps.db, world.actor('MANAGER01'), 'USER01')
      expect(manager?.list.map(customer => customer.id)).toEqual(['10000'])
      expect(manager?.moreCustomers).toBe(false)
      await saveAs(world, 'OPERATOR01', 'USER01', { remove_customers: ['L00042'] })
      expect(await customersNow(world, 'USER01')).toHaveLength(5000)
      await saveAs(world, 'OPERATOR01', 'USER01', { remove_customers: ids.filter(id => id !== 'L00042') })
      expect(await customersNow(world, 'USER01')).toEqual(['10000'])
    })
  })

  describe('deactivating one’s own account', () => {
    test('ends sessions, links and accesses at once', async () => {
      const user01 = await signIn(world, 'user01')
      expect((await deactivateSelf(world.deps, world.actor('USER01'))).ok).toBe(true)
      expect((await user01.get('/')).heading).toBe('Sign in')
      expect(await statuses('USER01')).toEqual(['PENDING REMOVAL The account was deactivated.'])
      await expect(signIn(world, 'user01')).rejects.toThrow('could not sign in')
      expect((await deactivateSelf(world.deps, world.actor('USER01'))).ok).toBe(false)
    })
  })
})
