import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { openRecord } from '../support/access-tool.ts'
import { granted } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import { ACCESSES, ASSETS, rowsOf } from '../support/manage-access.ts'
import { offerAction } from '../support/runbooks.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const portal = 'Self-Service Portal'

describe.each(engines)('How to Remove a User’s Access (%s)', engine => {
  let world: World
  let page: ShownPage
  beforeAll(async () => {
    world = await createWorld(engine)
    await offerAction(world.deps, { asset: '10000-DEV' })
  })
  afterAll(() => world.close())

  const statuses = (shown: ShownPage) => rowsOf(shown, ACCESSES).map(row => row[2])

  describe('one’s own', () => {
    let user01: Agent
    beforeAll(async () => {
      user01 = await signIn(world, 'user01')
    })

    test('3. to 5. select your Login ID, the Manage Access tab and the asset', async () => {
      page = await openRecord(user01, 'user01@example.com', 'Manage Access')
      expect(rowsOf(page, ASSETS)).toEqual([['10000-DEV', 'Development environment']])
      page = await user01.get(page.link('10000-DEV'))
      expect(rowsOf(page, ACCESSES)[0]).toEqual([portal, expect.any(String), 'APPROVED', ''])
    })

    test('6. and 7. open the details, and press Remove Access: PENDING REMOVAL', async () => {
      expect(page.text).toContain('Looks after this environment.')
      const queued = await user01.fillIn(
        paths.newServiceRequest(),
        {
          'Target Environment': '10000-DEV',
          'Requested Action': 'Restart',
          'Requested Start': '2026-04-01T10:00',
        },
        'Save',
      )
      await user01.press(queued, 'Queue Request')
      page = await openRecord(user01, 'user01@example.com', 'Manage Access')
      page = await user01.press(page, 'Remove Access')
      expect(page.flash).toBe(`${portal} on 10000-DEV is PENDING REMOVAL.`)
      expect(statuses(page)).toEqual(['PENDING REMOVAL'])
    })

    test('8. it becomes REMOVED, and what waited in the queue is taken back', async () => {
      await workOff(world)
      page = await openRecord(user01, 'user01@example.com', 'Manage Access')
      expect(statuses(page)).toEqual(['REMOVED'])
      const [number = ''] =
        (await user01.get(paths.serviceRequests())).table('Service Requests table')[0] ?? []
      expect(factOf(await user01.get(paths.serviceRequest(number)), 'Status')).toBe('NEW')
      const mails = (await world.mails()).filter(mail => mail.to_address === 'user01@example.com')
      expect(mails.map(mail => mail.template)).toContain('access-removed')
    })
  })

  describe('a manager’s, of several at once', () => {
    let manager01: Agent
    beforeAll(async () => {
      manager01 = await signIn(world, 'manager01')
      for (const asset_id of ['10000-DEV', '10000-TST'])
        for (const access_type of ['self-service-portal', 'client-communications-center'])
          await granted(world.deps, { person_id: 'USER02', asset_id, access_type })
    })

    test('deleting an asset’s row strikes through all accesses on it', async () => {
      page = await openRecord(manager01, 'user02@example.com', 'Manage Access')
      page = await manager01.press(page, 'Delete 10000-TST')
      expect(page.text).toContain('2 changes not saved')
      expect(statuses(page)).toEqual(['APPROVED', 'APPROVED'])
    })

    test('what was struck through can be taken back', async () => {
      page = await manager01.get(page.link('10000-TST'))
      page = await manager01.press(page, `take back ${portal}`)
      expect(page.text).toContain('1 change not saved')
      page = await manager01.press(page, `Delete ${portal}`)
      page = await manager01.get(page.link('10000-DEV'))
      page = await manager01.press(page, `Delete ${portal}`)
      expect(page.text).toContain('3 changes not saved')
    })

    test('one Save removes them all', async () => {
      page = await manager01.press(page, 'Save')
      expect(page.text).not.toContain('not saved')
      await workOff(world)
      const all = await world.deps.db
        .selectFrom('accesses')
        .where('person_id', '=', 'USER02')
        .select(['asset_id', 'access_type', 'status'])
        .orderBy('asset_id')
        .orderBy('access_type')
        .execute()
      expect(all.map(one => `${one.asset_id} ${one.access_type} ${one.status}`)).toEqual([
        '10000-DEV client-communications-center APPROVED',
        '10000-DEV self-service-portal REMOVED',
        '10000-TST client-communications-center REMOVED',
        '10000-TST self-service-portal REMOVED',
      ])
    })
  })
})
