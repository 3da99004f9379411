import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { record, systemActor } from '../../src/audit/record.ts'
import { paths } from '../../src/paths.ts'
import {
  accessNow,
  accessTrail,
  addAccess,
  addRunbookType,
  addRunbookVersion,
  approved,
  type RunbookType,
} from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { historyOn } from '../support/facts.ts'
import { requestOn } from '../support/manage-access.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

const step = (program: string) => ({
  steps: [{ name: 'Do it', executor: 'command', argv: [program], timeLimit: 10 }],
})

describe.each(engines)('What people find when they look after accesses (%s)', engine => {
  let world: World
  let operator: Agent
  let manager01: Agent
  let user02: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    manager01 = await signIn(world, 'manager01')
    user02 = await signIn(world, 'user02')
  })
  afterAll(() => world.close())

  describe('a grant that fails', () => {
    let type: RunbookType
    let id: number
    beforeAll(async () => {
      type = await addRunbookType(world.deps, { grant: step('false'), removal: step('true') })
      id = await approved(world.deps, { access_type: type.id, runbook_version_id: type.grantVersion })
    })

    test('is told to whoever waits for it: the page says that it goes on by itself', async () => {
      const page = await user02.get(paths.manageAccess('USER02'))
      expect(page.text).toContain('The portal is working on SFTP on 10000-DEV')
      expect(page.link('Refresh')).toBe(paths.manageAccess('USER02', { asset: '10000-DEV' }))
    })

    test('waits for operators, and for nobody else', async () => {
      await findForgottenAccesses(world.deps)
      await workOff(world)
      const start = await operator.get(paths.home())
      expect(start.text).toContain('Accesses that could not be granted or removed')
      expect(start.link('USER02, 10000-DEV, SFTP')).toBe(paths.accessLog(id))
      const admin = await operator.get(paths.admin())
      expect(admin.text).toContain('SFTP on 10000-DEV for USER02 is PROCESSING. FAILED: Step “Do it”')
      expect((await manager01.get(paths.home())).text).not.toContain('could not be granted')
      expect((await user02.get(paths.manageAccess('USER02'))).text).not.toContain('The portal is working on')
    })

    test('succeeds on Retry once its runbook is right', async () => {
      const better = await addRunbookVersion(world.deps, type.grantRunbook, 2, step('true'))
      const page = await operator.press(paths.accessLog(id), 'Retry')
      expect(page.flash).toContain('is tried again')
      await workOff(world)
      expect(await accessNow(world, id)).toMatchObject({ status: 'APPROVED', runbook_version_id: better })
      expect(await accessTrail(world, id)).toEqual(['failed', 'retried', 'granted'])
      expect((await operator.get(paths.home())).text).not.toContain('could not be granted')
    })

    test('has mails that lead operators to it', async () => {
      const mail = await world.deps.db
        .selectFrom('mails')
        .select('id')
        .where('template', '=', 'access-failed')
        .executeTakeFirstOrThrow()
      const page = await operator.get(paths.adminMail(mail.id))
      expect(page.link(`Access ${id}`)).toBe(paths.accessLog(id))
    })
  })

  test('the history of a person names access types, and one sees one’s own without the sign-ins', async () => {
    const user01 = await signIn(world, 'user01')
    await requestOn(user01, 'USER01', { asset: '10000-PRD', type: 'SFTP', justification: 'x' })
    const words = 'access requested: SFTP on 10000-PRD'
    expect(historyOn(await user01.get(paths.person('USER01')))).toEqual([words])
    expect(historyOn(await manager01.get(paths.person('USER01')))).toEqual([words])
  })

  test('managers see when somebody became ACTIVE or INACTIVE, but not which stranger did it', async () => {
    const stranger = world.actor('MANAGER03')
    await world.deps.db.transaction().execute(async tx => {
      const person = { type: 'person' as const, id: 'USER02' }
      await record(tx, world.clock, systemActor, 'person activated', person)
      await record(tx, world.clock, stranger, 'person deactivated', person)
    })
    const shown = historyOn(await manager01.get(paths.person('USER02')))
    expect(shown).toContain('person activated')
    expect(shown).not.toContain('person deactivated')
  })

  test('who is PENDING CREATE is shown so, with a way to look again', async () => {
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'PENDING CREATE' })
      .where('id', '=', 'USER02')
      .execute()
    const page = await manager01.get(paths.person('USER02'))
    expect(page.text).toContain('USER02 is PENDING CREATE until the background has made the person ACTIVE.')
    expect(page.link('Refresh')).toBe(paths.person('USER02'))
    await world.deps.db.updateTable('persons').set({ status: 'ACTIVE' }).where('id', '=', 'USER02').execute()
  })

  test('operators get from a person to their accesses', async () => {
    const page = await operator.get(paths.adminPerson('USER01'))
    expect(page.link('Manage Access')).toBe(paths.manageAccess('USER01'))
  })

  test('Access Approvals has Save at the top, as the other tabs have', async () => {
    await addAccess(world.deps, { asset_id: '10000-TST' })
    const page = await manager01.get(paths.approvals('MANAGER01'))
    expect(page.document.querySelector('.page-head button.button-primary')?.text.trim()).toBe('Save')
  })
})
