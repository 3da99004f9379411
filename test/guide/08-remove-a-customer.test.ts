import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { listedIn, openRecord } from '../support/access-tool.ts'
import { granted } from '../support/accesses.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { accessWordsOf } from '../support/manage-access.ts'
import { customersNow, personNow } from '../support/persons.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

describe.each(engines)('How to Remove a User’s Access to a Customer (%s)', engine => {
  let world: World
  let manager01: Agent
  let page: ShownPage
  beforeAll(async () => {
    world = await createWorld(engine)
    manager01 = await signIn(world, 'manager01')
    await world.deps.db
      .insertInto('customer_access')
      .values({ person_id: 'USER01', customer_id: '20000', created_at: world.clock.instant() })
      .execute()
    await granted(world.deps, {
      person_id: 'USER01',
      asset_id: '20000-DEV',
      access_type: 'client-communications-center',
    })
  })
  afterAll(() => world.close())

  test('3. and 4. select the user, and the delete icon of the customer’s row', async () => {
    page = await openRecord(manager01, 'user01@example.com')
    expect(page.table('Customer Access List table').map(row => row[0])).toEqual(['10000'])
    page = await manager01.press(page, 'Delete 10000')
  })

  test('5. a warning says what goes with it: No leaves everything as it is', async () => {
    expect(page.text).toContain(
      'Removing access to customer 10000 will revoke all accesses related to this customer for user USER01. If this is the last customer in the users customer access list, their user will be set to INACTIVE. Continue?',
    )
    expect(page.text).toContain('Self-Service Portal on 10000-DEV (APPROVED)')
    const back = await manager01.press(page, 'No')
    expect(back.heading).toBe('User 01')
    expect(back.buttons).toContain('Delete 10000')
  })

  test('5. Yes strikes the row through, and it can be taken back', async () => {
    page = await manager01.press(page, 'Yes')
    expect(page.buttons).toContain('take back 10000')
    const back = await manager01.press(page, 'take back 10000')
    expect(back.buttons).toContain('Delete 10000')
    expect(await customersNow(world, 'USER01')).toEqual(['10000', '20000'])
  })

  test('6. Save, and return to the List View: the user is no longer there', async () => {
    page = await manager01.press(page, 'Save')
    expect(page.heading).toBe('Access Management')
    expect(page.flash).toContain('USER01 no longer has access to your customer')
    expect(await listedIn(manager01)).not.toContain('user01@example.com')
    await workOff(world)
    expect(await accessWordsOf(world, 'USER01')).toEqual([
      '10000-DEV self-service-portal REMOVED',
      '20000-DEV client-communications-center APPROVED',
    ])
    expect(await personNow(world, 'USER01')).toMatchObject({ status: 'ACTIVE' })
  })

  test('the last customer in the list makes the user INACTIVE, who can’t sign in any more', async () => {
    const user02 = await signIn(world, 'user02')
    page = await openRecord(manager01, 'user02@example.com')
    const warning = await manager01.press(page, 'Delete 10000')
    expect(warning.text).toContain('This is the last customer in the list: USER02 will be INACTIVE.')
    await manager01.press(await manager01.press(warning, 'Yes'), 'Save')
    expect(await personNow(world, 'USER02')).toMatchObject({ status: 'INACTIVE' })
    expect((await user02.get(paths.home())).heading).toBe('Sign in')
    const again = await visitor(world).signIn('user02@example.com', testPassword)
    expect(again.heading).toBe('Sign in')
  })
})
