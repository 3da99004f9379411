import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRecord } from '../support/access-tool.ts'
import { granted } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { afterDays, campaignMails, partsOf, prepared } from '../support/campaigns.ts'
import { engines } from '../support/engines.ts'
import { ACCESSES, accessWordsOf, rowsOf } from '../support/manage-access.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const portal = 'Self-Service Portal'
const ccc = 'Client Communications Center'

describe.each(engines)('Access Re-Validation (%s)', engine => {
  let world: World
  let user01: Agent
  let page: ShownPage
  let campaign: number
  beforeAll(async () => {
    world = await createWorld(engine)
    user01 = await signIn(world, 'user01')
    await granted(world.deps, { person_id: 'USER01', access_type: 'client-communications-center' })
  })
  afterAll(() => world.close())

  const manageAccess = () => openRecord(user01, 'user01@example.com', 'Manage Access')

  test('before it is due, the button is not there', async () => {
    expect((await manageAccess()).buttons).not.toContain('Re-validate CBN')
  })

  test('you receive an email when it is due', async () => {
    campaign = await prepared(world)
    expect(await campaignMails(world)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^USER01: .*re-validat/i)]),
    )
    const mail = (await world.mails()).find(one => one.to_person === 'USER01')
    expect(mail?.body).toContain('Manage Access')
  })

  test('3. select your Login ID and Manage Access, and remove what you no longer need', async () => {
    page = await manageAccess()
    expect(page.text).toContain(
      'Annual validation of Continued Business Need (CBN) is required for all accesses provided through this application.',
    )
    expect(page.buttons).toContain('Re-validate CBN')
    page = await user01.press(page, `Delete ${ccc}`)
    const hasty = await user01.press(page, 'Re-validate CBN')
    expect(hasty.text).toContain('You have changes on this page that are not saved.')
    expect(await partsOf(world, campaign)).toContain('USER01 10000 OPEN')
    page = await user01.press(hasty, 'Save')
    await workOff(world)
  })

  test('4. and 5. press Re-validate CBN: the button is gone', async () => {
    page = await user01.press(await manageAccess(), 'Re-validate CBN')
    expect(page.flash).toBe('You have re-validated your access of customer 10000.')
    expect(page.buttons).not.toContain('Re-validate CBN')
    expect(rowsOf(page, ACCESSES).map(row => `${row[0]} ${row[2]}`)).toEqual([
      `${portal} APPROVED`,
      `${ccc} REMOVED`,
    ])
    expect(await partsOf(world, campaign)).toContain('USER01 10000 CONFIRMED')
  })

  test('managers and operators see how far it is, managers their own customer', async () => {
    const manager01 = await signIn(world, 'manager01')
    const start = await manager01.get('/')
    const progress = await manager01.get(start.link('Re-validation'))
    expect(progress.text).toContain('USER01')
    expect(progress.text).not.toContain('USER03')
    const operator = await signIn(world, 'operator')
    const all = await operator.get((await operator.get('/')).link('Re-validation'))
    expect(all.status).toBe(200)
  })

  test('who does not answer is reminded, then suspended, and gets it back by answering', async () => {
    await afterDays(world, 29)
    expect((await campaignMails(world)).filter(mail => mail.startsWith('USER03')).length).toBeGreaterThan(1)
    await afterDays(world, 9)
    expect(await accessWordsOf(world, 'USER03')).toEqual(['20000-DEV self-service-portal SUSPENDED'])
    const user03 = await signIn(world, 'user03')
    const late = await openRecord(user03, 'user03@example.com', 'Manage Access')
    const back = await user03.press(late, 'Re-validate CBN')
    expect(back.flash).toContain('What was suspended is being given back to you.')
    await workOff(world)
    expect(await accessWordsOf(world, 'USER03')).toEqual(['20000-DEV self-service-portal APPROVED'])
  })
})
