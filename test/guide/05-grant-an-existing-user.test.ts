import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listedIn, openAccessManagement, openRecord } from '../support/access-tool.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { ASSETS } from '../support/manage-access.ts'
import { personNow } from '../support/persons.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('How to Grant an Existing User Access to a Customer (%s)', engine => {
  let world: World
  let manager01: Agent
  let page: ShownPage
  beforeAll(async () => {
    world = await createWorld(engine)
    manager01 = await signIn(world, 'manager01')
  })
  afterAll(() => world.close())

  test('2. to 4. New Access, and enter the Login ID: without scripts the ? appears when you press Save', async () => {
    expect(await listedIn(manager01)).not.toContain('user03@example.com')
    const list = await openAccessManagement(manager01)
    page = await manager01.get(list.link('New Access'))
    page = await manager01.fillIn(
      page,
      { 'Login ID': ' User03@Example.com ', 'First Name': 'User', 'Last Name': '03' },
      'Save',
    )
    expect(page.status).toBe(422)
    expect(page.errorOf('Login ID')).toContain('exists')
    expect(page.buttons).toContain('?')
    expect(await listedIn(manager01)).not.toContain('user03@example.com')
  })

  test('5. press the question mark, and answer No: nothing is done', async () => {
    const question = await manager01.press(page, '?')
    expect(question.text).toContain(
      'User User03@Example.com exists. Grant user access to customer Harbour Logistics?',
    )
    const back = await manager01.press(question, 'No')
    expect(back.heading).toBe('New Access')
    expect(back.field('First Name')).toBe('User')
    expect(await listedIn(manager01)).not.toContain('user03@example.com')
  })

  test('5. press it, and answer Yes: it is done at once', async () => {
    const question = await manager01.press(page, '?')
    const done = await manager01.press(question, 'Yes')
    expect(done.flash).toContain('has access to customer Harbour Logistics now. Nothing is left to save')
  })

  test('6. and 7. return to the List View without saving: the user is there', async () => {
    expect(await listedIn(manager01)).toContain('user03@example.com')
    const record = await openRecord(manager01, 'user03@example.com')
    // The other customers of the user are none of this manager's business.
    expect(record.table('Customer Access List table').map(row => row[0])).toEqual(['10000'])
    expect(record.text).not.toContain('20000')
  })

  test('a user of two customers can request accesses of both', async () => {
    const user03 = await signIn(world, 'user03')
    const own = await openRecord(user03, 'user03@example.com', 'Manage Access')
    const added = await user03.press(own, `New Row in ${ASSETS}`)
    const choices = await user03.press(added, 'Select Value: Asset')
    expect(choices.table('Asset table').map(row => row[0])).toEqual([
      '10000-DEV',
      '10000-PRD',
      '10000-TST',
      '20000-DEV',
    ])
  })

  test('an INACTIVE user is reactivated and granted in one step', async () => {
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'USER02')
      .execute()
    await world.deps.db.deleteFrom('customer_access').where('person_id', '=', 'USER02').execute()
    const list = await openAccessManagement(manager01)
    const form = await manager01.get(list.link('New Access'))
    const asked = await manager01.fillIn(form, { 'Login ID': 'user02@example.com' }, 'Save')
    const question = await manager01.press(asked, '?')
    await manager01.press(question, 'Reactivate and grant')
    expect(await personNow(world, 'USER02')).toMatchObject({ status: 'ACTIVE', role: 'STD_USER' })
    expect(await listedIn(manager01)).toContain('user02@example.com')
  })
})
