import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { closeCampaign } from '../../src/access/campaigns.ts'
import { paths } from '../../src/paths.ts'
import { granted } from '../support/accesses.ts'
import { signIn } from '../support/agent.ts'
import { afterDays, itemsOfPerson, partId, partsOf, prepared } from '../support/campaigns.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

const button = 'Re-validate CBN'
const words =
  'Annual validation of Continued Business Need (CBN) is required for all accesses provided through this application. Review your accesses below, remove any that are no longer required. Save your changes and press the Re-validate CBN button.'

describe.each(engines)('Re-validate CBN on Manage Access (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const page = paths.manageAccess('USER01')

  test('stands there only while it is due, and is gone when it was pressed', async () => {
    const user = await signIn(world, 'user01')
    expect((await user.get(page)).buttons).not.toContain(button)
    const id = await prepared(world)
    const due = await user.get(page)
    expect(due.text).toContain(words)
    expect(due.text).toContain('Customer 10000 Harbour Logistics, due by 1 Apr 2026, 09:00 UTC')
    expect((await user.get(paths.home())).text).toContain('Re-validate your accesses (CBN)')
    const pressed = await user.press(due, button)
    expect(pressed.flash).toBe('You have re-validated your access of customer 10000.')
    expect(pressed.buttons).not.toContain(button)
    expect(pressed.text).not.toContain('Annual validation')
    expect((await user.get(paths.home())).text).not.toContain('Re-validate your accesses (CBN)')
    expect(await itemsOfPerson(world, id, 'USER01')).toEqual(['10000-DEV CONFIRMED by USER01'])
  })

  test('pressed again, from a page that was left open, changes nothing', async () => {
    const user = await signIn(world, 'user01')
    await prepared(world)
    const open = await user.get(page)
    await user.press(open, button)
    expect((await user.press(open, button)).flash).toBe(
      'Your accesses of customer 10000 are re-validated already.',
    )
  })

  test('is there for each customer, each confirmed by itself', async () => {
    await granted(world.deps, { person_id: 'USER01', asset_id: '20000-DEV' })
    const id = await prepared(world)
    const user = await signIn(world, 'user01')
    const due = await user.get(page)
    expect(due.buttons.filter(name => name === button)).toHaveLength(2)
    const pressed = await user.press(due, button)
    expect(pressed.flash).toContain('of customer 10000. Another customer waits for you.')
    expect(pressed.buttons.filter(name => name === button)).toHaveLength(1)
    expect(await partsOf(world, id)).toEqual([
      'USER01 10000 CONFIRMED',
      'USER01 20000 OPEN',
      'USER03 20000 OPEN',
    ])
  })

  test('asks to save first what is staged, and loses nothing of it', async () => {
    const id = await prepared(world)
    const user = await signIn(world, 'user01')
    const staged = await user.press(page, 'New Row')
    const refused = await user.press(staged, button)
    expect(refused.flash).toContain('You have changes on this page that are not saved.')
    const again = await user.press(await user.get(page), button)
    expect(again.flash).toContain('You have changes on this page that are not saved.')
    expect(await partsOf(world, id)).toContain('USER01 10000 OPEN')
  })

  test('is seen to be due by a manager and an operator, who can’t press it', async () => {
    await granted(world.deps, { person_id: 'USER01', asset_id: '20000-DEV' })
    const id = await prepared(world)
    const part = String(await partId(world, id, 'USER01', '10000'))
    for (const name of ['manager01', 'operator']) {
      const agent = await signIn(world, name)
      const seen = await agent.get(page)
      expect(seen.text).toContain('is due for User 01. Only they can confirm')
      expect(seen.text.includes('20000 Meadow Foods, due by')).toBe(name === 'operator')
      expect(seen.buttons).not.toContain(button)
      expect((await agent.post(paths.revalidate('USER01'), { part })).status).toBe(403)
    }
    const outsider = await signIn(world, 'user02')
    await outsider.get(paths.home())
    expect((await outsider.post(paths.revalidate('USER01'), { part })).status).toBe(404)
    const other = await signIn(world, 'manager03')
    await other.get(paths.home())
    expect((await other.post(paths.revalidate('USER01'), { part })).status).toBe(404)
  })

  test('bad input is nothing to confirm', async () => {
    const id = await prepared(world)
    const user = await signIn(world, 'user01')
    await user.get(page)
    const theirs = String(await partId(world, id, 'USER03', '20000'))
    for (const fields of [{}, { part: 'x' }, { part: '999999' }, { part: theirs }, { part: ['1', '2'] }])
      expect((await user.post(paths.revalidate('USER01'), fields as never)).status).toBe(404)
    expect((await user.post(paths.revalidate('NOBODY'), { part: '1' })).status).toBe(404)
  })

  test('of a re-validation that was closed meanwhile says so', async () => {
    const id = await prepared(world)
    const user = await signIn(world, 'user01')
    const open = await user.get(page)
    await closeCampaign(world.deps, world.actor('OPERATOR01'), id)
    expect((await user.press(open, button)).flash).toContain('Nothing has to be re-validated')
  })
})

describe.each(engines)('Security › Re-validation (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  test('shows a manager who of their customer has answered, and nothing of others', async () => {
    const manager = await signIn(world, 'manager01')
    expect((await manager.get(paths.revalidation())).text).toContain('There has been no re-validation yet.')
    await granted(world.deps, { person_id: 'USER02' })
    await granted(world.deps, { person_id: 'USER02', asset_id: '20000-DEV' })
    const id = await prepared(world)
    await (await signIn(world, 'user02')).press(paths.manageAccess('USER02'), 'Re-validate CBN')
    const page = await manager.get(paths.revalidation())
    expect(page.table('Persons table').map(row => row.slice(0, 3))).toEqual([
      ['USER01', 'User 01', 'not answered'],
      ['USER02', 'User 02', 'confirmed'],
    ])
    expect(page.text).toContain('10000-DEV Self-Service Portal: confirmed 2 Mar 2026, 09:00 by USER02')
    expect(page.text).not.toMatch(/20000|USER03|Meadow/)
    expect(page.document.querySelector('svg.progress-bar')?.getAttribute('aria-label')).toBe(
      'Progress of the re-validation: 1 confirmed (50 %), 1 not answered (50 %)',
    )
    const open = await manager.get(paths.revalidation({ campaign: id, state: 'OPEN' }))
    expect(open.table('Persons table')).toHaveLength(1)
    const csv = await manager.get(paths.revalidationCsv(id))
    expect(csv.body).toContain('USER02,User 02,user02@example.com,10000,10000-DEV,Self-Service Portal,')
    expect(csv.body).not.toMatch(/20000|USER03/)
  })

  test('shows the other customer to its own manager, and those of one customer only to theirs', async () => {
    const id = await prepared(world, { customerId: '10000', name: 'Only ours' })
    const other = await signIn(world, 'manager03')
    expect((await other.get(paths.revalidation())).text).not.toContain('Only ours')
    expect((await other.get(paths.revalidation({ campaign: id }))).status).toBe(404)
    expect((await other.get(paths.revalidationCsv(id))).status).toBe(404)
    expect((await (await signIn(world, 'manager01')).get(paths.revalidation({ campaign: id }))).status).toBe(
      200,
    )
  })

  test('is for managers; operators have the campaigns', async () => {
    const user = await signIn(world, 'user01')
    expect((await user.get(paths.revalidation())).status).toBe(403)
    const operator = await signIn(world, 'operator')
    expect((await operator.get(paths.revalidation())).heading).toBe('Re-validation campaigns')
  })

  test('names the portal and “operator”, not the provider’s people', async () => {
    const id = await prepared(world)
    await afterDays(world, 40)
    const manager = await signIn(world, 'manager01')
    const page = await manager.get(paths.revalidation({ campaign: id }))
    expect(page.text).toMatch(/10000-DEV Self-Service Portal: suspended .* by the portal/)
  })
})
