import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours } from '../../src/clock.ts'
import { lookAfterPasswords } from '../../src/database-accounts/look-after-passwords.ts'
import { openRecord } from '../support/access-tool.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { createDatabaseWorld, type DatabaseWorld, prepareCluster } from '../support/database-accounts.ts'
import { asClient, type Shown, showBoth, shownCertificate, shownPassword } from '../support/database-guide.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import { ACCESSES, rowsOf } from '../support/manage-access.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { workOff } from '../support/work-off.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster({ standby: false }))
})
afterAll(() => cluster?.stop())

/** The steps of the guide, without JavaScript, one after the other, on a real PostgreSQL. */
describe.each(engines)('How to Reset a Database Account Password (%s)', engine => {
  const name = `dbsrv_${engine}`
  const chosen = 'Chosen_By_Me%^*_+1234'
  let world: DatabaseWorld
  let user02: Agent
  let page: ShownPage
  let before: Shown
  let after: Shown

  beforeAll(async () => {
    world = await createDatabaseWorld(engine, cluster)
    await world.grantedAccount({ database_account: name })
    user02 = await signIn(world, 'user02')
    before = await shownNow()
  })
  afterAll(() => world?.close())

  const manageAccess = async () => {
    const record = await openRecord(user02, 'user02@example.com', 'Manage Access')
    return user02.get(record.link('10000-DEV'))
  }
  async function shownNow(): Promise<Shown> {
    const shown = await showBoth(user02, await manageAccess())
    return {
      host: factOf(shown, 'Host'),
      port: factOf(shown, 'Port'),
      name,
      password: shownPassword(shown),
      certificate: shownCertificate(shown),
    }
  }

  test('2. to 6. on Manage Access, select the asset and open the database account', async () => {
    page = await manageAccess()
    expect(page.text).toContain('Details of 10000-DEV, Create Database Service Account')
    expect(await asClient(before, 'select session_user')).toBe(name)
  })

  test('7. and 8. provide a new password, and press Reset Database Password', async () => {
    const refused = await user02.fillIn(
      page,
      { 'New Database Password': 'too_Short' },
      'Reset Database Password',
    )
    expect(refused.errorOf('New Database Password')).toContain('has 9 characters')
    page = await user02.fillIn(refused, { 'New Database Password': chosen }, 'Reset Database Password')
    expect(page.flash).toContain(`The password of ${name} is being reset.`)
    expect(rowsOf(page, ACCESSES)[0]?.slice(2)).toEqual(['APPROVED', 'RESETTING PASSWORD'])
  })

  test('until it is done the old one is shown, and good', async () => {
    expect((await shownNow()).password).toBe(before.password)
    expect(await asClient(before, 'select session_user')).toBe(name)
  })

  test('a mail says that it has been reset, and never what it is', async () => {
    await workOff(world)
    const mails = (await world.mails()).filter(mail => mail.template === 'database-password-changed')
    expect(mails.map(mail => mail.to_address)).toEqual(['user02@example.com'])
    expect(mails[0]?.body).toContain(name)
    expect((await world.mails()).map(mail => mail.body).join()).not.toContain(chosen)
  })

  test('9. return to the access record to retrieve password and certificate', async () => {
    page = await manageAccess()
    expect(rowsOf(page, ACCESSES)[0]?.slice(2)).toEqual(['APPROVED', ''])
    after = await shownNow()
    expect(after.password).toBe(chosen)
    expect(await asClient(after, 'select session_user')).toBe(name)
    expect(await asClient(before, 'select 1')).toContain('authentication failed')
    expect(cluster.log('primary')).not.toContain(chosen)
  })

  test('left blank, one is generated', async () => {
    await user02.press(await manageAccess(), 'Reset Database Password')
    await workOff(world)
    const generated = await shownNow()
    expect(generated.password).toHaveLength(24)
    expect(await asClient(generated, 'select session_user')).toBe(name)
    expect(await asClient(after, 'select 1')).toContain('authentication failed')
  })

  test('a manager resets it without seeing it', async () => {
    const manager = await signIn(world, 'manager01')
    const record = await manager.get(
      (await openRecord(manager, 'user02@example.com', 'Manage Access')).link('10000-DEV'),
    )
    const seen = await manager.press(record, 'Reset Database Password')
    expect(seen.flash).toContain('is being reset')
    await workOff(world)
    const generated = await shownNow()
    expect(await asClient(generated, 'select session_user')).toBe(name)
    expect((await manager.get(seen.path)).body).not.toContain(generated.password)
  })

  test('at a time that suits the program, it is reset then', async () => {
    const old = await shownNow()
    const at = new Date(world.clock.now().getTime() + hours(2)).toISOString().slice(0, 16)
    page = await user02.fillIn(await manageAccess(), { 'Reset at': at }, 'Reset Database Password')
    expect(page.text).toContain('The password will be reset on')
    await lookAfterPasswords(world.deps)
    await workOff(world)
    expect((await shownNow()).password).toBe(old.password)
    world.clock.advance(hours(2))
    await lookAfterPasswords(world.deps)
    await workOff(world)
    user02 = await signIn(world, 'user02')
    const later = await shownNow()
    expect(later.password).not.toBe(old.password)
    expect(await asClient(later, 'select session_user')).toBe(name)
    expect((await manageAccess()).text).not.toContain('The password will be reset on')
  })
})
