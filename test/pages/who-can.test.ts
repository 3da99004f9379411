import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NewRow } from '../../db/schema.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

type NewAccess = NewRow<'accesses'>

describe.each(engines)('Who can do what here (%s)', engine => {
  let world: World
  let manager01: Agent
  let operator: Agent
  const add = (rows: readonly Partial<NewAccess>[]) =>
    world.deps.db
      .insertInto('accesses')
      .values(
        rows.map(
          row =>
            ({
              person_id: 'USER02',
              asset_id: '10000-DEV',
              customer_id: '10000',
              access_type: 'sftp',
              status: 'APPROVED',
              justification: 'I need it',
              created_at: '2026-01-01T00:00:00.000Z',
              granted_at: '2026-01-02T10:00:00.000Z',
              ...row,
            }) as NewAccess,
        ),
      )
      .execute()

  beforeAll(async () => {
    world = await createWorld(engine)
    const { db } = world.deps
    const runbook = await db
      .insertInto('runbooks')
      .values({ name: 'Any', created_at: world.clock.instant() })
      .returning('id')
      .executeTakeFirstOrThrow()
    await db
      .insertInto('access_types')
      .values({
        id: 'sftp',
        name: 'SFTP Account',
        description: '',
        kind: 'runbook',
        scope: 'asset',
        grant_runbook_id: runbook.id,
        removal_runbook_id: runbook.id,
        created_at: world.clock.instant(),
      })
      .execute()
    await add([
      {
        ends_on: '2026-12-31',
        ends_at: '2026-12-31T23:59:59.999Z',
      },
      { asset_id: '10000-PRD', status: 'SUSPENDED' },
      { asset_id: '10000-TST', access_type: 'client-communications-center', status: 'PENDING REMOVAL' },
      { asset_id: '10000-TST', status: 'PROCESSING', granted_at: null },
      { person_id: 'MANAGER02', asset_id: '10000-DEV', status: 'REMOVED' },
    ])
    manager01 = await signIn(world, 'manager01')
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())

  const rowsOf = async (agent: Agent, path: string) =>
    (await agent.get(path)).table('Who can do what table').map(row => row.slice(0, 5).join(' | '))

  const onDev = [
    'MANAGER01 | Manager 01 | Manager: decides access requests | all assets of 10000 | –',
    'MANAGER02 | Manager 02 | Manager: decides access requests | all assets of 10000 | –',
    'USER01 | User 01 | Self-Service Portal | 10000-DEV covers all assets of 10000 | APPROVED',
    'USER02 | User 02 | SFTP Account | 10000-DEV | APPROVED',
    'USER02 | User 02 | Client Communications Center | 10000-TST covers all assets of 10000 | PENDING REMOVAL',
  ]

  test('a manager sees who holds what, with what was granted elsewhere and covers it', async () => {
    const page = await manager01.get(paths.assetAccesses('10000-DEV'))
    expect(page.heading).toBe('10000-DEV')
    expect(page.table('Who can do what table').map(row => row.slice(0, 5).join(' | '))).toEqual(onDev)
    expect(page.table('Who can do what table')[3]?.slice(5)).toEqual(['2 Jan 2026, 10:00', '2026-12-31'])
    expect(page.table('Who can do what table')[2]?.[6]).toBe('no end')
    expect(page.link('USER02')).toBe(paths.manageAccess('USER02', { asset: '10000-DEV' }))
    const asset = await manager01.get(paths.asset('10000-DEV'))
    expect(asset.link('Who can do what here')).toBe(paths.assetAccesses('10000-DEV'))
  })

  test('what is on another asset only does not count here', async () => {
    expect(await rowsOf(manager01, paths.assetAccesses('10000-PRD'))).toEqual([
      ...onDev.slice(0, 3),
      'USER02 | User 02 | SFTP Account | 10000-PRD | SUSPENDED',
      ...onDev.slice(4),
    ])
  })

  test('an operator sees the same, and all of a customer', async () => {
    expect(await rowsOf(operator, paths.assetAccesses('10000-DEV'))).toEqual(onDev)
    const page = await operator.get(paths.adminCustomerAccesses('10000'))
    expect(page.heading).toBe('Accesses of customer 10000')
    expect(page.table('Who can do what table')).toHaveLength(6)
    expect(await rowsOf(operator, paths.adminCustomerAccesses('20000'))).toEqual([
      'MANAGER03 | Manager 03 | Manager: decides access requests | all assets of 20000 | –',
      'USER03 | User 03 | Self-Service Portal | 20000-DEV covers all assets of 20000 | APPROVED',
    ])
    expect((await operator.get(paths.adminCustomerAccesses('77777'))).status).toBe(404)
    expect((await operator.get(paths.adminCustomerAccessesCsv('77777'))).status).toBe(404)
  })

  test('a standard user sees only their own', async () => {
    const user02 = await signIn(world, 'user02')
    const page = await user02.get(paths.assetAccesses('10000-DEV'))
    expect(page.table('Who can do what table').map(row => row[0])).toEqual(['USER02', 'USER02'])
    expect(page.text).toContain('What you can do on 10000-DEV.')
    expect(page.body).not.toContain('USER01')
    const csv = (await user02.get(paths.assetAccessesCsv('10000-DEV'))).body
    expect(csv).toContain('USER02')
    expect(csv).not.toMatch(/USER01|MANAGER/)
  })

  test('for others there is nothing: the manager of 20000, a stranger, what is not there', async () => {
    const manager03 = await signIn(world, 'manager03')
    for (const path of [
      paths.assetAccesses('10000-DEV'),
      paths.assetAccessesCsv('10000-DEV'),
      paths.assetAccesses('NOTHING'),
      paths.adminCustomerAccesses('20000'),
      paths.adminCustomerAccessesCsv('20000'),
    ])
      expect([path, (await manager03.get(path)).status]).toEqual([path, 404])
    expect((await visitor(world).get(paths.assetAccesses('10000-DEV'))).heading).toBe('Sign in')
  })

  test('a manager of another customer who has this one in their list sees only their own', async () => {
    await world.deps.db
      .insertInto('customer_access')
      .values({ person_id: 'MANAGER03', customer_id: '10000', created_at: world.clock.instant() })
      .execute()
    const manager03 = await signIn(world, 'manager03')
    const page = await manager03.get(paths.assetAccesses('10000-DEV'))
    expect(page.text).toContain('You hold no access here.')
    expect(page.body).not.toContain('USER01')
  })

  test('the CSV says what each covers', async () => {
    const page = await manager01.get(paths.assetAccesses('10000-DEV'))
    const csv = (await manager01.get(page.link('Download'))).body.trim().split('\r\n')
    expect(csv[0]).toBe('Person,Name,Access,Granted on,Covers,Status,Since,Until,Database Account ID')
    expect(csv[3]).toContain('USER01,User 01,Self-Service Portal,10000-DEV,all assets of 10000,APPROVED,')
    expect(csv).toHaveLength(6)
    expect(
      (await operator.get(paths.adminCustomerAccessesCsv('10000'))).body.trim().split('\r\n'),
    ).toHaveLength(7)
  })

  test('what an earlier customer’s persons still hold on a moved asset, operators see until it is gone', async () => {
    await world.deps.db
      .updateTable('assets')
      .set({ customer_id: '20000' })
      .where('id', '=', '10000-DEV')
      .execute()
    const held = await rowsOf(operator, paths.assetAccesses('10000-DEV'))
    expect(held.map(row => row.split(' ')[0])).toEqual(['MANAGER03', 'USER01', 'USER02', 'USER03'])
    const manager03 = await signIn(world, 'manager03')
    expect((await manager03.get(paths.assetAccesses('10000-DEV'))).body).not.toContain('USER01')
    await world.deps.db
      .updateTable('assets')
      .set({ customer_id: '10000' })
      .where('id', '=', '10000-DEV')
      .execute()
  })

  test('pages by person, forth and back, with a filter', async () => {
    const persons = Array.from({ length: 45 }, (_, i) => `M${String(i).padStart(3, '0')}`)
    await world.deps.db
      .insertInto('persons')
      .values(
        persons.map(id => ({
          id,
          login_id: `${id}@example.com`,
          login_key: `${id}@example.com`.toLowerCase(),
          first_name: id,
          last_name: '=Formula',
          display_name: `=${id}`,
          primary_email: `${id}@example.com`,
          role: 'STD_USER' as const,
          status: 'ACTIVE' as const,
          managing_customer_id: null,
          time_zone: null,
          password_hash: null,
          password_changed_at: null,
          search_text: id.toLowerCase(),
          created_at: world.clock.instant(),
        })),
      )
      .execute()
    await add(persons.map(person_id => ({ person_id, asset_id: '10000-TST' })))
    const first = await manager01.get(paths.assetAccesses('10000-TST'))
    expect(first.text).toContain('1 - 20 of 49')
    const second = await manager01.get(first.link('Next page'))
    const third = await manager01.get(second.link('Next page'))
    const back = await manager01.get((await manager01.get(third.link('Previous page'))).link('Previous page'))
    expect(back.table('Who can do what table')).toEqual(first.table('Who can do what table'))
    const filtered = await manager01.fillIn(first, { 'Filter by Person': 'm04' }, 'Apply')
    expect(filtered.table('Who can do what table').map(row => row[0])).toEqual([
      'M040',
      'M041',
      'M042',
      'M043',
      'M044',
    ])
    const csv = (await manager01.get(filtered.link('Download'))).body
    expect(csv).toContain(`M040,'=M040,`)
    expect(csv.trim().split('\r\n')).toHaveLength(6)
  })
})
