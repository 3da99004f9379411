import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { accessState, accessTrail, granted } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { addAccountWithPassword, addAssetDatabase, addDatabaseServer } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { stage } from '../support/manage-access.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

describe.each(engines)('Remove Access of a database account (%s)', engine => {
  let world: World
  let serverId: number
  let accessId: number
  let name: string
  let made = 0
  let user02: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    serverId = await addDatabaseServer(world.deps)
    await addAssetDatabase(world.deps, serverId, '10000-DEV')
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    user02 = await signIn(world, 'user02')
    await addAccount('dbsrv')
  })

  /** The only access there. */
  async function addAccount(prefix: 'dbsrv' | 'dbusr', access = {}) {
    const { db } = world.deps
    for (const table of ['database_accounts', 'access_drafts'] as const) await db.deleteFrom(table).execute()
    await db.deleteFrom('accesses').where('person_id', '=', 'USER02').execute()
    name = `${prefix}_app${++made}`
    ;({ accessId } = await addAccountWithPassword(
      world.deps,
      { serverId, name, access },
      'Correct_Horse%1234',
    ))
  }
  const record = () => paths.manageAccess('USER02', { asset: '10000-DEV', access: accessId })
  const question = () => paths.accessEvent('USER02', accessId, 'remove')

  test('asks first, on a page that says what will happen', async () => {
    const asked = await user02.press(record(), 'Remove Access')
    expect([asked.status, asked.heading]).toEqual([200, `Remove ${name} on 10000-DEV?`])
    expect(asked.text).toContain('is locked, its sessions end, and it is dropped from its database server')
    expect(asked.text).toContain('programs that use it stop working')
    expect(asked.link('Transfer Access')).toBe(paths.transferAccess('USER02', accessId))
    expect((await user02.get(asked.link('Go back'))).heading).toBe('User 02')
    expect(await accessState(world, accessId)).toBe('APPROVED')
    expect(await accessTrail(world, accessId)).toEqual([])
    const removed = await user02.press(asked, 'Remove Access')
    expect(removed.flash).toMatch(/ on 10000-DEV is PENDING REMOVAL\.$/)
    expect(await accessTrail(world, accessId)).toEqual(['asked to be removed'])
    // Pressed again in a page that was open before.
    expect((await user02.press(asked, 'Remove Access')).flash).toContain('is PENDING REMOVAL.')
    expect(await accessTrail(world, accessId)).toEqual(['asked to be removed'])
  })

  test.each(['Go back', 'Remove Access'])('%s keeps what was typed and not saved', async way => {
    const staged = await stage(user02, record(), 'add access')
    const asked = await user02.fillIn(staged, { Justification: 'Half a' }, 'Remove Access')
    expect(asked.heading).toBe(`Remove ${name} on 10000-DEV?`)
    const after =
      way === 'Go back' ? await user02.get(asked.link(way)) : await user02.press(asked, 'Remove Access')
    expect(after.field('Justification')).toBe('Half a')
    expect(after.text).toContain('1 change not saved')
  })

  test('that is staged too stays staged until it is confirmed', async () => {
    const struck = await user02.press(record(), 'Delete Create Database Service Account')
    expect(struck.text).toContain('1 change not saved')
    const asked = await user02.press(struck, 'Remove Access')
    expect((await user02.get(asked.link('Go back'))).text).toContain('1 change not saved')
    expect((await user02.press(asked, 'Remove Access')).text).not.toContain('not saved')
  })

  test('asks about a suspended one, and about a user account, which nobody can take over', async () => {
    await addAccount('dbusr', { status: 'SUSPENDED' })
    const asked = await user02.press(record(), 'Remove Access')
    expect(asked.heading).toBe(`Remove ${name} on 10000-DEV?`)
    expect(asked.text).not.toContain('Transfer Access')
    await user02.press(asked, 'Remove Access')
    expect(await accessState(world, accessId)).toContain('PENDING REMOVAL')
  })

  test('asks whoever has a request withdrawn that was granted meanwhile', async () => {
    const asked = await user02.post(paths.accessEvent('USER02', accessId, 'withdraw'), {
      csrf: (await user02.get(record())).csrf,
    })
    expect(asked.heading).toBe(`Remove ${name} on 10000-DEV?`)
    expect(await accessState(world, accessId)).toBe('APPROVED')
  })

  test('has its question at an address, where there is one', async () => {
    expect((await user02.get(question())).heading).toBe(`Remove ${name} on 10000-DEV?`)
    await user02.press(question(), 'Remove Access')
    expect(await accessState(world, accessId)).toContain('PENDING REMOVAL')
    expect((await user02.get(question())).heading).toBe('User 02')
    const other = await granted(world.deps, { asset_id: '10000-DEV' })
    expect((await user02.get(paths.accessEvent('USER02', other, 'remove'))).heading).toBe('User 02')
    expect((await user02.get(paths.accessEvent('USER01', accessId, 'remove'))).status).toBe(404)
  })

  test('leads an operator who has to identify back to the question', async () => {
    const operator = await signIn(world, 'operator')
    const asked = await operator.press(record(), 'Remove Access')
    world.clock.advance(minutes(16))
    await operator.press(asked, 'Remove Access')
    expect(await accessState(world, accessId)).toBe('APPROVED')
    const page = operator.page
    expect(page?.heading).toBe('Identify yourself again')
    const back = await operator.fillIn(page ?? '', { Password: testPassword }, page?.buttons[0] ?? '')
    expect(back.heading).toBe(`Remove ${name} on 10000-DEV?`)
    await operator.press(back, 'Remove Access')
    expect(await accessState(world, accessId)).toContain('PENDING REMOVAL')
  })
})
