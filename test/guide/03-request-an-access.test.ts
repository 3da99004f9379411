import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAccessManagement, openRecord } from '../support/access-tool.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { ACCESSES, ASSETS, rowsOf } from '../support/manage-access.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const access = 'Client Communications Center'

/** The steps of the guide, without JavaScript, one after the other. */
describe.each(engines)('How to Request CCC Access (%s)', engine => {
  let world: World
  let user02: Agent
  let page: ShownPage

  beforeAll(async () => {
    world = await createWorld(engine)
    user02 = await signIn(world, 'user02')
  })
  afterAll(() => world.close())

  test('2. navigate to the Access Management Tool by the menu', async () => {
    page = await openAccessManagement(user02)
    expect(page.heading).toBe('Access Management')
    expect(page.table('Persons table')).toEqual([['user02@example.com', 'User', '02', 'ACTIVE']])
  })

  test('3. and 4. select your Login ID, and the Manage Access tab', async () => {
    const record = await user02.get(page.link('user02@example.com'))
    expect(record.heading).toBe('User 02')
    page = await user02.get(record.link('Manage Access'))
    expect(page.text).toContain('There is no asset yet. Press New Row to add the first one.')
    expect(page.text).not.toContain('Re-validate CBN')
  })

  test('5. add an asset with New Row', async () => {
    page = await user02.press(page, `New Row in ${ASSETS}`)
    expect(page.field('Asset')).toBe('')
  })

  test('6. the magnifying glass lists the assets of your customers, and whom to ask for others', async () => {
    page = await user02.press(page, 'Select Value: Asset')
    expect(page.heading).toBe('Select Value')
    expect(page.table('Asset table').map(row => row[0])).toEqual(['10000-DEV', '10000-PRD', '10000-TST'])
    expect(page.text).toContain('Manager 01')
    expect(page.text).toContain('Manager 02')
  })

  test('7. and 8. select an asset: it is the one accesses are requested on', async () => {
    page = await user02.press(page, '10000-TST')
    expect(rowsOf(page, ASSETS)).toEqual([['10000-TST', 'Test environment']])
    const selected = page.main.querySelectorAll('[aria-current="true"]').map(link => link.textContent)
    expect(selected).toEqual(['10000-TST'])
  })

  test('9. to 11. New Row under Specific Access in the Environment, and select the access type', async () => {
    page = await user02.press(page, `New Row in ${ACCESSES}`)
    const types = await user02.press(page, 'Select Value: Access Type')
    expect(types.table('Access Type table').map(row => row[0])).toEqual(
      expect.arrayContaining(['Self-Service Portal', access]),
    )
    page = await user02.press(types, access)
    expect(page.field('Access Type')).toBe(access)
    expect(rowsOf(page, ACCESSES).map(row => row[2])).toEqual(['NEW'])
  })

  test('12. a warning says that one request is enough and that mails follow: OK', async () => {
    expect(page.text).toContain('You will be automatically subscribed to email notifications.')
    const hasty = await user02.fillIn(page, { Justification: 'To know what is going on.' }, 'Save')
    expect(hasty.status).toBe(422)
    expect(hasty.field('Justification')).toBe('To know what is going on.')
    page = await user02.press(hasty, 'OK')
    expect(page.buttons).not.toContain('OK')
  })

  test('13. and 14. give a reason, and Save', async () => {
    page = await user02.fillIn(page, { Justification: 'To hear about outages.' }, 'Save')
    expect(page.flash).toContain(`Requested: ${access} on 10000-TST`)
    expect(rowsOf(page, ACCESSES).map(row => [row[0], row[2], row[3]])).toEqual([[access, 'PROCESSING', '']])
    expect(page.text).not.toContain('not saved')
    await workOff(world)
    const told = (await world.mails()).filter(mail => mail.template === 'access-requested')
    expect(told.map(mail => mail.to_address).sort()).toEqual([
      'manager01@example.com',
      'manager02@example.com',
    ])
    expect(told[0]?.body).toContain('To hear about outages.')
  })

  test('you receive an email when it has been approved', async () => {
    const manager01 = await signIn(world, 'manager01')
    const approvals = await openRecord(manager01, 'manager01@example.com', 'Access Approvals')
    await manager01.fillIn(approvals, { Disposition: 'APPROVED' }, 'Save')
    const meanwhile = await openRecord(user02, 'user02@example.com', 'Manage Access')
    expect(rowsOf(meanwhile, ACCESSES)[0]?.slice(2)).toEqual(['PROCESSING', 'PROVISIONING'])
    await workOff(world)
    page = await openRecord(user02, 'user02@example.com', 'Manage Access')
    expect(rowsOf(page, ASSETS)).toEqual([['10000-TST', 'Test environment']])
    expect(rowsOf(page, ACCESSES)[0]?.slice(2)).toEqual(['APPROVED', ''])
    const granted = (await world.mails()).find(mail => mail.template === 'access-granted')
    expect([granted?.to_address, granted?.subject]).toEqual([
      'user02@example.com',
      expect.stringContaining(access),
    ])
  })

  test('a second request for the same is told, with a way to the first', async () => {
    const again = await user02.press(page, `New Row in ${ACCESSES}`)
    const told = await user02.fillIn(again, { 'Access Type': 'CCC', Justification: 'Once more' }, 'Save')
    expect(told.status).toBe(422)
    expect(told.errorOf('Access Type')).toContain(access)
    const first = await user02.get(told.link('Open the first one'))
    expect(rowsOf(first, ACCESSES).map(row => row[2])).toEqual(['APPROVED', 'NEW'])
  })
})
