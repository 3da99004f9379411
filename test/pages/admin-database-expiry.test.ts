import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { endingAuthority } from '../support/authorities.ts'
import { addAssetDatabase, addDatabaseAccount, addDatabaseServer } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { words } from '../support/words.ts'
import { createWorld, type World } from '../support/world.ts'

/** It is Monday 2 March 2026. */
describe.each(engines)('The expiry calendar (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    const { deps } = world
    await deps.db
      .updateTable('assets')
      .set({ time_zone: 'Europe/Berlin' })
      .where('id', '=', '10000-DEV')
      .execute()
    const one = await addDatabaseServer(deps, { name: 'One', ca: endingAuthority })
    const two = await addDatabaseServer(deps, {
      name: 'Two',
      host: '10.0.0.5',
      standby_host: '2001:db8::7',
      standby_port: 5433,
    })
    await addAssetDatabase(deps, one, '10000-DEV', { reset_at: '02:00' })
    await addAssetDatabase(deps, two, '20000-DEV')
    const certificate = { certificate_expires_at: '2026-03-31T23:30:00.000Z' }
    await addDatabaseAccount(deps, {
      serverId: one,
      name: 'dbsrv_mxe',
      account: { expires_at: '2026-03-31T23:00:00.000Z', ...certificate },
    })
    await addDatabaseAccount(deps, {
      serverId: one,
      name: 'dbusr_user01',
      access: { person_id: 'USER01', status: 'SUSPENDED' },
      account: { expires_at: '2026-03-20T10:00:00.000Z', ...certificate },
    })
    await addDatabaseAccount(deps, {
      serverId: two,
      name: 'dbsrv_other',
      access: { person_id: 'USER03', asset_id: '20000-DEV' },
      account: {
        expires_at: '2026-04-01T00:00:00.000Z',
        target: 'standby',
        reset_due_at: '2026-03-30T05:00:00.000Z',
      },
    })
    await addDatabaseAccount(deps, {
      serverId: one,
      name: 'dbsrv_gone',
      access: { status: 'REMOVED' },
      account: { expires_at: '2026-03-21T00:00:00.000Z', state: 'GONE', gone_at: world.clock.instant() },
    })
  })
  afterAll(() => world.close())

  /** Days with something in them, as they are read out. */
  const marked = (page: ShownPage) =>
    page.main.querySelectorAll('.calendar-day').map(day => {
      for (const silent of day.querySelectorAll('[aria-hidden="true"]')) silent.remove()
      return words(day)
    })
  const heads = (page: ShownPage) =>
    page.main.querySelectorAll('.calendar th abbr').map(head => head.getAttribute('title'))
  const passwords = (page: ShownPage, when = 'in March 2026') =>
    page.table(`Passwords that end ${when} table`)

  test('shows the present month, a week a row, with what ends on which day', async () => {
    const page = await operator.get(paths.adminExpiry())
    expect(page.heading).toBe('Expiry calendar')
    expect(heads(page)[0]).toBe('Monday')
    expect(page.main.querySelectorAll('.calendar tbody tr')).toHaveLength(6)
    expect(page.main.querySelectorAll('.calendar tbody td')).toHaveLength(42)
    expect(words(page.main.querySelector('[aria-current="date"]'))).toBe('2')
    expect(marked(page)).toEqual([
      '20 March: 1 password ends, 1 certificate ends',
      '31 March: 1 password ends, 1 certificate ends',
    ])
  })

  test('above stand the weeks of the coming year in which passwords end, as a picture and as links', async () => {
    const page = await operator.get(paths.adminExpiry())
    const weeks = page.main.querySelectorAll('.expiry-weeks li').map(words)
    expect(weeks).toEqual(['Week of 16 March 2026: 1', 'Week of 30 March 2026: 2'])
    expect(page.main.querySelectorAll('.expiry-weeks-bar')).toHaveLength(2)
    expect(page.link('Week of 30 March 2026')).toBe(paths.adminExpiry({ month: '2026-03' }))
    const one = await operator.get(paths.adminExpiry({ asset: '20000' }))
    expect(one.main.querySelectorAll('.expiry-weeks li').map(words)).toEqual(['Week of 30 March 2026: 1'])
    const none = await operator.get(paths.adminExpiry({ asset: '99999' }))
    expect(none.text).toContain('No password of a database account ends within a year.')
  })

  test('below stand person, asset, account, host, database, end and automatic reset', async () => {
    const page = await operator.get(paths.adminExpiry())
    expect(passwords(page)).toEqual([
      [
        '20 Mar 2026, 10:00',
        'dbusr_user01',
        'USER01 User 01',
        '10000-DEV',
        '10000',
        'db1.example.invalid:5432',
        'app',
        'SUSPENDED',
      ],
      [
        '31 Mar 2026, 23:00',
        'dbsrv_mxe',
        'USER02 User 02',
        '10000-DEV',
        '10000',
        'db1.example.invalid:5432',
        'app',
        // 02:00 in Berlin, in summer time.
        '31 Mar 2026, 00:00',
      ],
    ])
    expect(page.link('dbsrv_mxe')).toBe(paths.manageAccess('USER02', { asset: '10000-DEV' }))
    expect(page.table('Certificates that end in March 2026 table')).toEqual([
      ['20 Mar 2026, 12:00', 'One', 'of the CA CN=Ending CA'],
      ['31 Mar 2026, 23:30', 'One', 'of the primary'],
    ])
  })

  test('the next month has what the standby’s owner uses, and a reset somebody has scheduled', async () => {
    const page = await operator.get((await operator.get(paths.adminExpiry())).link('Next month'))
    expect(page.text).toContain('April 2026')
    expect(passwords(page, 'in April 2026').map(row => [row[1], row[5], row[7]])).toEqual([
      ['dbsrv_other', '[2001:db8::7]:5433', '30 Mar 2026, 05:00'],
    ])
    const back = await operator.get(page.link('Previous month'))
    expect(passwords(back)).toHaveLength(2)
  })

  test('days are those of the reader', async () => {
    const set = (time_zone: string | null) =>
      world.deps.db.updateTable('persons').set({ time_zone }).where('id', '=', 'OPERATOR01').execute()
    await set('Europe/Berlin')
    expect(marked(await operator.get(paths.adminExpiry({ month: '2026-04' })))).toEqual([
      '1 April: 2 passwords end, 1 certificate ends',
    ])
    await set(null)
  })

  test('a day that is pressed shows what ends then, and the way back', async () => {
    const page = await operator.get(paths.adminExpiry())
    const day = page.main.querySelectorAll('.calendar-day')[1]?.getAttribute('href') ?? ''
    const shown = await operator.get(day)
    expect(passwords(shown, 'on 31 March 2026').map(row => row[1])).toEqual(['dbsrv_mxe'])
    expect(passwords(await operator.get(shown.link('Show all of March 2026')))).toHaveLength(2)
  })

  test('filtered by customer, calendar and lists show theirs only', async () => {
    const page = await operator.get(paths.adminExpiry({ month: '2026-04', customer: '20000' }))
    expect(passwords(page, 'in April 2026').map(row => row[1])).toEqual(['dbsrv_other'])
    const other = await operator.get(paths.adminExpiry({ month: '2026-03', customer: '20000' }))
    expect(marked(other)).toEqual([])
    expect(other.text).toContain('Nothing matches these filters.')
    expect(other.text).toContain('No certificate that the portal knows of ends in March 2026.')
  })

  test('as CSV, with passwords and certificates', async () => {
    const page = await operator.get(paths.adminExpiry())
    const csv = await operator.get(page.link('Download'))
    expect(csv.headers['content-disposition']).toContain('expiry-2026-03.csv')
    const lines = csv.body.trim().split('\r\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toBe('Ends,What,Account,Person,Asset,Customer,Server,Host,Port,Database,Automatic Reset')
    expect(lines[2]).toBe(
      '2026-03-31T23:00:00.000Z,password,dbsrv_mxe,USER02,10000-DEV,10000,One,db1.example.invalid,5432,app,2026-03-31T00:00:00.000Z',
    )
    expect(lines[3]).toContain('CA: CN=Ending CA,,,,,One')
  })

  test.each(['2026-13', '1999-01', 'x', "2026-03'--", '2026-3'])(
    'a month such as %s is the present one',
    async month => {
      const page = await operator.get(paths.adminExpiry({ month, day: month, customer: "'%", after: 'x' }))
      expect([page.status, page.text.includes('March 2026')]).toEqual([200, true])
    },
  )

  test('is not there for others', async () => {
    for (const name of ['user01', 'manager01'])
      for (const path of [paths.adminExpiry(), paths.adminExpiryCsv()])
        expect((await (await signIn(world, name)).get(path)).status).toBe(404)
  })
})
