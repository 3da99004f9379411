import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('Administration › Customers, assets and actions (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())

  test.each([
    [{ Customer: '', Name: '' }, ['Type an id, such as 10000.', 'Type the customer’s name.']],
    [
      { Customer: '10000', Name: 'X' },
      ['There is a customer 10000 already. Choose another id, or open that one.'],
    ],
    [{ Customer: '3 0', Name: 'X' }, ['Use letters, digits, - and _, such as 10000.']],
    [
      { Customer: '30000', Name: 'X', Parent: '77' },
      ['There is no customer 77. Type the id of one, or leave this empty.'],
    ],
    [{ Customer: '30000', Name: 'X', Parent: '30000' }, ['A customer can’t be its own parent.']],
  ])('customer %j is refused', async (typed, words) => {
    const page = await operator.fillIn(paths.adminCustomer('new'), typed, 'Save')
    expect([page.status, page.problems]).toEqual([422, words])
    expect(page.field('Name')).toBe(typed.Name)
  })

  test('customers can’t stand above each other in a circle', async () => {
    await operator.fillIn(paths.adminCustomer('20000'), { Parent: '10000' }, 'Save')
    const page = await operator.fillIn(paths.adminCustomer('10000'), { Parent: '20000' }, 'Save')
    expect(page.errorOf('Parent')).toBe(
      '20000 stands below 10000 already, so it can’t be its parent as well.',
    )
  })

  test('a customer with assets in use stays ACTIVE', async () => {
    const page = await operator.fillIn(paths.adminCustomer('20000'), { Status: 'INACTIVE' }, 'Save')
    expect(page.errorOf('Status')).toContain('Customer 20000 still has assets in use (20000-DEV).')
  })

  test('a new customer asks for its two managers, with their fields filled in', async () => {
    const page = await operator.fillIn(
      paths.adminCustomer('new'),
      { Customer: '30000', Name: 'Third' },
      'Save',
    )
    expect(page.flash).toBe('Customer 30000 was created. Add its two managers next, then its assets.')
    expect(page.text).toContain('This customer has no manager')
    expect(page.text).toContain('Add two')
    const person = await operator.get(page.link('Administration › Persons'))
    expect([person.field('Customer 1'), person.field('Role'), person.field('Managing Customer')]).toEqual([
      '30000',
      'MANAGER',
      '30000',
    ])
    const access = await operator.get(page.link('New Access'))
    expect([access.field('Customer'), access.field('Role')]).toEqual(['30000', 'MANAGER'])
    expect((await operator.get(paths.admin())).text).toContain('Customer 30000 Third has no manager')
    const start = await operator.get(paths.home())
    expect(start.text).toContain('Customers with fewer than two managers')
    expect(start.link('30000')).toBe(paths.adminCustomer('30000'))
    expect((await (await signIn(world, 'manager03')).get(paths.home())).text).not.toContain('fewer than two')
    await world.deps.db.deleteFrom('customers').where('id', '=', '30000').execute()
  })

  test.each([
    [{ 'Time zone': 'Moon/Base' }, 'Time zone', 'There is no such time zone.'],
    [{ 'Application address': 'javascript:alert(1)' }, 'Application address', 'Use a full address'],
    [{ 'Health address': 'file:///etc/passwd' }, 'Health address', 'Use a full address'],
    [{ Description: '' }, 'Description', 'Say what this environment is for.'],
  ])('asset with %j is refused', async (typed, field, words) => {
    const page = await operator.fillIn(paths.adminAsset('10000-DEV'), typed, 'Save')
    expect(page.status).toBe(422)
    expect(page.errorOf(field)).toContain(words)
  })

  test('variables need names that runbooks can use, each once', async () => {
    const drawn = await operator.press(
      await operator.press(paths.adminAsset('10000-DEV'), 'New Row'),
      'New Row',
    )
    const wrong = await operator.fillIn(
      drawn,
      { 'Variable 1 name': 'id', 'Variable 2 name': '2nd', 'Variable 2 value': 'x' },
      'Save',
    )
    expect(wrong.errorOf('Variable 1 name')).toBe('id is the asset’s own. Choose another name.')
    expect(wrong.errorOf('Variable 2 name')).toContain('not beginning with a digit')
    const twice = await operator.fillIn(wrong, { 'Variable 1 name': 'A', 'Variable 2 name': 'A' }, 'Save')
    expect(twice.errorOf('Variable 2 name')).toBe('There are two variables called A. Remove one of them.')
  })

  test('production is off until it is ticked on the asset', async () => {
    await operator.fillIn(
      paths.adminRunbook('new'),
      { Name: 'Nothing', Definition: '{"steps":[{"name":"n","executor":"command","argv":["true"]}]}' },
      'Save',
    )
    const restart = 'Restart Asset Management Application'
    const chosen = await operator.fillIn(
      paths.adminAssetActions('10000-PRD'),
      { [`Runbook for ${restart}`]: 'Nothing' },
      'Save',
    )
    expect(chosen.text).toContain('Not offered')
    const allowed = await operator.fillIn(
      chosen,
      { [`Allow ${restart} on this production asset`]: true },
      'Save',
    )
    expect(allowed.text).toContain('Offered.')
    const off = await operator.fillIn(allowed, { [`Runbook for ${restart}`]: '' }, 'Save')
    expect(off.text).not.toContain('Offered.')
  })

  test('a runbook that does not exist can’t be chosen', async () => {
    await operator.get(paths.adminAssetActions('10000-DEV'))
    const page = await operator.post(paths.adminAssetActions('10000-DEV'), {
      'runbook_restart-application': '4711',
    })
    expect([page.status, page.problems]).toEqual([422, ['There is no such runbook. Choose one of the list.']])
  })

  test('an action’s fields are checked one by one', async () => {
    const rows = await operator.press(await operator.press(paths.adminAction('new'), 'New Row'), 'New Row')
    const page = await operator.fillIn(
      rows,
      {
        Id: 'new',
        Name: 'Collect logs',
        'Field 1 name': 'Case ID',
        'Field 1 label': 'Support Case ID',
        'Field 1 pattern': 'TS[0-9',
        'Field 2 name': 'how',
        'Field 2 label': 'How',
        'Field 2 type': 'select',
      },
      'Save',
    )
    expect(page.errorOf('Id')).toContain('Use small letters, digits and hyphens')
    expect(page.errorOf('Field 1 name')).toContain('Use small letters, digits and _')
    expect(page.errorOf('Field 2 choices')).toBe('Type at least one choice.')
    const next = await operator.fillIn(
      page,
      {
        Id: 'collect-logs',
        'Field 1 name': 'case_id',
        'Field 2 choices': 'all = Everything\nnew',
        'Field 2 default': 'old',
      },
      'Save',
    )
    expect(next.errorOf('Field 1 pattern')).toBe('This is not a regular expression. Check its brackets.')
    expect(next.errorOf('Field 2 default')).toBe('The default must be one of: all, new.')
    const saved = await operator.fillIn(
      next,
      { 'Field 1 pattern': 'TS[0-9]{9}', 'Field 2 default': 'all' },
      'Save',
    )
    expect(saved.flash).toContain('Collect logs was created.')
    expect(saved.field('Field 2 choices')).toBe('all = Everything new'.replace(' new', '\nnew'))
  })

  test('a withdrawn action is offered nowhere, until it is offered again', async () => {
    const asked = await operator.get(paths.adminActionEvent('stop-application', 'withdraw'))
    expect((await operator.press(asked, 'Withdraw')).flash).toBe(
      'The action is withdrawn and offered nowhere.',
    )
    expect((await operator.get(paths.asset('10000-DEV'))).text).not.toContain(
      'Stop Asset Management Application',
    )
    expect((await operator.get(paths.helpPage('supported-requests'))).text).not.toContain('Stop Asset')
    expect((await operator.press(asked, 'Withdraw')).flash).toContain('This action is WITHDRAWN already.')
    await operator.press(paths.adminAction('stop-application'), 'Offer again')
    expect((await operator.get(paths.asset('10000-DEV'))).text).toContain('Stop Asset Management Application')
  })
})
