import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRecord } from '../support/access-tool.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { createDatabaseWorld, type DatabaseWorld, prepareCluster } from '../support/database-accounts.ts'
import { approveAll, asClient, showBoth, shownCertificate, shownPassword } from '../support/database-guide.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import { ACCESSES, ASSETS, rowsOf } from '../support/manage-access.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import type { ShownPage } from '../support/shown-page.ts'

const access = 'Create Database User Account'
/** Both portals use one server, where everybody has one name. */
const people = { sqlite: 'user02', postgres: 'user01' } as const

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster())
})
afterAll(() => cluster?.stop())

/** The steps of the guide on a production asset, without JavaScript; the account is made on a real standby. */
describe.each(engines)('How to Request a Database User Account (%s)', engine => {
  const who = people[engine]
  const name = `dbusr_${who}`
  let world: DatabaseWorld
  let person: Agent
  let page: ShownPage

  beforeAll(async () => {
    world = await createDatabaseWorld(engine, cluster)
    person = await signIn(world, who)
  })
  afterAll(() => world?.close())

  test('2. to 8. on Manage Access, add the asset', async () => {
    page = await openRecord(person, `${who}@example.com`, 'Manage Access')
    page = await person.press(page, `New Row in ${ASSETS}`)
    const lookup = await person.press(page, 'Select Value: Asset')
    page = await person.press(lookup, '10000-PRD')
  })

  test('9. to 11. New Row, and select the access type', async () => {
    page = await person.press(page, `New Row in ${ACCESSES}`)
    page = await person.press(await person.press(page, 'Select Value: Access Type'), access)
    expect(page.field('Access Type')).toBe(access)
  })

  test('12. enter a reason; the Database Account ID is populated for you', async () => {
    expect(page.field('Database Account ID')).toBe(name)
    page = await person.fillIn(page, { Justification: 'Need for dev' }, 'Save')
    expect(page.flash).toContain(`Requested: ${access} on 10000-PRD (${name}).`)
  })

  test('13. a manager decides, the account is created, and a mail says so', async () => {
    const decided = await approveAll(world)
    expect(factOf(decided, 'Database Account ID')).toBe(name)
    const mail = (await world.mails()).find(one => one.template === 'access-granted')
    expect([mail?.to_person, mail?.body.includes(`The account ${name} has been created.`)]).toEqual([
      who.toUpperCase(),
      true,
    ])
  })

  test('14. return to the access record, and sign in with what is shown: read only, on the standby', async () => {
    page = await openRecord(person, `${who}@example.com`, 'Manage Access')
    page = await person.get(page.link('10000-PRD'))
    expect(rowsOf(page, ACCESSES)[0]?.slice(2)).toEqual(['APPROVED', ''])
    expect(factOf(page, 'Rights')).toBe('read only, on the standby database server')
    page = await showBoth(person, page)
    const shown = {
      host: factOf(page, 'Host'),
      port: factOf(page, 'Port'),
      name,
      password: shownPassword(page),
      certificate: shownCertificate(page),
    }
    expect(shown.port).toBe(String(cluster.standby?.port))
    expect(await asClient(shown, 'select session_user')).toBe(name)
    expect(await asClient(shown, 'select pg_is_in_recovery()')).toBe(true)
    expect(await asClient(shown, 'create table mine (id int)')).toContain('read-only')
  })

  test('a second one on the asset is refused with a link to the first', async () => {
    page = await person.press(page, `New Row in ${ACCESSES}`)
    const again = await person.fillIn(page, { 'Access Type': access, Justification: 'Once more' }, 'Save')
    expect(again.errorOf('Access Type')).toContain(`has ${access} on 10000-PRD already`)
    expect((await person.get(again.link('Open the first one'))).text).toContain(name)
  })
})
