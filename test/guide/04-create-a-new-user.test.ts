import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listedIn, openAccessManagement, openRecord } from '../support/access-tool.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('How to Create a New User (%s)', engine => {
  let world: World
  let manager01: Agent
  let page: ShownPage
  beforeAll(async () => {
    world = await createWorld(engine)
    manager01 = await signIn(world, 'manager01')
  })
  afterAll(() => world.close())

  const dana = 'dana.field@example.com'

  test('2. and 3. the List View has New Access, a plus sign', async () => {
    page = await openAccessManagement(manager01)
    page = await manager01.get(page.link('New Access'))
    expect(page.heading).toBe('New Access')
    expect(page.text).toContain(
      'Only users that will be responsible for approving/rejecting access requests should be assigned the Manager role.',
    )
  })

  test('4. what is missing or wrong is told beside its field, and nothing typed is lost', async () => {
    page = await manager01.fillIn(page, { 'Login ID': 'dana', 'First Name': 'Dana' }, 'Save')
    expect(page.status).toBe(422)
    expect(page.errorOf('Login ID')).not.toBe('')
    expect(page.errorOf('Last Name')).not.toBe('')
    expect(page.field('First Name')).toBe('Dana')
  })

  test('5. Save creates the user, PENDING CREATE', async () => {
    page = await manager01.fillIn(
      page,
      {
        'Login ID': dana,
        'First Name': 'Dana',
        'Last Name': 'Field',
        'Primary Email': 'dana@example.org',
        Role: 'MANAGER',
      },
      'Save',
    )
    expect(page.heading).toBe('Dana Field')
    expect(page.flash).toContain('a mail with a sign-in link goes to dana@example.org')
    expect(factOf(page, 'Status')).toBe('PENDING CREATE')
    expect(page.field('Managing Customer')).toBe('10000')
    expect(page.table('Customer Access List table').map(row => row.slice(0, 2))).toEqual([
      ['10000', 'Harbour Logistics'],
    ])
  })

  test('6. the user becomes ACTIVE, and gets a mail with which to sign in', async () => {
    await workOff(world)
    page = await openRecord(manager01, dana)
    expect(factOf(page, 'Status')).toBe('ACTIVE')
    const [mail, ...more] = (await world.mails()).filter(one => one.to_address === 'dana@example.org')
    expect(more).toEqual([])
    const link = mail?.link?.replace(world.config.PUBLIC_URL, '') ?? ''
    const password = 'nine quiet horses'
    const user = visitor(world)
    await user.fillIn(link, { 'New Password': password, 'New Password again': password }, 'Set password')
    expect((await visitor(world).signIn(dana, password)).heading).toBe('Start Center')
  })

  test('the new manager sees the users of the customer', async () => {
    expect(await listedIn(manager01)).toEqual([
      dana,
      'manager01@example.com',
      'manager02@example.com',
      'user01@example.com',
      'user02@example.com',
    ])
  })

  test('managers of other customers don’t see the user', async () => {
    expect(await listedIn(await signIn(world, 'manager03'))).toEqual([
      'manager03@example.com',
      'user03@example.com',
    ])
  })
})
