import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { addAccess } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { addAssetDatabase, addDatabaseAccount, addDatabaseServer } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import { ACCESSES, accessesOf, draftsIn, rowsOf, stage } from '../support/manage-access.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { createWorld, type World } from '../support/world.ts'

const service = 'Create Database Service Account'
const user = 'Create Database User Account'

describe.each(engines)('requesting database accounts (%s)', engine => {
  let world: World
  let serverId: number
  let user02: Agent
  let manager01: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    serverId = await addDatabaseServer(world.deps, { admin_name: 'dbsrv_portal' })
    for (const asset of ['10000-DEV', '10000-TST']) await addAssetDatabase(world.deps, serverId, asset)
    ;[user02, manager01] = await Promise.all([signIn(world, 'user02'), signIn(world, 'manager01')])
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    for (const table of [
      'link_tokens',
      'database_accounts',
      'accesses',
      'access_drafts',
      'drift_findings',
    ] as const)
      await world.deps.db.deleteFrom(table).execute()
  })

  /** New Row, New Row, with this Access Type chosen. */
  const chosen = async (type: string, asset = '10000-DEV', person = 'USER02'): Promise<ShownPage> => {
    const added = await stage(user02, paths.manageAccess(person), 'add asset')
    const row = await stage(user02, added, 'add access', { Asset: asset })
    return stage(user02, row, 'keep', { 'Access Type': type, Justification: 'Integration' })
  }
  const save = (page: ShownPage, account: string) =>
    stage(user02, page, 'save', { 'Database Account ID': account })
  const names = async (person = 'USER02') =>
    (await accessesOf(world, person)).map(row => `${row.asset_id} ${row.database_account} ${row.status}`)

  describe('for a program', () => {
    test('a name is given, and shown to those who decide, on the page and by mail', async () => {
      const page = await chosen('Database Service Account')
      expect(page.text).toContain(
        "The provided database service account ID must contain the prefix 'dbsrv_'. In addition to the required prefix, the account id can only contain numbers and lowercase letters and must not exceed a length of 18 characters.",
      )
      const saved = await save(page, ' dbsrv_billing ')
      expect(saved.flash).toContain(`Requested: ${service} on 10000-DEV (dbsrv_billing).`)
      expect((await accessesOf(world, 'USER02'))[0]).toMatchObject({
        status: 'PROCESSING',
        database_account: 'dbsrv_billing',
        database_server_id: serverId,
      })
      expect(rowsOf(saved, ACCESSES)[0]?.[1]).toBe(
        'Create Database Service Account for Integration dbsrv_billing',
      )
      expect(factOf(saved, 'Database Account ID')).toBe('dbsrv_billing')
      const approvals = await manager01.get(paths.approvals('MANAGER01'))
      expect(factOf(approvals, 'Database Account ID')).toBe('dbsrv_billing')
      const mail = (await world.mails()).findLast(one => one.to_person === 'MANAGER01')
      expect(mail?.body).toContain('Database Account ID: dbsrv_billing')
      const csv = await user02.send('GET', paths.manageAccessCsv('USER02', { table: 'accesses' }))
      expect(csv.body.split('\r\n')[0]).toContain('Database Account ID')
      expect(csv.body).toContain('dbsrv_billing')
      expect((await manager01.send('GET', paths.approvalsCsv('MANAGER01'))).body).toContain('dbsrv_billing')
    })

    test('several on one asset go in one Save, and each is told by its name', async () => {
      const first = await stage(user02, await chosen(service), 'add access', {
        'Database Account ID': 'dbsrv_one',
      })
      const second = await stage(user02, first, 'keep', { 'Access Type': service, Justification: 'Two' })
      const saved = await save(second, 'dbsrv_two')
      expect(saved.flash).toContain('(dbsrv_one) and')
      expect(await names()).toEqual(['10000-DEV dbsrv_one PROCESSING', '10000-DEV dbsrv_two PROCESSING'])
      expect(saved.text).toContain(`Details of 10000-DEV, ${service}, dbsrv_one`)
      expect(saved.buttons).toContain(`Delete ${service}, dbsrv_two`)
      const approvals = await manager01.get(paths.approvals('MANAGER01'))
      const listed = approvals.table('Access Requests table').map(row => row[3])
      expect(listed.filter(words => words?.includes('dbsrv_')).sort()).toEqual([
        `${service} dbsrv_one`,
        `${service} dbsrv_two`,
      ])
      const { text } = await manager01.get(paths.home())
      for (const name of ['dbsrv_one', 'dbsrv_two'])
        expect(text).toContain(`USER02, 10000-DEV, ${service}, ${name}`)
    })

    test('the same name twice in one Save is refused beside its field', async () => {
      const first = await stage(user02, await chosen(service), 'add access', {
        'Database Account ID': 'dbsrv_one',
      })
      const second = await stage(user02, first, 'keep', { 'Access Type': service, Justification: 'Two' })
      const refused = await save(second, 'dbsrv_one')
      expect(refused.status).toBe(422)
      expect(refused.errorOf('Database Account ID')).toContain('dbsrv_one stands in another new row already.')
      expect(await names()).toEqual([])
    })

    test.each([
      ['', 'Enter the Database Account ID.'],
      ["dbsrv_'; drop role x --", 'only contain numbers and lowercase letters'],
      ['dbsrv_portal', 'is reserved on the database server of 10000-DEV'],
    ])('%j is refused, and stays typed', async (typed, why) => {
      const refused = await save(await chosen(service), typed)
      expect([refused.status, refused.field('Database Account ID')]).toEqual([422, typed])
      expect(refused.errorOf('Database Account ID')).toContain(why)
      expect(refused.problems.join()).toContain(why)
      expect(await names()).toEqual([])
    })

    test('a name somebody has, or asked for, on the same server is taken, whatever the asset', async () => {
      await addAccess(world.deps, {
        person_id: 'USER01',
        asset_id: '10000-TST',
        access_type: 'database-service-account',
        database_account: 'dbsrv_asked',
        database_server_id: serverId,
      })
      await addDatabaseAccount(world.deps, { serverId, name: 'dbsrv_made', access: { person_id: 'USER01' } })
      for (const name of ['dbsrv_asked', 'dbsrv_made']) {
        const refused = await save(await chosen(service), name)
        expect(refused.errorOf('Database Account ID')).toBe(
          `There is ${name} on the database server of 10000-DEV already. Choose another Database Account ID.`,
        )
        expect(refused.body).not.toContain('USER01')
        await stage(user02, refused, 'delete access 1')
      }
    })

    test('so is one that the last look at the server has found there', async () => {
      const now = world.clock.instant()
      await world.deps.db
        .insertInto('drift_findings')
        .values({ server_id: serverId, kind: 'ORPHAN', name: 'dbsrv_stranger', found_at: now, seen_at: now })
        .execute()
      const refused = await save(await chosen(service), 'dbsrv_stranger')
      expect(refused.errorOf('Database Account ID')).toContain(
        'There is dbsrv_stranger on the database server',
      )
    })

    test('one’s own leads to the first, and is free again when it is gone', async () => {
      await save(await chosen(service), 'dbsrv_billing')
      const again = await save(await chosen(service), 'dbsrv_billing')
      expect(again.errorOf('Database Account ID')).toBe(
        'User 02 has dbsrv_billing on 10000-DEV already: it is PROCESSING. Choose another Database Account ID.',
      )
      expect((await user02.get(again.link('Open the first one'))).text).toContain('dbsrv_billing')
      const withdrawn = await user02.press(again, 'Withdraw request')
      expect(await names()).toEqual(['10000-DEV dbsrv_billing REMOVED'])
      expect((await stage(user02, withdrawn, 'save')).flash).toContain('(dbsrv_billing)')
      expect(await names()).toEqual(['10000-DEV dbsrv_billing REMOVED', '10000-DEV dbsrv_billing PROCESSING'])
    })

    test('what was removed leaves its name to others', async () => {
      const gone = { state: 'GONE', gone_at: world.clock.instant() } as const
      const access = { person_id: 'USER01', status: 'REMOVED' } as const
      await addDatabaseAccount(world.deps, { serverId, name: 'dbsrv_gone', access, account: gone })
      expect((await save(await chosen(service), 'dbsrv_gone')).flash).toContain('(dbsrv_gone)')
    })

    test('two who save the same name at once get one account, and one of them a reason', async () => {
      const mine = await chosen(service)
      const theirs = await typedBy(manager01, 'MANAGER01')
      const answers = await Promise.all([
        save(mine, 'dbsrv_race'),
        stage(manager01, theirs, 'save', { 'Database Account ID': 'dbsrv_race' }),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
      const refused = answers.find(({ status }) => status === 422)
      expect(refused?.errorOf('Database Account ID')).toContain('There is dbsrv_race on the database server')
      const taken = await world.deps.db
        .selectFrom('accesses')
        .select('id')
        .where('database_account', '=', 'dbsrv_race')
        .execute()
      expect(taken).toHaveLength(1)
    })

    test('the draft keeps what is typed, and a row that is understood shows its name', async () => {
      const page = await stage(user02, await chosen(service), 'keep', {
        'Database Account ID': 'dbsrv_draft',
      })
      expect(page.field('Database Account ID')).toBe('dbsrv_draft')
      const elsewhere = await user02.get(paths.person('USER02'))
      const back = await user02.get(elsewhere.link('Manage Access'))
      expect(back.field('Database Account ID')).toBe('dbsrv_draft')
      expect(await draftsIn(world)).toEqual(['USER02'])
      const more = await stage(user02, back, 'add access')
      expect(factOf(more, 'Database Account ID')).toBe('dbsrv_draft')
    })
  })

  describe('for a person', () => {
    test('the name is filled in and can’t be chosen', async () => {
      const page = await chosen('Database User Account')
      expect(page.field('Database Account ID')).toBe('dbusr_user02')
      expect(rowsOf(page, ACCESSES)[0]?.[1]).toBe('Create Database User Account dbusr_user02')
      const control = page.main.querySelector('input[readonly]')
      expect(control?.getAttribute('name')).toBeUndefined()
      const { action, fields } = page.formWith('Save', []).filled({})
      const saved = await user02.post(action, { ...fields, do: 'save', accesses_1_account: 'dbusr_root' })
      expect(saved.flash).toContain(`Requested: ${user} on 10000-DEV (dbusr_user02).`)
      expect(await names()).toEqual(['10000-DEV dbusr_user02 PROCESSING'])
    })

    test('with a number where it is taken on the server; one on an asset is enough', async () => {
      await save(await chosen(user), 'dbusr_user02')
      const there = await chosen(user, '10000-TST')
      expect(there.field('Database Account ID')).toBe('dbusr_user02x2')
      await stage(user02, there, 'save')
      expect(await names()).toEqual([
        '10000-DEV dbusr_user02 PROCESSING',
        '10000-TST dbusr_user02x2 PROCESSING',
      ])
      const again = await stage(user02, await chosen(user), 'save')
      expect(again.errorOf('Access Type')).toContain(`User 02 has ${user} on 10000-DEV already`)
      expect(again.text).toContain('Open the first one')
    })

    test('two assets of one server in one Save get two names', async () => {
      const first = await chosen(user)
      const asset = await stage(user02, first, 'add asset')
      const row = await stage(user02, asset, 'add access', { Asset: '10000-TST' })
      await stage(user02, row, 'save', { 'Access Type': user, Justification: 'Both' })
      expect(await names()).toEqual([
        '10000-DEV dbusr_user02 PROCESSING',
        '10000-TST dbusr_user02x2 PROCESSING',
      ])
    })

    test('a manager requests one for somebody, under that person’s name', async () => {
      const page = await typedBy(manager01, 'USER01', user)
      expect(page.field('Database Account ID')).toBe('dbusr_user01')
    })
  })

  describe('where it is not possible', () => {
    test('the lookup and the row say why', async () => {
      const page = await chosen(service, '10000-PRD')
      expect(page.errorOf('Access Type')).toBe(
        `${service} can’t be requested on 10000-PRD. No database of 10000-PRD is known to the portal.`,
      )
      const types = await user02.press(page, 'Select Value: Access Type')
      expect(types.text).toContain(`${service}: No database of 10000-PRD is known to the portal.`)
    })

    test('production without a standby is not offered', async () => {
      await addAssetDatabase(world.deps, serverId, '10000-PRD')
      const page = await chosen(user, '10000-PRD')
      expect(page.errorOf('Access Type')).toContain('10000-PRD has no high availability (HADR).')
      await world.deps.db.deleteFrom('asset_databases').where('asset_id', '=', '10000-PRD').execute()
    })
  })

  async function typedBy(agent: Agent, person: string, type = service): Promise<ShownPage> {
    const added = await stage(agent, paths.manageAccess(person), 'add asset')
    const row = await stage(agent, added, 'add access', { Asset: '10000-DEV' })
    return stage(agent, row, 'keep', { 'Access Type': type, Justification: 'Integration' })
  }
})
