import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('Access Management: List View (%s)', engine => {
  let world: World
  let user01: Agent
  let manager01: Agent
  let manager03: Agent
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    user01 = await signIn(world, 'user01')
    manager01 = await signIn(world, 'manager01')
    manager03 = await signIn(world, 'manager03')
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())

  const loginIds = async (agent: Agent, query = {}) =>
    (await agent.get(paths.accessManagement(query))).table('Persons table').map(row => row[0])

  const of10000 = [
    'manager01@example.com',
    'manager02@example.com',
    'user01@example.com',
    'user02@example.com',
  ]
  const of20000 = ['manager03@example.com', 'user03@example.com']

  test('a standard user sees themselves, a manager their customer’s persons, an operator all', async () => {
    expect(await loginIds(user01)).toEqual(['user01@example.com'])
    expect(await loginIds(manager01)).toEqual(of10000)
    expect(await loginIds(manager03)).toEqual(of20000)
    expect(await loginIds(operator)).toEqual([
      'manager01@example.com',
      ...of10000.slice(1, 2),
      of20000[0],
      'operator@example.com',
      ...of10000.slice(2),
      of20000[1],
    ])
    expect((await visitor(world).get(paths.accessManagement())).heading).toBe('Sign in')
  })

  test('stands in the menu under Security, with its columns', async () => {
    const page = await manager01.get((await manager01.get(paths.home())).link('Access Management'))
    expect(page.heading).toBe('Access Management')
    expect(page.table('Persons table')[0]).toEqual(['manager01@example.com', 'Manager', '01', 'ACTIVE'])
    expect((await manager01.get(page.link('user01@example.com'))).heading).toBe('User 01')
  })

  test('New Access is offered to managers and operators only', async () => {
    for (const agent of [manager01, operator])
      expect((await agent.get(paths.accessManagement())).link('New Access')).toBe(paths.newAccess())
    expect((await user01.get(paths.accessManagement())).text).not.toContain('New Access')
  })

  test('Find Person takes any part of Login ID, names and code', async () => {
    for (const find of ['user01@', 'USER01', 'User 01']) {
      const page = await manager01.fillIn(paths.accessManagement(), { 'Find Person': find }, 'Find')
      expect(page.table('Persons table').map(row => row[0])).toEqual(['user01@example.com'])
      expect(page.field('Find Person')).toBe(find)
    }
    const none = await manager01.fillIn(paths.accessManagement(), { 'Find Person': 'user03' }, 'Find')
    expect(none.table('Persons table')).toEqual([])
    expect(none.text).toContain('Nobody you may see has “user03”')
  })

  test('a filter for each column, which keep to what one sees', async () => {
    expect(await loginIds(manager01, { login_id: 'USER' })).toEqual(of10000.slice(2))
    expect(await loginIds(manager01, { first_name: 'anag' })).toEqual(of10000.slice(0, 2))
    expect(await loginIds(manager01, { last_name: '02' })).toEqual([of10000[1], of10000[3]])
    expect(await loginIds(manager01, { status: 'INACTIVE' })).toEqual([])
    expect(await loginIds(manager01, { status: 'nonsense' })).toHaveLength(4)
    expect(await loginIds(manager01, { login_id: '%' })).toEqual([])
    expect(await loginIds(manager01, { login_id: '03' })).toEqual([])
    const page = await manager01.fillIn(paths.accessManagement(), { 'Filter by Last Name': '02' }, 'Apply')
    expect(page.table('Persons table')).toHaveLength(2)
    expect((await manager01.get(paths.accessManagement({ first_name: 'xyz' }))).text).toContain(
      'Without First Name “xyz”',
    )
  })

  test('sorts by every column, either way', async () => {
    expect(await loginIds(manager01, { sort: '-login_id' })).toEqual(of10000.toReversed())
    expect((await loginIds(manager01, { sort: 'last_name' })).slice(0, 2)).toEqual([of10000[0], of10000[2]])
    expect((await loginIds(manager01, { sort: '-first_name' }))[0]).toBe('user02@example.com')
    expect(await loginIds(manager01, { sort: 'status' })).toHaveLength(4)
  })

  test('the CSV holds what the list shows, every page of it', async () => {
    await addPersons(world, '20000', 45)
    const csv = await manager03.get(paths.accessManagementCsv({ sort: 'login_id' }))
    expect(csv.headers['content-type']).toContain('text/csv')
    const lines = csv.body.trim().split('\r\n')
    expect(lines[0]).toBe('Login ID,First Name,Last Name,Status,Person')
    expect(lines).toHaveLength(48)
    expect(csv.body).not.toContain('user01@example.com')
    expect(csv.body).toContain(`many007@example.com,'=1+1,007,ACTIVE,MANY007`)
    const filtered = await manager03.get(paths.accessManagementCsv({ login_id: 'many00' }))
    expect(filtered.body.trim().split('\r\n')).toHaveLength(11)
    expect((await user01.get(paths.accessManagementCsv())).body.trim().split('\r\n')).toHaveLength(2)
  })

  test.each([
    ['a customer with few persons', 0],
    ['a customer with many', 2100],
  ])('pages by key, forth and back, of %s', async (_title, more) => {
    await addPersons(world, '20000', more, 'LOT')
    const total = (47 + more).toLocaleString('en-US')
    for (const sort of ['login_id', '-last_name', 'status']) {
      const first = await manager03.get(paths.accessManagement({ sort }))
      expect(first.text).toContain(`1 - 20 of ${total}`)
      const second = await manager03.get(first.link('Next page'))
      expect(second.text).toContain(`21 - 40 of ${total}`)
      const third = await manager03.get(second.link('Next page'))
      const back = await manager03.get(
        (await manager03.get(third.link('Previous page'))).link('Previous page'),
      )
      expect(back.table('Persons table')).toEqual(first.table('Persons table'))
      const seen = [first, second, third].flatMap(page => page.table('Persons table').map(row => row[0]))
      expect(new Set(seen).size).toBe(seen.length)
    }
    expect((await manager03.get(paths.accessManagement({ after: 'nonsense' }))).text).toContain('1 - 20 of')
  })

  test('is exact to 10,000 and says so beyond', async () => {
    await addPersons(world, '20000', 10_000, 'ALL')
    expect((await manager03.get(paths.accessManagement())).text).toContain('1 - 20 of 10,000+')
    expect((await operator.get(paths.accessManagement())).text).toContain('1 - 20 of 10,000+')
    expect((await manager03.get(paths.accessManagement({ login_id: 'many00' }))).text).toContain(
      '1 - 10 of 10',
    )
  })
})

async function addPersons({ deps: { db }, clock }: World, customer: string, count: number, prefix = 'MANY') {
  const created_at = clock.instant()
  for (let from = 0; from < count; from += 500) {
    const rows = Array.from({ length: Math.min(500, count - from) }, (_, i) => {
      const number = String(from + i).padStart(3, '0')
      const login = `${prefix.toLowerCase()}${number}@example.com`
      return {
        id: `${prefix}${number}`,
        login_id: login,
        login_key: login,
        first_name: '=1+1',
        last_name: number,
        display_name: number,
        primary_email: login,
        role: 'STD_USER' as const,
        status: 'ACTIVE' as const,
        managing_customer_id: null,
        time_zone: null,
        password_hash: null,
        password_changed_at: null,
        search_text: login,
        created_at,
      }
    })
    await db.insertInto('persons').values(rows).execute()
    await db
      .insertInto('customer_access')
      .values(rows.map(({ id }) => ({ person_id: id, customer_id: customer, created_at })))
      .execute()
  }
}
