import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { NewRow } from '../../db/schema.ts'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { accessNow, accessState, accessTrail } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { addAssetDatabase, addDatabaseAccount, addDatabaseServer } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** What a comparison has found stands in the table; nothing here speaks to a server. */
describe.each(engines)('the drift report (%s)', engine => {
  let world: World
  let serverId: number
  let operator: Agent
  let names = 0
  beforeAll(async () => {
    world = await createWorld(engine)
    serverId = await addDatabaseServer(world.deps)
    await addAssetDatabase(world.deps, serverId, '10000-DEV')
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    const { db } = world.deps
    await db.deleteFrom('drift_findings').execute()
    await db.deleteFrom('jobs').execute()
    await db.updateTable('sessions').set({ identified_at: world.clock.instant() }).execute()
  })

  async function addFinding(over: Partial<NewRow<'drift_findings'>> = {}) {
    const now = world.clock.instant()
    const name = `dbsrv_lost${++names}`
    const added = { server_id: serverId, kind: 'ORPHAN' as const, name, found_at: now, seen_at: now, ...over }
    const { id } = await world.deps.db
      .insertInto('drift_findings')
      .values(added)
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id, name: added.name, path: paths.adminDriftFinding(id) }
  }
  async function addRights() {
    const name = `dbsrv_much${++names}`
    const { accessId, accountId } = await addDatabaseAccount(world.deps, { serverId, name })
    const detail = 'It may create databases.'
    const finding = await addFinding({ kind: 'RIGHTS', name, account_id: accountId, detail })
    return { ...finding, accessId }
  }
  const findingNow = (id: number) =>
    world.deps.db.selectFrom('drift_findings').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const jobs = async () => (await world.deps.db.selectFrom('jobs').select('name').execute()).map(j => j.name)
  const trail = async (name: string) =>
    (
      await world.deps.db
        .selectFrom('audit_events')
        .select(['verb', 'detail'])
        .where('subject_type', '=', 'database-server')
        .orderBy('id')
        .execute()
    )
      .filter(event => event.detail.includes(`"${name}"`))
      .map(event => event.verb)
  /** Drop asks on a page of its own. */
  const dropped = async (page: ShownPage) => operator.press(await operator.get(page.link('Drop')), 'Drop')
  const acts = (page: ShownPage) => page.buttons.filter(name => !name.includes('Favorite'))
  const adoption = { User: 'USER01', Asset: '10000-DEV Development environment', Justification: 'Reports' }

  describe('the page', () => {
    test('says what was found where, and how the servers were compared', async () => {
      await world.deps.db.updateTable('database_servers').set({ drift_error: 'db1: no answer.' }).execute()
      const orphan = await addFinding({ detail: 'No access has this account.' })
      const rights = await addRights()
      const page = await operator.get(paths.adminDrift())
      expect([page.status, page.heading]).toEqual([200, 'Drift report'])
      expect(page.table('Findings table').map(row => row.slice(0, 5))).toEqual([
        [orphan.name, 'Nobody owns it', 'db-one', 'none', 'No access has this account.'],
        [rights.name, 'Unexpected rights', 'db-one', 'User 02, 10000-DEV', 'It may create databases.'],
      ])
      expect(page.table('Servers table')).toEqual([['db-one', 'not yet', 'db1: no answer.']])
      const finding = await operator.get(page.link(orphan.name))
      expect(finding.heading).toBe(`${orphan.name} on db-one`)
      expect(factOf(finding, 'What was found')).toBe('No access has this account.')
    })

    test('tells nothing compared from nothing found', async () => {
      expect((await operator.get(paths.adminDrift())).text).toContain('Nothing has been compared yet.')
      const drift_at = world.clock.instant()
      await world.deps.db.updateTable('database_servers').set({ drift_at, drift_error: null }).execute()
      const page = await operator.get(paths.adminDrift())
      expect(page.text).toContain('Portal and servers say the same.')
      expect(page.text).not.toContain('Settled last')
    })

    test('keeps what was settled last, of which nothing is to be done', async () => {
      const settled = await addFinding({ settled_at: world.clock.instant(), settled_how: 'It was dropped.' })
      const page = await operator.get(paths.adminDrift())
      expect(page.table('Settled last table')[0]?.slice(0, 4)).toEqual([
        settled.name,
        'Nobody owns it',
        'db-one',
        'It was dropped.',
      ])
      const finding = await operator.get(settled.path)
      expect([factOf(finding, 'Settled'), acts(finding)]).toEqual(['It was dropped.', []])
      for (const event of ['disable', 'drop', 'remove']) {
        const told = await operator.post(paths.adminDriftEvent(settled.id, event))
        expect(told.flash).toBe('This finding has been settled meanwhile. Nothing was changed.')
      }
      expect(await jobs()).toEqual([])
    })

    test('Compare now asks for it once, however often it is pressed', async () => {
      for (let i = 0; i < 2; i += 1) {
        const page = await operator.press(paths.adminDrift(), 'Compare now')
        expect(page.flash).toBe('The servers are being compared: look again in a moment.')
      }
      expect(await jobs()).toEqual(['compare database accounts'])
    })
  })

  test('is not there for anybody but operators', async () => {
    const finding = await addFinding()
    for (const name of ['user01', 'manager01', 'user03']) {
      const agent = await signIn(world, name)
      for (const path of [paths.adminDrift(), finding.path]) expect((await agent.get(path)).status).toBe(404)
      await agent.get(paths.profile())
      for (const path of [
        paths.adminDrift(),
        ...['adopt', 'disable', 'drop', 'suspend', 'resume', 'remove'].map(event =>
          paths.adminDriftEvent(finding.id, event),
        ),
      ])
        expect((await agent.post(path)).status, `${name} ${path}`).toBe(404)
    }
    expect(await findingNow(finding.id)).toMatchObject({ act: null })
  })

  test.each(['0', '-1', 'x', '1e3', '999999999', '99999999999999999999', "1'--"])(
    'a finding %j is not there',
    async id => {
      expect((await operator.get(paths.adminDriftFinding(id))).status).toBe(404)
      await operator.get(paths.adminDrift())
      const fields = { to: 'USER01', asset: '10000-DEV', justification: 'x' }
      for (const event of ['adopt', 'drop', 'remove'])
        expect((await operator.post(paths.adminDriftEvent(id, event), fields)).status, event).toBe(404)
    },
  )

  test('nor is an act that there is not', async () => {
    const { id, path } = await addFinding()
    await operator.get(path)
    for (const event of ['destroy', 'DROP', 'adopted'])
      expect((await operator.post(paths.adminDriftEvent(id, event))).status).toBe(404)
  })

  describe('an account that nobody owns', () => {
    test.each([
      ['Disable', 'disable', 'disabled'],
      ['Drop', 'drop', 'dropped'],
    ] as const)('%s is done in the background, once', async (button, act, done) => {
      const { id, name, path } = await addFinding()
      const finding = await operator.get(path)
      const page = button === 'Drop' ? await operator.get(finding.link('Drop')) : finding
      expect((await operator.press(page, button)).flash).toBe(`${name} is being ${done}.`)
      expect((await operator.press(page, button)).flash).toBe(`${name} is being ${done}.`)
      expect(await findingNow(id)).toMatchObject({ act, act_by: 'OPERATOR01', settled_at: null })
      expect(await jobs()).toEqual(['settle drift'])
      expect(await trail(name)).toEqual([`database server account to ${act}`])
      expect((await operator.get(path)).text).toContain(`It is being ${done}.`)
    })

    test('what fails is said, with the reason', async () => {
      const failing = { act: 'drop' as const, act_error: 'db1.example.invalid: no answer.' }
      const { path } = await addFinding(failing)
      expect((await operator.get(path)).text).toContain(
        'It is being dropped; the last attempt failed, and it is tried again: db1.example.invalid: no answer.',
      )
    })

    test('is adopted for a person: a request that the managers decide, and no second one', async () => {
      const { id, name, path } = await addFinding()
      const page = await operator.get(path)
      const dropping = await operator.get(page.link('Drop'))
      expect(dropping.heading).toBe(`Drop ${name}?`)
      const done = await operator.fillIn(page, adoption, 'Adopt')
      expect(done.flash).toBe(`${name} goes to User 01 when the managers of 10000 approve.`)
      expect(done.text).toContain('It goes to User 01, on 10000-DEV, when the managers have approved')
      expect(done.links).not.toContain('Drop')
      expect((await operator.get(paths.adminDriftEvent(id, 'drop'))).heading).toBe(done.heading)
      const { adopt_access_id } = await findingNow(id)
      expect(await accessNow(world, adopt_access_id ?? 0)).toMatchObject({
        person_id: 'USER01',
        status: 'PROCESSING',
        database_account: name,
        requested_by: 'OPERATOR01',
        justification: 'Reports',
      })
      expect((await operator.get(done.link('The request of User 01 on 10000-DEV'))).text).toContain(name)
      for (const again of [
        await operator.fillIn(page, adoption, 'Adopt'),
        await operator.press(dropping, 'Drop'),
      ])
        expect(again.text).toContain(`${name} is about to be adopted. Nothing was changed.`)
      expect(await trail(name)).toEqual(['database server account to adopt'])
      const manager = await (await signIn(world, 'manager01')).get(paths.approvals('MANAGER01'))
      expect(manager.text).toContain(name)
    })

    test('can be dealt with again when the managers have rejected that', async () => {
      const { id, path } = await addFinding()
      await operator.fillIn(path, adoption, 'Adopt')
      const { adopt_access_id } = await findingNow(id)
      await world.deps.db
        .updateTable('accesses')
        .set({ status: 'REJECTED' })
        .where('id', '=', adopt_access_id)
        .execute()
      const page = await operator.get(path)
      expect(page.text).toContain('The request to give it to User 01 is REJECTED')
      expect((await dropped(page)).flash).toContain('is being dropped.')
    })

    test('is not adopted while it is being dropped', async () => {
      const { id, path } = await addFinding()
      const page = await operator.get(path)
      await dropped(page)
      expect((await operator.get(path)).buttons).not.toContain('Adopt')
      const refused = await operator.fillIn(page, adoption, 'Adopt')
      expect([refused.status, refused.text.includes('is being dropped. Nothing was changed.')]).toEqual([
        409,
        true,
      ])
      expect(await findingNow(id)).toMatchObject({ act: 'drop', adopt_access_id: null })
    })

    test('nor under a name that the portal would not give', async () => {
      const { path } = await addFinding({ name: 'reporting' })
      const page = await operator.get(path)
      expect(acts(page)).toEqual(['Disable'])
      expect(page.links).toContain('Drop')
    })

    test.each([
      ['User', { User: 'NOBODY' }, 'There is no such user who is ACTIVE'],
      ['User', { User: 'OPERATOR01' }, 'There is no such user who is ACTIVE'],
      ['User', { User: 'USER03' }, 'Customer 10000 is not in the Customer Access List of User 03.'],
      ['User', { User: '' }, 'There is no such user who is ACTIVE'],
      ['Asset', { Asset: '' }, 'Choose an asset with a database on db-one.'],
      ['Justification', { Justification: ' ' }, 'Say why; who decides reads it.'],
      ['Justification', { Justification: 'x'.repeat(4001) }, 'Use at most 4000 characters.'],
    ] as const)('a wrong %s (%#) is said beside it, and the rest stays', async (label, wrong, why) => {
      const { id, path } = await addFinding()
      const refused = await operator.fillIn(path, { ...adoption, ...wrong }, 'Adopt')
      expect([refused.status, refused.path]).toEqual([422, paths.adminDriftEvent(id, 'adopt')])
      expect(refused.errorOf(label)).toContain(why)
      expect(refused.problems).toHaveLength(1)
      for (const [other, typed] of [
        ['User', 'USER01'],
        ['Justification', 'Reports'],
      ] as const)
        if (other !== label) expect(refused.field(other)).toBe(typed)
      expect(await findingNow(id)).toMatchObject({ act: null, adopt_access_id: null })
    })

    test('operators identify again, and find what they had typed', async () => {
      const { id, path } = await addFinding()
      const page = await operator.get(path)
      world.clock.advance(minutes(16))
      const asked = await operator.fillIn(page, adoption, 'Adopt')
      expect(asked.heading).toBe('Identify yourself again')
      const back = await operator.fillIn(asked, { Password: testPassword }, asked.buttons[0] ?? '')
      expect([back.field('User'), back.field('Justification')]).toEqual(['USER01', 'Reports'])
      expect(await findingNow(id)).toMatchObject({ act: null })
      const dropping = await operator.get(back.link('Drop'))
      world.clock.advance(minutes(16))
      expect((await operator.press(dropping, 'Drop')).heading).toBe('Identify yourself again')
      expect(await jobs()).toEqual([])
    })
  })

  describe('an account that an access has', () => {
    test('leads to the access, which is taken away for now and given back', async () => {
      const { accessId, path } = await addRights()
      const page = await operator.get(path)
      expect((await operator.get(page.link('User 02 on 10000-DEV'))).heading).toBe('User 02')
      const disabled = await operator.press(page, 'Disable')
      expect(disabled.flash).toBe('The access of User 02 is being suspended.')
      expect(await accessState(world, accessId)).toBe('SUSPENDED, SUSPENDING')
      expect((await operator.press(page, 'Disable')).flash).toBe(
        'The access is SUSPENDED. Nothing was changed.',
      )
      expect((await operator.press(path, 'Give back')).flash).toBe(
        'The access of User 02 is being given back.',
      )
      expect(await accessState(world, accessId)).toBe('SUSPENDED, RESUMING')
      expect(await accessTrail(world, accessId)).toEqual(['suspended'])
    })

    test('or for good, once', async () => {
      const { accessId, name, path } = await addRights()
      const page = await operator.get((await operator.get(path)).link('Remove Access'))
      expect(page.heading).toBe(`Remove the access of User 02 to ${name}?`)
      const removed = await operator.press(page, 'Remove Access')
      expect(removed.flash).toBe('The access of User 02 is being removed.')
      expect(acts(removed)).toEqual([])
      expect((await operator.press(page, 'Remove Access')).flash).toBe(
        'The access is PENDING REMOVAL. Nothing was changed.',
      )
      expect(await accessState(world, accessId)).toBe('PENDING REMOVAL, DEPROVISIONING')
      expect(await trail(name)).toEqual(['database server drift: access to remove'])
    })

    test('is neither dropped nor adopted from here', async () => {
      const { id, accessId, path } = await addRights()
      await operator.get(path)
      for (const event of ['drop', 'disable'])
        expect((await operator.post(paths.adminDriftEvent(id, event))).flash).toContain(
          'Nothing was changed.',
        )
      const fields = { to: 'USER01', asset: '10000-DEV', justification: 'x' }
      expect((await operator.post(paths.adminDriftEvent(id, 'adopt'), fields)).status).toBe(409)
      expect(await accessState(world, accessId)).toBe('APPROVED')
    })

    test('that has vanished is told how to come back', async () => {
      const name = `dbsrv_gone${++names}`
      const { accountId } = await addDatabaseAccount(world.deps, { serverId, name })
      const { path } = await addFinding({ kind: 'VANISHED', name, account_id: accountId })
      expect((await operator.get(path)).text).toContain('Reset Database Password makes the account again')
    })
  })
})
