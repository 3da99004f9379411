import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { takeOverAccount } from '../../src/access/take-over-account.ts'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { decisionLinkOf } from '../support/access-requests.ts'
import { accessNow, accessState, accessTrail } from '../support/accesses.ts'
import { type Agent, type Filling, signIn } from '../support/agent.ts'
import { addAccountWithPassword, addAssetDatabase, addDatabaseServer } from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { factOf } from '../support/facts.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

const ask = { User: 'user01@example.com', Justification: 'Changes teams.' }

describe.each(engines)('Transfer Access (%s)', engine => {
  let world: World
  let serverId: number
  let accessId: number
  let name: string
  let made = 0
  const agents = new Map<string, Agent>()
  beforeAll(async () => {
    world = await createWorld(engine)
    serverId = await addDatabaseServer(world.deps)
    await addAssetDatabase(world.deps, serverId, '10000-DEV')
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    const { db } = world.deps
    await db.deleteFrom('mails').execute()
    await db.updateTable('sessions').set({ identified_at: world.clock.instant() }).execute()
    name = `dbsrv_app${++made}`
    ;({ accessId } = await addAccountWithPassword(world.deps, { serverId, name }, 'Correct_Horse%1234'))
  })

  async function as(person: string): Promise<Agent> {
    const agent = agents.get(person) ?? (await signIn(world, person))
    agents.set(person, agent)
    return agent
  }
  const path = () => paths.transferAccess('USER02', accessId)
  const record = (person = 'USER02', id = accessId) =>
    paths.manageAccess(person, { asset: '10000-DEV', access: id })
  const transfer = async (agent: Agent, filling: Filling = ask) =>
    agent.fillIn(path(), filling, 'Transfer Access')
  const requests = () =>
    world.deps.db.selectFrom('accesses').selectAll().where('transfer_of', '=', accessId).execute()
  const requested = async () => (await requests())[0] ?? expect.unreachable()
  /** What the background work does before it resets the password. */
  async function takenOver() {
    const request = await requested()
    await world.deps.db.transaction().execute(async tx => takeOverAccount(tx, world.deps, request))
    return request
  }

  test('is asked for from the details of the account, and changes nothing yet', async () => {
    const user02 = await as('user02')
    const form = await user02.get((await user02.get(record())).link('Transfer Access'))
    expect([form.status, form.heading]).toEqual([200, `Transfer ${name}`])
    expect(form.text).toContain('It then gets a new password, which only that person can see')
    const done = await user02.fillIn(form, ask, 'Transfer Access')
    expect(done.flash).toBe(`${name} is to go to User 01: the managers of the customer decide.`)
    expect(done.heading).toBe('User 02')
    expect(await accessState(world, accessId)).toBe('APPROVED')
    expect(await requests()).toMatchObject([
      {
        person_id: 'USER01',
        asset_id: '10000-DEV',
        status: 'PROCESSING',
        database_account: name,
        requested_by: 'USER02',
        justification: 'Changes teams.',
      },
    ])
  })

  test('of an access that is to end asks for no more than its time', async () => {
    const ends = { ends_on: '2026-06-30', ends_at: '2026-06-30T22:00:00.000Z' }
    await world.deps.db.updateTable('accesses').set(ends).where('id', '=', accessId).execute()
    await transfer(await as('user02'))
    expect(await requests()).toMatchObject([ends])
  })

  test.each(['manager01', 'operator'])('%s may ask for it, too, by the code of a person', async person => {
    await transfer(await as(person), { ...ask, User: ' user01 ' })
    expect(await requests()).toMatchObject([{ person_id: 'USER01' }])
  })

  test('is not there for others, nor under another person', async () => {
    for (const person of ['user01', 'user03', 'manager03']) {
      const agent = await as(person)
      await agent.get(paths.profile())
      for (const at of [path(), paths.transferAccess(person.toUpperCase(), accessId)]) {
        expect((await agent.get(at)).status).toBe(404)
        await agent.get(paths.profile())
        expect((await agent.post(at, { to: 'USER01', justification: 'x' })).status).toBe(404)
      }
    }
    expect(await requests()).toEqual([])
  })

  test.each(['0', 'x', '-1', '999999999', '99999999999999999999', "1'--"])(
    'an access %j is not there',
    async id => {
      const user02 = await as('user02')
      expect((await user02.get(paths.transferAccess('USER02', id))).status).toBe(404)
      await user02.get(paths.profile())
      const fields = { to: 'USER01', justification: 'x' }
      expect((await user02.post(paths.transferAccess('USER02', id), fields)).status).toBe(404)
    },
  )

  test('asks who is there first', async () => {
    const visitor = await signIn(world, 'user02')
    visitor.cookies.clear()
    expect((await visitor.get(path())).heading).toBe('Sign in')
  })

  test.each([
    ['User', '', 'Say who is to have it'],
    [
      'User',
      'nobody@example.com',
      'There is no active user “nobody@example.com” with access to customer 10000',
    ],
    ['User', 'USER03', 'There is no active user “USER03” with access to customer 10000'],
    ['User', 'OPERATOR01', 'There is no active user “OPERATOR01”'],
    ['User', 'USER02', 'User 02 has the account already.'],
    ['User', 'x'.repeat(321), 'Use at most 320 characters.'],
    ['Justification', ' ', 'Fill in the Justification'],
    ['Justification', 'x'.repeat(4001), 'Use at most 4,000.'],
  ])('a wrong %s (%#) is said beside it, and the rest stays', async (label, typed, why) => {
    const refused = await transfer(await as('user02'), { ...ask, [label]: typed })
    expect([refused.status, refused.path]).toEqual([422, path()])
    expect(refused.errorOf(label)).toContain(why)
    expect(refused.problems).toHaveLength(1)
    const other = label === 'User' ? 'Justification' : 'User'
    expect(refused.field(other)).toBe(ask[other])
    expect(await requests()).toEqual([])
  })

  test('asked for twice, the second is told of the first', async () => {
    const user02 = await as('user02')
    const form = await user02.get(path())
    await user02.fillIn(form, ask, 'Transfer Access')
    const twice = await user02.fillIn(form, { ...ask, User: 'MANAGER02' }, 'Transfer Access')
    expect(twice.status).toBe(409)
    const told = 'A transfer to User 01 has been asked for, and waits for its decision.'
    expect(twice.text).toContain(told)
    const page = await user02.get(path())
    expect(page.text).toContain(told)
    expect(page.buttons).not.toContain('Transfer Access')
    expect(await requests()).toHaveLength(1)
    expect(await accessTrail(world, accessId)).toEqual(['transfer asked for'])
  })

  describe('that waits for its decision', () => {
    const withdraw = 'Withdraw the Transfer'

    test.each(['user02', 'manager01', 'operator'])('can be withdrawn by %s', async person => {
      await transfer(await as('user02'))
      const agent = await as(person)
      expect((await agent.get(record())).text).toContain(
        'A transfer to User 01 has been asked for, and waits for its decision.',
      )
      const done = await agent.press(path(), withdraw)
      expect(done.flash).toBe(`The transfer to User 01 is withdrawn: ${name} stays where it is.`)
      expect(await requests()).toMatchObject([{ status: 'REMOVED', person_id: 'USER01' }])
      expect(await accessState(world, accessId)).toBe('APPROVED')
      expect(await accessTrail(world, accessId)).toEqual(['transfer asked for', 'transfer withdrawn'])
      // Another one can be asked for.
      await transfer(await as('user02'), { ...ask, User: 'MANAGER02' })
      expect(await requests()).toHaveLength(2)
    })

    test('leaves nothing to decide', async () => {
      await transfer(await as('user02'))
      const link = await decisionLinkOf(world, 'MANAGER01')
      await (await as('user02')).press(path(), withdraw)
      const late = await (await as('manager01')).get(link)
      expect(late.buttons).not.toContain('Approve')
    })

    test('but not when it has been decided meanwhile', async () => {
      await transfer(await as('user02'))
      const user02 = await as('user02')
      const page = await user02.get(path())
      const { id } = await requested()
      await world.deps.db
        .updateTable('accesses')
        .set({ decision: 'APPROVED', decided_at: world.clock.instant(), decided_by: 'MANAGER01' })
        .where('id', '=', id)
        .execute()
      const refused = await user02.press(page, withdraw)
      expect(refused.status).toBe(409)
      expect(refused.text).toContain('This transfer has been approved meanwhile, and is under way.')
      expect(refused.buttons).not.toContain(withdraw)
      expect(await accessTrail(world, accessId)).toEqual(['transfer asked for'])
    })

    test('twice withdrawn, the second is told so', async () => {
      await transfer(await as('user02'))
      const user02 = await as('user02')
      const page = await user02.get(path())
      await user02.press(page, withdraw)
      const again = await user02.press(page, withdraw)
      expect(again.status).toBe(409)
      expect(again.text).toContain('No transfer of this account is open any more.')
    })

    test('is said before its owner is deactivated', async () => {
      await transfer(await as('user02'))
      const page = await (await as('operator')).get(paths.adminPersonEvent('USER02', 'deactivate'))
      expect(page.text).toContain(`${name} on 10000-DEV, on its way to User 01, which is not done yet`)
    })
  })

  test.each(['PROCESSING', 'SUSPENDED', 'PENDING REMOVAL', 'REMOVED'] as const)(
    'of an access that is %s is refused, in words',
    async status => {
      const user02 = await as('user02')
      const form = await user02.get(path())
      await world.deps.db.updateTable('accesses').set({ status }).where('id', '=', accessId).execute()
      const why = `Only an account in use can be transferred; this access is ${status}.`
      const refused = await user02.fillIn(form, ask, 'Transfer Access')
      expect([refused.status, refused.text.includes(why)]).toEqual([409, true])
      expect((await user02.get(path())).text).toContain(why)
      expect((await user02.get(record())).body).not.toContain(path())
      expect(await requests()).toEqual([])
    },
  )

  test('is not for user accounts', async () => {
    const added = { serverId, name: 'dbusr_user02' }
    ;({ accessId } = await addAccountWithPassword(world.deps, added, 'Correct_Horse%1234'))
    const user02 = await as('user02')
    expect((await user02.get(path())).text).toContain('Only service accounts can be transferred.')
    expect((await user02.get(record())).body).not.toContain(path())
    expect((await user02.post(path(), { to: 'USER01', justification: 'x' })).status).toBe(409)
    await world.deps.db.deleteFrom('database_accounts').where('access_id', '=', accessId).execute()
    await world.deps.db.deleteFrom('accesses').where('id', '=', accessId).execute()
  })

  test('operators identify again, and find what they had typed', async () => {
    const operator = await as('operator')
    const form = await operator.get(path())
    world.clock.advance(minutes(16))
    const asked = await operator.fillIn(form, ask, 'Transfer Access')
    expect(asked.heading).toBe('Identify yourself again')
    const back = await operator.fillIn(asked, { Password: testPassword }, asked.buttons[0] ?? '')
    expect([back.field('User'), back.field('Justification')]).toEqual([ask.User, ask.Justification])
    expect(await requests()).toEqual([])
    await operator.fillIn(back, {}, 'Transfer Access')
    expect(await requests()).toHaveLength(1)
  })

  describe('who decides', () => {
    test('sees the account, that it is a transfer, and from whom', async () => {
      await transfer(await as('user02'))
      const { id } = await requested()
      const manager01 = await as('manager01')
      const list = await manager01.get(paths.approvals('MANAGER01', { user: 'USER01' }))
      expect(list.text).toContain('Create Database Service Account: transfer')
      const page = await manager01.get(await decisionLinkOf(world, 'MANAGER01'))
      expect(factOf(page, 'Database Account ID')).toBe(name)
      expect(factOf(page, 'Access Requested')).toBe('Create Database Service Account: transfer')
      expect(factOf(page, 'Transfer from')).toBe(
        'User 02 (USER02), who has the account until this is APPROVED, and loses it then. It gets a new password.',
      )
      const csv = await manager01.get(paths.approvalsCsv('MANAGER01', { user: 'USER01' }))
      expect(csv.body).toContain(`${name},USER02`)
      const done = await manager01.fillIn(page, { Disposition: 'APPROVED' }, 'Save')
      expect(done.status).toBe(200)
      expect(await accessState(world, id)).toBe('PROCESSING, PROVISIONING')
      expect((await (await as('user02')).get(path())).text).toContain('and is under way.')
    })

    test('reads the same in the mail; so do who asked and who is to have it', async () => {
      await transfer(await as('user02'))
      const mails = await world.mails()
      expect(mails.map(mail => mail.to_person)).toEqual(
        expect.arrayContaining(['MANAGER01', 'MANAGER02', 'USER01', 'USER02']),
      )
      for (const { body } of mails) {
        expect(body).toContain(`Database Account ID: ${name}`)
        expect(body).toContain(
          'Transfer from:    User 02 (USER02), who loses the account when it is approved',
        )
      }
    })

    test('nothing of it stands at requests for a new account', async () => {
      await world.deps.db
        .updateTable('accesses')
        .set({ status: 'PROCESSING', decision: null, decided_at: null, decided_by: null })
        .where('id', '=', accessId)
        .execute()
      const page = await (await as('manager01')).get(paths.approvals('MANAGER01', { user: 'USER02' }))
      expect(page.text).toContain(name)
      expect(page.text).not.toContain('Transfer from')
    })
  })

  describe('handed over', () => {
    test('who had it is told by mail, and the histories of both read so', async () => {
      await transfer(await as('user02'))
      await world.deps.db.deleteFrom('mails').execute()
      const { id } = await takenOver()
      const [mail, ...others] = await world.mails()
      expect([mail?.to_person, mail?.template, others]).toEqual(['USER02', 'access-handed-over', []])
      expect(mail?.subject).toBe(`Database account transferred: ${name} on 10000-DEV`)
      expect(mail?.body).toContain(`${name} was transferred to User 01 (USER01)`)
      expect(mail?.body).not.toContain('Correct_Horse')

      const before = await (await as('user02')).get(record())
      expect(await accessNow(world, accessId)).toMatchObject({ status: 'REMOVED' })
      expect(before.text).toContain(`${name} was transferred to User 01.`)
      expect(before.text).toMatch(/Transfer asked for.*Transfer of dbsrv_app\d+ to USER01.*Handed over/)
      const after = await (await as('user01')).get(record('USER01', id))
      expect(after.text).toMatch(/Requested.*Transfer of dbsrv_app\d+ from USER02.*Account taken over/)
      const detail = await world.deps.db
        .selectFrom('audit_events')
        .select('detail')
        .where('verb', '=', 'access handed over')
        .where('subject_id', '=', String(accessId))
        .executeTakeFirstOrThrow()
      expect(JSON.parse(detail.detail)).toMatchObject({
        from: 'APPROVED',
        to: 'REMOVED',
        transferTo: 'USER01',
      })
    })
  })

  describe('is offered before the accounts of a person end', () => {
    test('with their deactivation by an operator', async () => {
      const page = await (await as('operator')).get(paths.adminPersonEvent('USER02', 'deactivate'))
      expect(page.text).toContain('used by programs and would be removed too.')
      expect(page.link(`Transfer Access of ${name}`)).toBe(path())
    })

    test('with their own', async () => {
      const user02 = await as('user02')
      const page = await user02.get(paths.personEvent('USER02', 'deactivate'))
      expect((await user02.get(page.link(`Transfer Access of ${name}`))).heading).toBe(`Transfer ${name}`)
    })

    test('with the removal of the customer', async () => {
      const manager01 = await as('manager01')
      const asked = await manager01.press(paths.person('USER02'), 'Delete 10000')
      expect(asked.heading).toBe('Remove access to customer 10000?')
      expect((await manager01.get(asked.link(`Transfer Access of ${name}`))).heading).toBe(`Transfer ${name}`)
    })

    test('but none that is on its way out', async () => {
      await world.deps.db
        .updateTable('accesses')
        .set({ status: 'PENDING REMOVAL' })
        .where('id', '=', accessId)
        .execute()
      const page = await (await as('operator')).get(paths.adminPersonEvent('USER02', 'deactivate'))
      expect(page.body).not.toContain(path())
    })
  })
})
