import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hours } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { addCrowd, afterDays, campaignMails, partsOf, prepared, stateOf } from '../support/campaigns.ts'
import { engines } from '../support/engines.ts'
import { factOf, historyOn } from '../support/facts.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('Administration › Re-validation campaigns (%s)', engine => {
  let world: World
  let operator: Agent
  beforeEach(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterEach(() => world.close())

  const start = (filling: Record<string, string> = {}) =>
    operator.fillIn(paths.adminCampaign('new'), filling, 'Start re-validation')

  test('one is started with the dates of the settings, prepared, and asks everybody', async () => {
    const form = await operator.get(paths.adminCampaign('new'))
    expect(
      ['Name', 'Deadline', 'Suspend unanswered accesses', 'Remove unanswered accesses'].map(label =>
        form.field(label),
      ),
    ).toEqual(['Re-validation 2026-03-02', '2026-04-01', '2026-04-08', '2026-05-01'])
    const page = await start()
    expect(page.heading).toBe('Re-validation 2026-03-02')
    expect(page.flash).toContain('has begun')
    expect(page.text).toContain('It is being prepared')
    await workOff(world)
    const ready = await operator.get(page.path)
    expect(factOf(ready, 'Deadline')).toBe('1 Apr 2026, 23:59 UTC')
    expect(factOf(ready, 'Persons')).toBe('2')
    expect(ready.table('Customers table')).toEqual([
      ['10000', 'Harbour Logistics', '0', '0', '1', '0', '0', '0 %'],
      ['20000', 'Meadow Foods', '0', '0', '1', '0', '0', '0 %'],
    ])
    expect(historyOn(ready)).toEqual(['campaign prepared', 'campaign started'])
    expect(await campaignMails(world)).toHaveLength(2)
    const [row] = (await operator.get(paths.adminCampaigns())).table('Campaigns table')
    expect(row?.slice(0, 3)).toEqual(['Re-validation 2026-03-02', 'all customers', 'OPEN'])
  })

  test('for one customer, with other dates, in the operator’s zone', async () => {
    await world.deps.db
      .updateTable('persons')
      .set({ time_zone: 'Europe/Berlin' })
      .where('id', '=', 'OPERATOR01')
      .execute()
    operator = await signIn(world, 'operator')
    const page = await start({
      Name: 'Ours',
      Customer: '10000',
      Deadline: '2026-03-20',
      'Suspend unanswered accesses': '2026-03-20',
      'Remove unanswered accesses': '',
    })
    expect(page.heading).toBe('Ours')
    await workOff(world)
    expect(factOf(page, 'Deadline')).toBe('20 Mar 2026, 23:59 Europe/Berlin (22:59 UTC)')
    expect(factOf(page, 'Unanswered accesses are removed')).toBe('never')
    expect(await partsOf(world, 1)).toEqual(['USER01 10000 OPEN'])
  })

  test('says what is wrong, beside the field, and keeps what was typed', async () => {
    const wrong = await start({
      Name: '',
      Customer: '',
      Deadline: '2026-04-01',
    })
    expect(wrong.status).toBe(422)
    expect(wrong.errorOf('Name')).toContain('Type a name')
    const dates = await start({
      Deadline: '2026-04-10',
      'Suspend unanswered accesses': '2026-04-09',
      'Remove unanswered accesses': '2026-04-08',
    })
    expect(dates.errorOf('Suspend unanswered accesses')).toContain('before the Deadline')
    expect(dates.errorOf('Remove unanswered accesses')).toContain('before')
    expect(dates.field('Deadline')).toBe('2026-04-10')
    expect((await start({ Deadline: '2026-02-30' })).errorOf('Deadline')).toContain('no day of the calendar')
    expect((await start({ Deadline: '2026-03-01' })).errorOf('Deadline')).toContain('has passed')
    expect((await start({ Customer: '99999' })).errorOf('Customer')).toContain('no active customer')
    expect((await operator.get(paths.adminCampaigns())).table('Campaigns table')).toEqual([])
  })

  test('a second one of the same customers is refused in plain words', async () => {
    const open = await operator.get(paths.adminCampaign('new'))
    await operator.press(open, 'Start re-validation')
    const twice = await operator.press(open, 'Start re-validation')
    expect(twice.status).toBe(409)
    expect(twice.text).toContain('A re-validation of all customers is under way already')
    expect((await operator.get(paths.adminCampaigns())).table('Campaigns table')).toHaveLength(1)
  })

  test('shows how far it is, by customer, and proves who confirmed what when', async () => {
    const id = await prepared(world)
    await (await signIn(world, 'user01')).press(paths.manageAccess('USER01'), 'Re-validate CBN')
    const page = await operator.get(paths.adminCampaign(id, { customer: '1' }))
    expect(page.table('Customers table').map(row => row.at(-1))).toEqual(['100 %'])
    expect(page.document.querySelector('svg.progress-bar')?.getAttribute('aria-label')).toContain(
      '1 confirmed (50 %), 1 not answered (50 %)',
    )
    await afterDays(world, 60)
    operator = await signIn(world, 'operator')
    const proof = await operator.get(paths.adminCampaignProof(id))
    expect(proof.table('Persons table')).toEqual([
      [
        'USER01',
        'User 01',
        '10000',
        'confirmed',
        '2 Mar 2026, 09:00',
        '10000-DEV Self-Service Portal: confirmed 2 Mar 2026, 09:00 by USER01',
      ],
      [
        'USER03',
        'User 03',
        '20000',
        'removed',
        '1 May 2026, 09:00',
        '20000-DEV Self-Service Portal: removed 1 May 2026, 09:00 by the portal',
      ],
    ])
    const filtered = await operator.get(paths.adminCampaignProof(id, { customer: '2', state: 'REMOVED' }))
    expect(filtered.table('Persons table')).toHaveLength(1)
    const csv = await operator.get(paths.adminCampaignCsv(id))
    expect(csv.headers['content-disposition']).toContain(`re-validation-${id}.csv`)
    expect(csv.body.split('\r\n')[1]).toMatch(
      /^USER01,User 01,user01@example.com,10000,10000-DEV,Self-Service Portal,\d+,confirmed,2026-03-02T09:00:00.000Z,USER01$/,
    )
  })

  test('pages and the CSV hold everybody', async () => {
    await addCrowd(world.deps, 1203)
    const id = await prepared(world)
    const first = await operator.get(paths.adminCampaignProof(id))
    expect(first.table('Persons table')).toHaveLength(100)
    expect(first.text).toContain('1 - 100 of 1,205')
    const second = await operator.get(first.link('Next page'))
    expect(second.table('Persons table')[0]?.[0]).toBe('CROWD000101')
    const lines = (await operator.get(paths.adminCampaignCsv(id))).body.trim().split('\r\n')
    expect(new Set(lines).size).toBe(1206)
  })

  test('is closed early after a question', async () => {
    const id = await prepared(world)
    const question = await operator.get((await operator.get(paths.adminCampaign(id))).link('Close early'))
    expect(question.heading).toBe('Close “Re-validation 2026”?')
    const closed = await operator.press(question, 'Close re-validation')
    expect(closed.flash).toBe('“Re-validation 2026” is closed.')
    expect(await stateOf(world, id)).toBe('CLOSED')
    expect((await operator.press(question, 'Close re-validation')).flash).toContain('closed already')
    expect((await start()).status).toBe(200)
  })

  test('is not there for others, nor for what is no campaign', async () => {
    const id = await prepared(world)
    const manager = await signIn(world, 'manager01')
    const pages = [
      paths.adminCampaigns(),
      paths.adminCampaign('new'),
      paths.adminCampaign(id),
      paths.adminCampaignProof(id),
      paths.adminCampaignCsv(id),
      paths.adminCampaignClose(id),
    ]
    for (const page of pages) expect((await manager.get(page)).status).toBe(404)
    for (const strange of ['999', 'x', '1e3'])
      expect((await operator.get(paths.adminCampaign(strange))).status).toBe(404)
  })

  test('acting asks to identify again after a while, and keeps what was typed', async () => {
    const form = await operator.get(paths.adminCampaign('new'))
    world.clock.advance(hours(1) / 2)
    const asked = await operator.fillIn(form, { Name: 'Kept' }, 'Start re-validation')
    expect(asked.path).toContain(paths.identify())
  })
})
