import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { accessState, addAccess, granted } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import {
  ACCESSES,
  ASSETS,
  accessWordsOf,
  draftsIn,
  rowsOf,
  stage,
  typeAccesses,
} from '../support/manage-access.ts'
import { createWorld, type World } from '../support/world.ts'

const portal = 'Self-Service Portal'
const ccc = 'client-communications-center'

describe.each(engines)('Manage Access, rights and hostile input (%s)', engine => {
  let world: World
  const agents = new Map<string, Agent>()
  beforeAll(async () => {
    world = await createWorld(engine)
    for (const name of ['user01', 'user02', 'manager01', 'manager03', 'operator'])
      agents.set(name, await signIn(world, name))
    // USER01 has access to both customers.
    await world.deps.db
      .insertInto('customer_access')
      .values({ person_id: 'USER01', customer_id: '20000', created_at: world.clock.instant() })
      .execute()
  })
  afterAll(() => world.close())
  const as = (name: string): Agent => agents.get(name) ?? (undefined as never)

  test.each([
    ['user02', 'USER01'],
    ['user02', 'MANAGER01'],
    ['manager03', 'USER02'],
    ['manager03', 'OPERATOR01'],
    ['manager01', 'OPERATOR01'],
    ['user01', 'NOBODY'],
    ['user01', "'; drop table persons --"],
  ])('%s does not find %s, whatever is asked', async (name, person) => {
    const agent = as(name)
    for (const path of [paths.manageAccess(person), paths.manageAccessCsv(person)])
      expect((await agent.get(path)).status).toBe(404)
    for (const path of [
      paths.manageAccess(person),
      paths.discardAccessDraft(person),
      paths.manageAccessSelect(person, 'assets_1_asset'),
      paths.accessEvent(person, 1, 'remove'),
    ])
      expect((await agent.post(path, { assets_1_asset: '10000-DEV', do: 'save' })).status).toBe(404)
  })

  test('a manager sees and changes only what belongs to their customer', async () => {
    const theirs = await granted(world.deps, { person_id: 'USER01', asset_id: '20000-DEV', access_type: ccc })
    const seen = await as('manager03').get(paths.manageAccess('USER01'))
    expect(rowsOf(seen, ASSETS)).toEqual([['20000-DEV', 'Development environment']])
    expect((await as('manager01').get(paths.manageAccess('USER01'))).text).not.toContain('20000-DEV')
    const page = await stage(as('manager03'), paths.manageAccess('USER01'), 'add asset')
    const told = await stage(as('manager03'), page, 'keep', { Asset: '10000-DEV' })
    expect(told.errorOf('Asset')).toContain('There is no asset “10000-DEV”')
    const select = await as('manager03').press(told, 'Select Value: Asset')
    expect(select.table('Asset table').map(row => row[0])).toEqual(['20000-DEV'])
    await as('manager03').press(told, 'Discard')
    expect(await accessState(world, theirs)).toBe('APPROVED')
  })

  test('ids of others in the form are told, and nothing is done', async () => {
    const [own] = await world.deps.db
      .selectFrom('accesses')
      .selectAll()
      .where('person_id', '=', 'USER01')
      .where('asset_id', '=', '10000-DEV')
      .execute()
    const other = await granted(world.deps, { person_id: 'USER03', asset_id: '20000-DEV', access_type: ccc })
    const before = await accessWordsOf(world, 'USER01')
    const page = await as('manager03').get(paths.manageAccess('USER01'))
    for (const id of [own?.id ?? 0, other, 999_999_999]) {
      const fields = {
        csrf: page.csrf,
        [`remove_${id}`]: '1',
        [`justification_${id}`]: 'Mine',
        [`version_${id}`]: '1',
      }
      const refused = await as('manager03').post(paths.manageAccess('USER01'), { ...fields, do: 'save' })
      expect(refused.status).toBe(409)
      expect(refused.text).toContain('no longer here, or that you may not see')
      expect((await as('manager03').post(paths.accessEvent('USER01', id, 'remove'))).status).toBe(404)
    }
    expect(await accessWordsOf(world, 'USER01')).toEqual(before)
    expect(await accessState(world, other)).toBe('APPROVED')
    expect((await as('manager03').get(paths.manageAccess('USER01'))).text).not.toContain('not saved')
  })

  test('an access of another person is not found under this one', async () => {
    const id = await granted(world.deps, { person_id: 'USER02', asset_id: '10000-DEV', access_type: ccc })
    for (const event of ['remove', 'withdraw', 'retry', 'drop'])
      expect((await as('operator').post(paths.accessEvent('USER01', id, event))).status).toBe(404)
    for (const strange of ['0', '-1', '1e3', '9'.repeat(40), 'x'])
      expect((await as('user01').post(paths.accessEvent('USER01', strange, 'remove'))).status).toBe(404)
    expect(await accessState(world, id)).toBe('APPROVED')
  })

  test('requests are for persons who are ACTIVE', async () => {
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'MANAGER02')
      .execute()
    const page = await typeAccesses(as('manager01'), 'MANAGER02', { asset: '10000-DEV', type: portal })
    expect(page.text).toContain(
      'Manager 02 is INACTIVE: accesses can be requested only for persons who are ACTIVE.',
    )
    const refused = await stage(as('manager01'), page, 'save')
    expect(refused.status).toBe(422)
    expect(refused.problems[0]).toContain('Manager 02 is INACTIVE')
    expect(await accessWordsOf(world, 'MANAGER02')).toEqual([])
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'ACTIVE' })
      .where('id', '=', 'MANAGER02')
      .execute()
    await as('manager01').press(refused, 'Discard')
  })

  test('operators need none', async () => {
    const page = await stage(as('operator'), paths.manageAccess('OPERATOR01'), 'add asset')
    const told = await stage(as('operator'), page, 'keep', { Asset: '10000-DEV' })
    expect(told.errorOf('Asset')).toContain('Operators need no access')
    expect((await as('operator').press(told, 'Select Value: Asset')).text).toContain(
      'Operators need no access',
    )
    await as('operator').press(told, 'Discard')
  })

  test('a manager demoted since the page was drawn requests nothing', async () => {
    const page = await typeAccesses(as('manager01'), 'USER02', { asset: '10000-PRD', type: portal })
    const demote = (role: 'STD_USER' | 'MANAGER') =>
      world.deps.db
        .updateTable('persons')
        .set({ role, managing_customer_id: role === 'MANAGER' ? '10000' : null })
        .where('id', '=', 'MANAGER01')
        .execute()
    await demote('STD_USER')
    expect((await stage(as('manager01'), page, 'save')).status).toBe(404)
    await demote('MANAGER')
    expect(await accessWordsOf(world, 'USER02')).toEqual(['10000-DEV client-communications-center APPROVED'])
    await as('manager01').press(await as('manager01').get(paths.manageAccess('USER02')), 'Discard')
  })

  describe('what was offered when it was typed', () => {
    const typed = () => typeAccesses(as('user02'), 'USER02', { asset: '10000-TST', type: portal })
    const refused = async (words: string) => {
      const page = await as('user02').get(paths.manageAccess('USER02', { asset: '10000-TST' }))
      const told = await stage(as('user02'), page, 'save')
      expect([told.status, told.problems.join(' ')]).toEqual([422, expect.stringContaining(words)])
      // Nothing of it is lost.
      expect(told.body).toContain('Month end')
      return told
    }

    test('an access type that was withdrawn', async () => {
      await typed()
      const set = (status: 'ACTIVE' | 'WITHDRAWN') =>
        world.deps.db
          .updateTable('access_types')
          .set({ status })
          .where('id', '=', 'self-service-portal')
          .execute()
      await set('WITHDRAWN')
      await refused('Self-Service Portal has been withdrawn: it can’t be requested any more.')
      await set('ACTIVE')
    })

    test('an asset that was retired', async () => {
      const set = (status: 'ACTIVE' | 'RETIRED') =>
        world.deps.db.updateTable('assets').set({ status }).where('id', '=', '10000-TST').execute()
      await set('RETIRED')
      await refused('10000-TST has been retired: nothing can be requested on it any more.')
      await set('ACTIVE')
    })

    test('an asset that was moved to another customer', async () => {
      const move = (customer_id: string) =>
        world.deps.db.updateTable('assets').set({ customer_id }).where('id', '=', '10000-TST').execute()
      await move('20000')
      await refused('There is no asset “10000-TST”')
      // Where the person has access to the new customer, others decide: that is said first.
      await world.deps.db
        .insertInto('customer_access')
        .values({ person_id: 'USER02', customer_id: '20000', created_at: world.clock.instant() })
        .execute()
      const told = await as('user02').get(paths.manageAccess('USER02', { asset: '10000-TST' }))
      expect(told.problems[0]).toContain('was moved from customer 10000 to customer 20000 meanwhile')
      expect((await stage(as('user02'), told, 'save')).flash).toContain(
        'Manager 03 (MANAGER03) may decide about it.',
      )
      await move('10000')
      await world.deps.db
        .deleteFrom('customer_access')
        .where('person_id', '=', 'USER02')
        .where('customer_id', '=', '20000')
        .execute()
    })

    test('an access type that is offered elsewhere only, with the reason', async () => {
      await world.deps.db
        .updateTable('access_types')
        .set({ classes: 'PRODUCTION' })
        .where('id', '=', ccc)
        .execute()
      const page = await typeAccesses(as('user02'), 'USER02', { asset: '10000-TST', type: 'CCC' })
      expect(page.errorOf('Access Type')).toBe(
        'Client Communications Center can’t be requested on 10000-TST. Client Communications Center is offered on production environments only.',
      )
      const select = await as('user02').press(page, 'Select Value: Access Type')
      expect(select.text).toContain('Not possible on 10000-TST: Client Communications Center:')
      await world.deps.db.updateTable('access_types').set({ classes: 'any' }).where('id', '=', ccc).execute()
      await as('user02').press(page, 'Discard')
    })
  })

  describe('a form nobody has drawn', () => {
    const send = (fields: Readonly<Record<string, string>>) =>
      as('user02').post(paths.manageAccess('USER02'), { csrf: as('user02').page?.csrf ?? '', ...fields })

    test('with rows of nonsense is answered in words', async () => {
      await as('user02').get(paths.manageAccess('USER02'))
      const forms: Readonly<Record<string, string>>[] = [
        { accesses_1_on: 'NOWHERE', accesses_1_type: portal, accesses_1_justification: 'x', do: 'save' },
        { accesses_1_on: 'new-7', accesses_1_type: '<script>alert(1)</script>', do: 'save' },
        {
          accesses_9999_on: '10000-DEV',
          accesses_9999_type: '%',
          accesses_9999_ends_on: '9999-99-99',
          do: 'save',
        },
        { assets_1_asset: `${'%_\\'.repeat(500)}`, do: 'keep' },
        { do: 'remove 1 1' },
        { do: 'ok 1 x' },
        { do: 'edit 99999999999' },
        { do: 'delete asset ' },
        { do: 'take-back asset __proto__' },
        { do: 'select __proto__', selected: 'constructor' },
        { remove___proto__: '1', do: 'save' },
        { deleted_constructor: 'yes', do: 'save' },
        { remove_1: 'x', do: 'look' },
        { do: 'note' },
      ]
      for (const fields of forms) {
        const answer = await send(fields)
        expect([answer.status, JSON.stringify(fields)]).toEqual([expect.any(Number), JSON.stringify(fields)])
        expect(answer.status).toBeLessThan(500)
        expect(answer.body).not.toContain('<script>alert')
      }
      await send({})
      await as('user02').post(paths.discardAccessDraft('USER02'))
    })

    test('with characters that can’t be stored', async () => {
      const page = await stage(as('user02'), paths.manageAccess('USER02'), 'add access')
      for (const act of ['save', 'keep', 'look']) {
        const told = await stage(as('user02'), page, act, { Justification: 'Nul\u0000' })
        expect(told.status).toBe(422)
        expect(told.text).toContain('can’t be stored (NUL)')
      }
      expect(await accessWordsOf(world, 'USER02')).toHaveLength(2)
    })

    test('with very much in it', async () => {
      const page = await stage(as('user02'), paths.manageAccess('USER02'), 'add access')
      const long = await stage(as('user02'), page, 'save', { Justification: 'x'.repeat(100_000) })
      expect(long.status).toBe(422)
      expect(long.field('Justification')).toHaveLength(100_000)
      const rows = (n: number, field: (i: number) => string) =>
        Object.fromEntries(Array.from({ length: n }, (_, i) => [field(i + 1), 'x']))
      const many = await send({ ...rows(101, i => `assets_${i}_asset`), do: 'keep' })
      expect([many.status, many.text]).toEqual([422, expect.stringContaining('100 new rows')])
      const others = await send({ ...rows(1900, i => `remove_${i}`), do: 'save' })
      expect(others.status).toBe(409)
      const fields = await send(rows(2100, i => `remove_${i}`))
      expect([fields.status, fields.text]).toEqual([422, expect.stringContaining('more than 2000 fields')])
      await as('user02').post(paths.discardAccessDraft('USER02'))
      expect(await draftsIn(world)).toEqual([])
    })

    test('New Row stops at a hundred', async () => {
      await as('user02').get(paths.manageAccess('USER02'))
      const rows = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`assets_${i + 1}_asset`, '']))
      const told = await send({ ...rows, do: 'add asset' })
      expect([told.status, told.problems[0]]).toEqual([422, expect.stringContaining('Save these first')])
    })
  })

  test('select of a field that is none, and by its address', async () => {
    for (const field of ['x', 'accesses_1_justification', 'assets_0_asset', '__proto__'])
      expect((await as('user01').post(paths.manageAccessSelect('USER01', field))).status).toBe(404)
    const back = await as('user01').get(paths.manageAccessSelect('USER01', 'assets_1_asset'))
    expect(back.heading).toBe('User 01')
  })

  test('a draft of somebody who sees less by now keeps what was typed', async () => {
    await typeAccesses(as('manager03'), 'USER01', {
      asset: '20000-DEV',
      type: portal,
      justification: 'Still here',
    })
    await addAccess(world.deps, { person_id: 'USER01', asset_id: '20000-DEV' })
    const opened = await as('manager03').get(paths.manageAccess('USER01', { asset: '20000-DEV' }))
    expect(opened.body).toContain('Still here')
    expect(opened.text).toContain('User 01 has Self-Service Portal on 20000-DEV already: it is PROCESSING.')
    await world.deps.db
      .updateTable('assets')
      .set({ status: 'RETIRED' })
      .where('id', '=', '20000-DEV')
      .execute()
    const retired = await as('manager03').get(paths.manageAccess('USER01', { asset: '20000-DEV' }))
    expect(retired.text).toContain('20000-DEV has been retired')
    expect(retired.body).toContain('Still here')
    expect(rowsOf(retired, ACCESSES).length).toBeGreaterThan(1)
  })
})
