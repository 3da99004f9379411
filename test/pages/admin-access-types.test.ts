import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { historyOn } from '../support/facts.ts'
import { createWorld, type World } from '../support/world.ts'

const sftp = {
  Id: 'sftp-account',
  Name: 'SFTP Account',
  Description: 'An account for file transfer',
  'Other spellings': 'File transfer, FTP',
  'Warning to confirm': 'It opens {{asset}} for files.',
  'One access covers': 'One asset',
  'Offered on': 'non-production assets only',
  Products: '',
  'Runbook that grants it': 'Make account',
  'Runbook that removes it': 'Drop account',
  Order: '30',
}

describe.each(engines)('Administration › Access types (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    for (const Name of ['Make account', 'Drop account', 'Old runbook'])
      await operator.fillIn(
        paths.adminRunbook('new'),
        { Name, Definition: '{"steps":[{"name":"n","executor":"command","argv":["true"]}]}' },
        'Save',
      )
    await world.deps.db
      .updateTable('runbooks')
      .set({ status: 'RETIRED' })
      .where('name', '=', 'Old runbook')
      .execute()
  })
  afterAll(() => world.close())

  const add = (typed: Readonly<Record<string, string>> = {}) =>
    operator.fillIn(paths.adminAccessType('new'), { ...sftp, ...typed }, 'Save')
  const stored = (id: string) =>
    world.deps.db.selectFrom('access_types').selectAll().where('id', '=', id).executeTakeFirst()

  test('the portal’s own are there from the start', async () => {
    const page = await operator.get(paths.adminAccessTypes())
    expect(page.table('Access types table').map(row => [row[0], row[2], row[4], row[6], row[7]])).toEqual([
      ['Self-Service Portal', 'all assets of the customer', 'the portal', '2', 'ACTIVE'],
      ['Client Communications Center', 'all assets of the customer', 'the portal', '0', 'ACTIVE'],
      ['Create Database Service Account', 'one asset', 'the portal', '0', 'ACTIVE'],
      ['Create Database User Account', 'one asset', 'the portal', '0', 'ACTIVE'],
      ['Object Storage File Access', 'one asset', 'the portal', '0', 'ACTIVE'],
      ['Object Storage Log Access', 'one asset', 'the portal', '0', 'ACTIVE'],
    ])
  })

  test.each([
    ['database-service-account', 'dbsrv_ and what the person chooses', 'ends after 365 days'],
    ['database-user-account', 'dbusr_ and what is derived from the person', 'ends after 90 days'],
  ])('%s says what it makes', async (id, name, password) => {
    const { text, link } = await operator.get(paths.adminAccessType(id)).then(page => ({
      text: page.text,
      link: page.link('database server'),
    }))
    expect(link).toBe(paths.adminDatabaseServers())
    for (const words of [
      name,
      `${password}; its owner is told 14, 7, 1 days before, then it is reset by itself`,
      'Non-productionread and write, on the primary',
      'Productionread only, on the standby; only with high availability (HADR)',
    ])
      expect(text).toContain(words)
  })

  test('a new one needs a name and both runbooks, and everything typed stays', async () => {
    const page = await operator.fillIn(
      paths.adminAccessType('new'),
      { Id: 'SFTP', Description: 'Files', 'One access covers': 'All assets of the customer' },
      'Save',
    )
    expect(page.status).toBe(422)
    expect(page.errorOf('Id')).toContain('Use small letters, digits and hyphens')
    expect(page.errorOf('Name')).toContain('Type a name')
    expect(page.errorOf('Runbook that grants it')).toBe('Choose the runbook that grants the access.')
    expect(page.errorOf('Runbook that removes it')).toBe('Choose the runbook that removes the access.')
    expect(page.field('Description')).toBe('Files')
    expect(page.field('One access covers')).toBe('All assets of the customer')
  })

  test.each([
    [{ Name: 'self-service PORTAL' }, 'Name', 'Self-Service Portal is called so already.'],
    [{ Name: 'ccc' }, 'Name', 'Client Communications Center is called so already.'],
    [{ 'Other spellings': 'Files, ssp' }, 'Other spellings', '“ssp” means Self-Service Portal already.'],
    [{ Id: 'self-service-portal' }, 'Id', 'There is an access type self-service-portal already.'],
    [{ Order: 'first' }, 'Order', 'Use a whole number.'],
    [{ 'Warning to confirm': 'x'.repeat(2001) }, 'Warning to confirm', 'Use at most 2,000 characters.'],
  ])('%j is refused', async (typed, field, words) => {
    const page = await add(typed)
    expect(page.status).toBe(422)
    expect(page.errorOf(field)).toContain(words)
    expect(await stored('sftp-account')).toBeUndefined()
  })

  test('a runbook that is retired or not there can’t be chosen', async () => {
    const page = await operator.get(paths.adminAccessType('new'))
    expect(page.body).not.toContain('Old runbook')
    const old = await world.deps.db
      .selectFrom('runbooks')
      .select('id')
      .where('name', '=', 'Old runbook')
      .executeTakeFirstOrThrow()
    const refused = await operator.post(paths.adminAccessType('new'), {
      id: 'x',
      name: 'X',
      scope: 'asset',
      classes: 'any',
      grant_runbook_id: String(old.id),
      removal_runbook_id: '4711',
    })
    expect(refused.problems).toEqual([
      'Old runbook is RETIRED. Choose one that is in use.',
      'There is no such runbook. Choose one of the list.',
    ])
  })

  test('an operator’s own type: made, changed, in the trail', async () => {
    const page = await add()
    expect(page.flash).toBe('SFTP Account was created and can be requested from now on.')
    expect(await stored('sftp-account')).toMatchObject({
      kind: 'runbook',
      scope: 'asset',
      classes: 'NON_PRODUCTION',
      aliases: JSON.stringify(['File transfer', 'FTP']),
      sort: 30,
      status: 'ACTIVE',
    })
    const changed = await operator.fillIn(
      page,
      { Description: 'For files', 'One access covers': 'All assets of the customer', Products: 'One, Two' },
      'Save',
    )
    expect(changed.flash).toBe('SFTP Account was saved.')
    expect([changed.field('Products'), changed.field('One access covers')]).toEqual([
      'One, Two',
      'All assets of the customer',
    ])
    expect(historyOn(changed)).toEqual(['access-type changed', 'access-type created'])
    expect(changed.text).toContain('asset → customer')
    const list = await operator.get(paths.adminAccessTypes())
    const rows = list.table('Access types table')
    expect(rows.find(row => row[0] === 'SFTP Account')?.slice(0, 6)).toEqual([
      'SFTP Account',
      'For files',
      'all assets of the customer',
      'non-production',
      'Make account',
      'Drop account',
    ])
  })

  test('its runbooks name it, and stay usable for it when they are retired', async () => {
    const list = await operator.get(paths.adminRunbooks())
    const record = await operator.get(list.link('Make account'))
    expect(record.link('SFTP Account')).toBe(paths.adminAccessType('sftp-account'))
    const asked = await operator.get(record.link('Retire'))
    expect(asked.text).toContain('These access types go on using it until another runbook is chosen')
    await operator.press(asked, 'Retire')
    const saved = await operator.fillIn(paths.adminAccessType('sftp-account'), { Order: '31' }, 'Save')
    expect(saved.flash).toBe('SFTP Account was saved.')
    await operator.press(await operator.get(list.link('Make account')), 'Put back in use')
  })

  test('saved twice, the second one finds what the first has saved', async () => {
    const drawn = await operator.get(paths.adminAccessType('sftp-account'))
    for (const _ of [1, 2])
      expect((await operator.fillIn(drawn, { Description: 'Twice' }, 'Save')).flash).toContain('was saved.')
    expect((await add({ Name: 'Another' })).errorOf('Id')).toContain(
      'There is an access type sftp-account already.',
    )
  })

  test('what another operator has changed meanwhile is not overwritten unseen', async () => {
    const drawn = await operator.get(paths.adminAccessType('sftp-account'))
    const other = await signIn(world, 'operator')
    await other.fillIn(paths.adminAccessType('sftp-account'), { Description: 'Theirs' }, 'Save')
    const page = await operator.fillIn(drawn, { Description: 'Mine' }, 'Save')
    expect(page.status).toBe(409)
    expect(page.problems.join()).toContain('Another operator has changed this access type meanwhile.')
    expect(page.field('Description')).toBe('Mine')
    expect(await stored('sftp-account')).toMatchObject({ description: 'Theirs' })
    expect((await operator.press(page, 'Save')).flash).toContain('was saved.')
    expect(await stored('sftp-account')).toMatchObject({ description: 'Mine' })
  })

  test('of a built-in one the words and the order can be changed, nothing else', async () => {
    const page = await operator.get(paths.adminAccessType('self-service-portal'))
    expect(page.body).not.toContain('grant_runbook_id')
    const saved = await operator.fillIn(page, { Description: 'Run things yourself', Order: '5' }, 'Save')
    expect(saved.flash).toBe('Self-Service Portal was saved.')
    await operator.post(paths.adminAccessType('self-service-portal'), {
      seen: saved.main.querySelector('input[name="seen"]')?.getAttribute('value') ?? '',
      name: 'Self-Service Portal',
      description: 'Other',
      aliases: 'SSP',
      sort: '5',
      scope: 'asset',
      grant_runbook_id: '1',
      removal_runbook_id: '1',
    })
    expect(await stored('self-service-portal')).toMatchObject({
      description: 'Other',
      kind: 'portal',
      scope: 'customer',
      grant_runbook_id: null,
    })
  })

  describe('with an open access', () => {
    beforeAll(async () => {
      await world.deps.db
        .insertInto('accesses')
        .values({
          person_id: 'USER02',
          asset_id: '10000-TST',
          customer_id: '10000',
          access_type: 'sftp-account',
          status: 'APPROVED',
          justification: 'Files',
          created_at: world.clock.instant(),
        } as never)
        .execute()
    })

    test('what it covers stays', async () => {
      const page = await operator.fillIn(
        paths.adminAccessType('sftp-account'),
        { 'One access covers': 'One asset' },
        'Save',
      )
      expect(page.errorOf('One access covers')).toContain('1 access of this type is open')
    })

    test('withdrawing names it first; it stays, and nothing new can be requested until it is offered again', async () => {
      const asked = await operator.get(paths.adminAccessTypeEvent('sftp-account', 'withdraw'))
      expect(asked.heading).toBe('Withdraw SFTP Account?')
      expect(asked.text).toContain('This one is open and stays')
      expect(asked.text).toContain('USER02 User 02, 10000-TST: APPROVED')
      const done = await operator.press(asked, 'Withdraw')
      expect(done.flash).toBe('SFTP Account is withdrawn: nobody can request it. Open accesses stay.')
      const access = await world.deps.db
        .selectFrom('accesses')
        .select('status')
        .where('access_type', '=', 'sftp-account')
        .executeTakeFirstOrThrow()
      expect(access.status).toBe('APPROVED')
      expect((await operator.press(asked, 'Withdraw')).flash).toContain('SFTP Account is WITHDRAWN already.')
      const again = await operator.press(paths.adminAccessType('sftp-account'), 'Offer again')
      expect(again.flash).toBe('SFTP Account can be requested again.')
      expect(historyOn(again).slice(0, 2)).toEqual(['access-type offered again', 'access-type withdrawn'])
    })
  })

  test('is not there for others, nor what is not there', async () => {
    for (const name of ['user01', 'manager01'])
      for (const path of [paths.adminAccessTypes(), paths.adminAccessType('self-service-portal')])
        expect((await (await signIn(world, name)).get(path)).status).toBe(404)
    expect((await operator.get(paths.adminAccessType('nothing'))).status).toBe(404)
    expect((await operator.get(paths.adminAccessTypeEvent('nothing', 'withdraw'))).status).toBe(404)
    await operator.get(paths.adminAccessTypes())
    expect((await operator.post(paths.adminAccessType('nothing'), { name: 'x' })).status).toBe(404)
    expect((await operator.post(paths.adminAccessTypeEvent('nothing', 'withdraw'))).status).toBe(404)
  })
})
