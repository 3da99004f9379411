import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { factOf, historyOn } from '../support/facts.ts'
import { offerAction } from '../support/runbooks.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

/** The walk of the guide, without JavaScript, one step after the other. */
describe.each(engines)('Submitting a Service Request (%s)', engine => {
  let world: World
  let user01: Agent
  let number: number

  beforeAll(async () => {
    world = await createWorld(engine)
    await offerAction(world.deps, { asset: '10000-DEV' })
    user01 = await signIn(world, 'user01')
  })
  afterAll(() => world.close())

  test('sign in, and click on New Service Request on the Start Center', async () => {
    const start = await user01.get(paths.home())
    expect(start.heading).toBe('Start Center')
    const form = await user01.get(start.link('New Service Request'))
    expect(form.heading).toBe('New Service Request')
    expect(form.text).toContain(
      'If the request is not queued it will remain in new state and will not be run.',
    )
  })

  test('select the environment with the magnifying glass', async () => {
    const chosen = await user01.press(paths.newServiceRequest(), 'Select Value: Target Environment')
    expect(chosen.heading).toBe('Select Value')
    expect(chosen.table('Target Environment table').map(row => row[0])).toEqual([
      '10000-DEV',
      '10000-PRD',
      '10000-TST',
    ])
    const filtered = await user01.fillIn(chosen, { Filter: 'devel' }, 'Filter')
    expect(filtered.table('Target Environment table').map(row => row[0])).toEqual(['10000-DEV'])
    const back = await user01.press(filtered, '10000-DEV')
    expect(back.heading).toBe('New Service Request')
    expect(back.field('Target Environment')).toBe('10000-DEV')
  })

  test('select the action with the magnifying glass', async () => {
    const form = await user01.get(paths.newServiceRequest())
    const choices = await user01.fillIn(
      form,
      { 'Target Environment': '10000-dev', Summary: 'Month end' },
      'Select Value: Requested Action',
    )
    expect(choices.table('Requested Action table').map(row => row[0])).toEqual([
      'Restart Asset Management Application',
    ])
    const back = await user01.press(choices, 'Restart Asset Management Application')
    expect(back.field('Requested Action')).toBe('Restart Asset Management Application')
    expect(back.field('Summary')).toBe('Month end')
  })

  test('Save keeps it in new state', async () => {
    const saved = await user01.fillIn(
      paths.newServiceRequest(),
      {
        'Target Environment': '10000-DEV',
        'Requested Action': 'Restart Asset Management Application',
        Summary: 'Restart after the update',
      },
      'Save',
    )
    number = Number(/\d+/.exec(saved.heading)?.[0])
    expect(saved.heading).toBe(`Service Request ${number}`)
    expect(saved.flash).toContain(`Service request ${number} is saved`)
    expect(saved.text).toContain('If the request is not queued it will remain in new state')
    expect(saved.buttons).toEqual(expect.arrayContaining(['Save', 'Queue Request']))
    await workOff(world)
    expect(factOf(await user01.get(paths.serviceRequest(number)), 'Status')).toBe('NEW')
  })

  test('Queue Request lets it run', async () => {
    const queued = await user01.press(paths.serviceRequest(number), 'Queue Request')
    expect(queued.flash).toBe(`Service request ${number} is queued.`)
    expect(queued.text).toContain('Once a request has been picked up for processing it cannot be stopped.')
    expect(factOf(queued, 'Status')).toBe('QUEUED')
    await workOff(world)
    const done = await user01.get(paths.serviceRequest(number))
    expect(factOf(done, 'Status')).toBe('RESOLVED')
    expect(factOf(done, 'Automation Job Status')).toBe('Done')
    expect(historyOn(done)).toEqual(['Created', 'Queued', 'Picked up', 'Resolved'])
  })

  test('open the Service Requests, filter, and open it', async () => {
    const list = await user01.get(paths.serviceRequests())
    expect(list.table('Service Requests table')).toHaveLength(1)
    const found = await user01.fillIn(
      list,
      { 'Filter by Service Request': String(number), 'Filter by Status': 'RESOLVED' },
      'Apply',
    )
    const [row] = found.table('Service Requests table')
    expect(row?.[0]).toBe(String(number))
    expect(row?.[2]).toBe('Restart after the update')
    expect(found.link(String(number))).toBe(paths.serviceRequest(number))
  })

  test('click the Log tab and review the log', async () => {
    const record = await user01.get(paths.serviceRequest(number))
    const log = await user01.get(record.link('Log'))
    expect(log.text).toContain('done')
    expect(log.text).toContain('Answer')
    const mails = log.table('Communication Log table').map(row => row.join(' '))
    expect(mails.some(mail => mail.includes(`Service request ${number}: started`))).toBe(true)
    expect(mails.some(mail => mail.includes(`Service request ${number}: RESOLVED`))).toBe(true)
    const whole = await user01.get(paths.serviceRequestLogDownload(number))
    expect(whole.body).toContain('done')
  })

  test('the requester is told by mail when it starts and when it ends', async () => {
    const mails = await world.mails()
    expect(mails.map(mail => [mail.to_address, mail.subject])).toEqual([
      ['user01@example.com', `Service request ${number}: started`],
      ['user01@example.com', `Service request ${number}: RESOLVED`],
    ])
    expect(mails[1]?.body).toContain(`${world.config.PUBLIC_URL}/service-requests/${number}`)
  })

  test('Close ends it', async () => {
    const closed = await user01.press(paths.serviceRequest(number), 'Close')
    expect(factOf(closed, 'Status')).toBe('CLOSED')
  })
})
