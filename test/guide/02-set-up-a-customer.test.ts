import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const runbook = JSON.stringify({
  steps: [
    {
      name: 'Clear it',
      executor: 'command',
      argv: ['clear-cache', '--of={{asset.INSTANCE}}', '--all={{field.everything}}'],
    },
  ],
})

describe.each(engines)('An operator sets up a customer, up to the first request (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())

  test('1. the customer', async () => {
    const page = await operator.fillIn(
      paths.adminCustomer('new'),
      { Customer: '30000', Name: 'Orchard Rail', Parent: '10000' },
      'Save',
    )
    expect(page.flash).toBe('Customer 30000 was created. Add its two managers next, then its assets.')
    expect(page.heading).toBe('Customer 30000')
    expect(page.text).toContain('This customer has no manager')
    expect((await operator.get(paths.admin())).text).toContain('Customer 30000 Orchard Rail has no manager')
  })

  test('2. a person, who gets a link by mail and signs in with it', async () => {
    const added = await operator.fillIn(
      paths.adminPerson('new'),
      {
        Person: 'user30',
        'Login ID': 'Dana.Field@example.com',
        'First Name': 'Dana',
        'Last Name': 'Field',
        'Primary Email': 'dana@example.com',
        Role: 'STD_USER',
        'Customer 1': '30000',
      },
      'Save',
    )
    expect(added.flash).toBe('USER30 was created. A sign-in link goes to dana@example.com in a moment.')
    expect(added.text).toContain('PENDING CREATE')
    await workOff(world)

    const mails = await operator.get(paths.adminMails({ to: 'dana@' }))
    const mail = await operator.get(mails.link(mails.table('Mails table')[0]?.[0] ?? ''))
    expect(mail.heading).toBe('Your access to Gatehouse')
    const link = mail.document.querySelectorAll('a').find(a => a.text.includes('/link/'))?.text ?? ''
    const dana = visitor(world)
    const password = 'nine quiet horses'
    await dana.fillIn(
      link.replace(world.config.PUBLIC_URL, ''),
      { 'New Password': password, 'New Password again': password },
      'Set password',
    )
    expect((await operator.get(paths.adminPerson('USER30'))).text).toContain('ACTIVE')
    expect((await visitor(world).signIn('dana.field@example.com', password)).heading).toBe('Start Center')
  })

  test('3. the asset, with a variable', async () => {
    const drawn = await operator.fillIn(paths.adminAsset('new'), { Asset: '30000-dev' }, 'New Row')
    expect(drawn.field('Asset')).toBe('30000-dev')
    const page = await operator.fillIn(
      drawn,
      {
        Customer: '30000',
        Description: 'Development environment',
        Class: 'NON_PRODUCTION',
        Product: 'Asset Management',
        'Time zone': 'Europe/Berlin',
        'Variable 1 name': 'INSTANCE',
        'Variable 1 value': 'dev-1',
      },
      'Save',
    )
    expect(page.flash).toBe('30000-DEV was created. Choose what is offered there.')
    expect(page.text).toContain('There is no runbook yet')
  })

  test('4. the runbook, tried with a dry run', async () => {
    const page = await operator.fillIn(
      paths.adminRunbook('new'),
      { Name: 'Clear cache', Definition: runbook },
      'Save',
    )
    expect(page.heading).toBe('Clear cache')
    const dry = await operator.fillIn(
      page.link('Dry run'),
      { 'Target Environment': '30000-DEV', 'Value of field.everything': 'yes' },
      'Dry run',
    )
    expect(dry.text).toContain('It would start.')
    expect(dry.text).toContain('--of=dev-1')
    expect(dry.text).toContain('--all=yes')
    expect((await operator.get(page.link('Versions'))).text).toContain('Version 1')
  })

  test('5. an action of one’s own, with a field', async () => {
    const drawn = await operator.fillIn(paths.adminAction('new'), { Id: 'clear-cache' }, 'New Row')
    const page = await operator.fillIn(
      drawn,
      {
        Name: 'Clear cache',
        Description: 'Empties the cache.',
        Mode: 'exclusive',
        'On production': 'no',
        'Field 1 name': 'everything',
        'Field 1 label': 'Everything?',
        'Field 1 type': 'checkbox',
      },
      'Save',
    )
    expect(page.flash).toContain('was created. Choose on each asset which runbook performs it.')
  })

  test('6. the action is offered on the asset, and can be requested there', async () => {
    const before = await operator.get(paths.asset('30000-DEV'))
    expect(before.text).toContain('Clear cacheNot possible')
    const page = await operator.fillIn(
      paths.adminAssetActions('30000-DEV'),
      { 'Runbook for Clear cache': 'Clear cache' },
      'Save',
    )
    expect(page.flash).toBe('The actions of 30000-DEV were saved.')
    const asset = await operator.get(paths.asset('30000-DEV'))
    expect(asset.text).toContain('Clear cacheEmpties the cache.')
    const form = await operator.get(asset.link('Clear cache'))
    expect(form.field('Target Environment')).toBe('30000-DEV')
    expect(form.field('Requested Action')).toBe('Clear cache')
    expect(form.field('Everything?')).toBe(false)
  })

  test('every change stands in the history with who made it', async () => {
    const page = await operator.get(paths.adminAsset('30000-DEV'))
    expect(page.text).toContain('asset createdOperator 01')
    expect(page.text).toContain('asset actions changedOperator 01')
  })
})
