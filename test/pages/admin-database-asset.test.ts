import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { addDatabaseAccount, addDatabaseServer, serverNow } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { historyOn } from '../support/facts.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('The database of an asset (%s)', engine => {
  let world: World
  let operator: Agent
  let first: number
  let second: number
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    first = await addDatabaseServer(world.deps, { name: 'First' })
    second = await addDatabaseServer(world.deps, {
      name: 'Second',
      host: '10.0.0.5',
      standby_host: '2001:db8::7',
      standby_port: 5433,
    })
  })
  afterAll(() => world.close())

  const page = paths.adminAssetDatabase
  const stored = (asset: string) =>
    world.deps.db.selectFrom('asset_databases').selectAll().where('asset_id', '=', asset).executeTakeFirst()

  test('without one no account is offered, and the page says so', async () => {
    const tab = await operator.get((await operator.get(paths.adminAsset('10000-DEV'))).link('Database'))
    expect(tab.text).toContain('No database of 10000-DEV is known to the portal.')
    expect(tab.field('Group')).toBe('10000_dev')
    expect(tab.field('Reset expiring passwords at')).toBe('02:00')
    const asset = await operator.get(paths.asset('10000-DEV'))
    expect(asset.text).not.toContain('High availability')
  })

  test.each([
    ['Database server', '', 'Choose the database server.'],
    ['Database', ' ', 'Type the name of the database'],
    ['Database', 'x'.repeat(64), 'Use at most 63 characters.'],
    ['Group', '10000-DEV', 'small letters, digits and _'],
    ['Group', "x'; drop role postgres; --", 'small letters, digits and _'],
    ['Group', 'x'.repeat(41), '1 to 40'],
    ['Group', '', '1 to 40'],
    ['Owners', 'x'.repeat(64), 'Use at most 63 characters for each owner.'],
    ['Owners', 'a\tb', 'without control characters'],
    ['Owners', Array.from({ length: 51 }, (_, i) => `o${i}`).join('\n'), 'Name at most 50 owners.'],
    ['Reset expiring passwords at', '24:00', 'Use a time of day like 02:00'],
    ['Reset expiring passwords at', '2', 'Use a time of day like 02:00'],
  ])('%s: what it may not hold is refused (%#)', async (label, text, words) => {
    const typed = { 'Database server': 'First', Database: 'app', [label]: text }
    const refused = await operator.fillIn(page('10000-DEV'), typed, 'Save')
    expect(refused.status).toBe(422)
    expect(refused.errorOf(label)).toContain(words)
    expect(await stored('10000-DEV')).toBeUndefined()
  })

  test('is set, checked, in the trail, and shown to those who see the asset', async () => {
    const typed = {
      'Database server': 'First',
      Database: 'Müller "app"',
      Owners: 'app_owner\n app_owner \n\nbatch',
    }
    const saved = await operator.fillIn(page('10000-DEV'), typed, 'Save')
    expect(saved.flash).toBe('The database of 10000-DEV was saved. Its server is being checked.')
    expect(saved.text).toContain('Database accounts can be requested on 10000-DEV.')
    expect(await stored('10000-DEV')).toMatchObject({
      server_id: first,
      database_name: 'Müller "app"',
      group_name: '10000_dev',
      owners: '["app_owner","batch"]',
      reset_at: '02:00',
    })
    expect(historyOn(saved)).toEqual(['asset database set'])
    expect((await serverNow(world.deps, first)).check_asked_at).toBe(world.clock.instant())
    const user = await (await signIn(world, 'user01')).get(paths.asset('10000-DEV'))
    expect(user.text).toContain('Müller "app" at db1.example.invalid:5432')
    expect(user.text).toContain('High availability (HADR)no')
  })

  test('its group is its own on the server', async () => {
    const typed = { 'Database server': 'First', Database: 'app', Group: '10000_dev' }
    const refused = await operator.fillIn(page('10000-TST'), typed, 'Save')
    expect(refused.errorOf('Group')).toContain(
      'Another asset on that server has the group 10000_dev already.',
    )
    await operator.fillIn(page('10000-TST'), { ...typed, 'Database server': 'Second (HADR)' }, 'Save')
    expect((await stored('10000-TST'))?.server_id).toBe(second)
  })

  test('production is offered where there is a standby only', async () => {
    const typed = { 'Database server': 'First', Database: 'app' }
    const without = await operator.fillIn(page('10000-PRD'), typed, 'Save')
    expect(without.text).toContain('10000-PRD has no high availability (HADR)')
    const withOne = await operator.fillIn(page('10000-PRD'), { 'Database server': 'Second (HADR)' }, 'Save')
    expect(withOne.text).toContain('Database accounts can be requested on 10000-PRD.')
    const user = await (await signIn(world, 'user01')).get(paths.asset('10000-PRD'))
    expect(user.text).toContain('High availability (HADR)yes, standby at [2001:db8::7]:5433')
  })

  test.each([
    [{ identity: null }, 'has not passed its check yet. Try again later.'],
    [
      { check_result: '[{"level":"failed","what":"CONNECT","says":"PUBLIC"}]' },
      'did not pass its last check. Try again later.',
    ],
    [
      { suspended_at: '2026-03-02T09:00:00.000Z', suspended_why: 'it was promoted' },
      'is being checked by the operators: it was promoted. Try again later.',
    ],
    [{ status: 'RETIRED' as const }, 'is not in use any more.'],
  ])('nothing is offered on a server that is %j', async (state, words) => {
    const { identity, check_result, suspended_at, suspended_why, status } = await serverNow(
      world.deps,
      second,
    )
    const set = (values: object) =>
      world.deps.db.updateTable('database_servers').set(values).where('id', '=', second).execute()
    await set(state)
    expect((await operator.get(page('10000-PRD'))).text).toContain(words)
    await set({ identity, check_result, suspended_at, suspended_why, status })
  })

  test('what another operator has changed meanwhile is not overwritten unseen', async () => {
    const drawn = await operator.get(page('10000-TST'))
    const other = await signIn(world, 'operator')
    await other.fillIn(page('10000-TST'), { Database: 'theirs' }, 'Save')
    const conflict = await operator.fillIn(drawn, { Database: 'mine' }, 'Save')
    expect(conflict.status).toBe(409)
    expect(conflict.problems.join()).toContain(
      'Another operator has changed the database of this asset meanwhile.',
    )
    expect((await stored('10000-TST'))?.database_name).toBe('theirs')
    expect((await operator.press(conflict, 'Save')).flash).toContain('was saved.')
    expect((await stored('10000-TST'))?.database_name).toBe('mine')
  })

  describe('while accounts are open', () => {
    beforeAll(async () => {
      await addDatabaseAccount(world.deps, { serverId: first, name: 'dbsrv_mxe' })
      await addDatabaseAccount(world.deps, {
        serverId: first,
        name: 'dbusr_user02',
        access: { status: 'PROCESSING', person_id: 'USER01' },
      })
    })

    test.each([
      ['Database server', 'Second (HADR)', 'The server can’t be changed'],
      ['Database server', 'none: no database accounts', 'The server can’t be changed'],
    ])('%s can’t become %s, and the list says why', async (label, choice, words) => {
      const refused = await operator.fillIn(page('10000-DEV'), { [label]: choice }, 'Save')
      expect(refused.status).toBe(422)
      expect(refused.errorOf(label)).toContain(words)
      expect(refused.errorOf(label)).toContain(
        '2 accounts are open on 10000-DEV: dbsrv_mxe (USER02, 10000-DEV), dbusr_user02 (USER01, 10000-DEV).',
      )
    })

    test('nor can database and group', async () => {
      const database = await operator.fillIn(page('10000-DEV'), { Database: 'other' }, 'Save')
      expect(database.errorOf('Database')).toContain('The database can’t be changed')
      const group = await operator.fillIn(page('10000-DEV'), { Group: 'other' }, 'Save')
      expect(group.errorOf('Group')).toContain('The group can’t be changed')
      expect(group.text).toContain('while these 2 accounts are open')
    })

    test('owners and the time of day can', async () => {
      const typed = { Owners: 'app_owner', 'Reset expiring passwords at': '04:30' }
      expect((await operator.fillIn(page('10000-DEV'), typed, 'Save')).flash).toContain('was saved.')
      expect(await stored('10000-DEV')).toMatchObject({ owners: '["app_owner"]', reset_at: '04:30' })
    })
  })

  test('can be taken away where none is open', async () => {
    const removed = await operator.fillIn(
      page('10000-TST'),
      { 'Database server': 'none: no database accounts' },
      'Save',
    )
    expect(removed.flash).toBe('10000-TST has no database in the portal.')
    expect(await stored('10000-TST')).toBeUndefined()
    expect(historyOn(removed)[0]).toBe('asset database removed')
  })

  test('a retired server can’t be chosen', async () => {
    const gone = await addDatabaseServer(world.deps, { name: 'Gone', status: 'RETIRED' })
    expect((await operator.get(page('10000-TST'))).body).not.toContain('Gone')
    const sent = {
      server_id: String(gone),
      database_name: 'x',
      group_name: 'x',
      reset_at: '02:00',
      version: '0',
    }
    expect((await operator.post(page('10000-TST'), sent)).problems).toEqual([
      'Gone is RETIRED. Choose one that is in use.',
    ])
    expect((await operator.post(page('10000-TST'), { ...sent, server_id: '4711' })).problems).toEqual([
      'There is no such database server. Choose one of the list.',
    ])
  })
})
