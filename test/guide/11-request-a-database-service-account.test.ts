import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAccessManagement } from '../support/access-tool.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { createDatabaseWorld, type DatabaseWorld, prepareCluster } from '../support/database-accounts.ts'
import { approveAll, asClient, showBoth, shownCertificate, shownPassword } from '../support/database-guide.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import { ACCESSES, ASSETS, rowsOf } from '../support/manage-access.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import type { ShownPage } from '../support/shown-page.ts'

const access = 'Create Database Service Account'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster({ standby: false }))
})
afterAll(() => cluster?.stop())

/** The steps of the guide, without JavaScript, one after the other; the account is made on a real PostgreSQL. */
describe.each(engines)('How to Request a Database Service Account (%s)', engine => {
  const name = `dbsrv_${engine}`
  let world: DatabaseWorld
  let user02: Agent
  let page: ShownPage

  beforeAll(async () => {
    world = await createDatabaseWorld(engine, cluster)
    user02 = await signIn(world, 'user02')
  })
  afterAll(() => world?.close())

  test('2. to 4. navigate to the tool, select your Login ID and the Manage Access tab', async () => {
    const list = await openAccessManagement(user02)
    const record = await user02.get(list.link('user02@example.com'))
    page = await user02.get(record.link('Manage Access'))
    expect(page.heading).toBe('User 02')
  })

  test('5. to 8. add the asset with New Row and the magnifying glass', async () => {
    page = await user02.press(page, `New Row in ${ASSETS}`)
    const lookup = await user02.press(page, 'Select Value: Asset')
    page = await user02.press(lookup, '10000-DEV')
    expect(rowsOf(page, ASSETS)).toEqual([['10000-DEV', 'Development environment']])
  })

  test('9. to 11. New Row, and select the access type', async () => {
    page = await user02.press(page, `New Row in ${ACCESSES}`)
    const types = await user02.press(page, 'Select Value: Access Type')
    expect(types.table('Access Type table').map(row => row[0])).toContain(access)
    page = await user02.press(types, access)
    expect(page.field('Access Type')).toBe(access)
    expect(page.text).toContain("must contain the prefix 'dbsrv_'")
  })

  test('12. enter a reason and an account id; make sure to comply with the naming restrictions', async () => {
    const hasty = await user02.fillIn(
      page,
      { Justification: 'Need for integration', 'Database Account ID': 'Test' },
      'Save',
    )
    expect(hasty.status).toBe(422)
    expect(hasty.errorOf('Database Account ID')).toContain('must begin with dbsrv_')
    expect(hasty.field('Justification')).toBe('Need for integration')
    page = hasty
  })

  test('13. save the record: a manager decides, the account is created, and a mail says so', async () => {
    page = await user02.fillIn(page, { 'Database Account ID': name }, 'Save')
    expect(page.flash).toContain(`Requested: ${access} on 10000-DEV (${name}).`)
    expect(await cluster.sql('primary', `select rolname from pg_roles where rolname = '${name}'`)).toEqual([])
    const decided = await approveAll(world)
    expect(factOf(decided, 'Database Account ID')).toBe(name)
    const mail = (await world.mails()).find(one => one.template === 'access-granted')
    expect(mail?.to_address).toBe('user02@example.com')
    expect(mail?.body).toContain(`The account ${name} has been created.`)
    expect(
      await cluster.sql('primary', `select rolname from pg_roles where rolname = '${name}'`),
    ).toHaveLength(1)
  })

  test('14. return to the access record: everything is there, password and certificate hidden', async () => {
    const record = await user02.get((await openAccessManagement(user02)).link('user02@example.com'))
    page = await user02.get(record.link('Manage Access'))
    expect(rowsOf(page, ACCESSES)[0]?.slice(2)).toEqual(['APPROVED', ''])
    expect(factOf(page, 'Database Account ID')).toBe(name)
    expect(factOf(page, 'Database Account Password Expiration Date')).not.toBe('–')
    expect([shownPassword(page), shownCertificate(page)]).toEqual(['', ''])
  })

  test('the checkboxes display them, and any client signs in with what is shown', async () => {
    page = await showBoth(user02, page)
    const shown = {
      host: factOf(page, 'Host'),
      port: factOf(page, 'Port'),
      name,
      password: shownPassword(page),
      certificate: shownCertificate(page),
    }
    expect(shown.password).toHaveLength(24)
    expect(shown.certificate).toMatch(/^-----BEGIN CERTIFICATE-----/)
    expect(await asClient(shown, 'select session_user')).toBe(name)
    expect(await asClient({ ...shown, password: 'Something_Else_123' }, 'select 1')).toContain(
      'authentication failed',
    )
    expect(page.text).toContain(`postgresql://${name}@${shown.host}:${shown.port}/`)
    const kept = [...(await world.mails()).map(mail => mail.body), cluster.log('primary')].join('\n')
    expect(kept).not.toContain(shown.password)
  })

  test('and hide them again', async () => {
    page = await user02.fillIn(
      page,
      { 'Show Database Password?': false, 'Show Database SSL Certificate?': false },
      'Show',
    )
    expect([shownPassword(page), shownCertificate(page)]).toEqual(['', ''])
  })
})
