import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mostRequestsAnHour } from '../../src/access/request-limit.ts'
import { saveAccessChanges } from '../../src/access/save-changes.ts'
import { nothingStaged } from '../../src/access/staged-changes.ts'
import { hours } from '../../src/clock.ts'
import { withLink } from '../../src/mail/link-place.ts'
import { paths } from '../../src/paths.ts'
import { grantCustomer } from '../../src/people/new-access.ts'
import { deactivatePerson, sendSignInLink } from '../../src/people/person-status.ts'
import { accessNow, requestAccess } from '../support/access-requests.ts'
import { granted } from '../support/accesses.ts'
import { signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { personNow, saveAs } from '../support/persons.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('who means ill (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  describe('a manager of 20000 who brings a former user of 10000 back', () => {
    const bringBack = async () => {
      await granted(world.deps, { person_id: 'USER02', asset_id: '10000-TST' })
      await deactivatePerson(world.deps, world.actor('OPERATOR01'), 'USER02')
      await grantCustomer(world.deps, world.actor('MANAGER03'), 'user02@example.com', '20000')
    }

    test('does not take the account over', async () => {
      await bringBack()
      const email = { primary_email: 'mallory@example.com' }
      expect(await saveAs(world, 'MANAGER03', 'USER02', email)).toMatchObject({
        problem: { kind: 'invalid' },
      })
      expect(await saveAs(world, 'MANAGER03', 'USER02', { first_name: 'Mallory' })).toMatchObject({
        problem: { kind: 'invalid' },
      })
      expect(await sendSignInLink(world.deps, world.actor('MANAGER03'), 'USER02')).toMatchObject({
        problem: { kind: 'forbidden' },
      })
      const page = await (await signIn(world, 'manager03')).get(paths.person('USER02'))
      expect(page.buttons).not.toContain('Send new sign-in link')
      expect(page.text).toContain('USER02 had access to another customer before')
      expect(await personNow(world, 'USER02')).toMatchObject({ primary_email: 'user02@example.com' })
    })

    test('does not lock managers out of a person by giving accesses to them for a while', async () => {
      world.clock.advance(1000)
      await grantCustomer(world.deps, world.actor('MANAGER03'), 'user01@example.com', '20000')
      await granted(world.deps, { person_id: 'USER01', asset_id: '20000-DEV', status: 'REMOVED' })
      await saveAs(world, 'MANAGER03', 'USER01', { remove_customers: ['20000'] })
      expect(await saveAs(world, 'MANAGER01', 'USER01', { first_name: 'Eve' })).toMatchObject({ ok: true })
    })
  })

  test('a manager floods nobody with sign-in links; operators may go on', async () => {
    const send = (as: 'MANAGER01' | 'OPERATOR01') => sendSignInLink(world.deps, world.actor(as), 'USER02')
    for (let i = 0; i < 5; i++) expect(await send('MANAGER01')).toMatchObject({ ok: true })
    expect(await send('MANAGER01')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await world.mails()).toHaveLength(5)
    expect(await send('OPERATOR01')).toMatchObject({ ok: true })
    world.clock.advance(hours(1))
    expect(await send('MANAGER01')).toMatchObject({ ok: true })
  })

  test('a name lures no secret link into an address of somebody else’s', async () => {
    const name = 'see https://evil.example/?x={{link}}'
    await saveAs(world, 'MANAGER01', 'USER02', { display_name: name })
    await sendSignInLink(world.deps, world.actor('MANAGER01'), 'USER02')
    const mail = (await world.mails()).at(-1)
    const sent = withLink(mail?.body ?? '', 'SECRET')
    expect(sent).toContain(`Hello ${name},`)
    expect(sent.split('\n').filter(line => line.includes('SECRET'))).toEqual(['SECRET'])
    const operator = await signIn(world, 'operator01')
    expect((await operator.get(paths.adminMail(mail?.id ?? 0))).text).toContain(`Hello ${name},`)
  })

  test.each(['Manager\u202e10', 'Manager\u2028Requested by: Manager 01', 'Manager\u2067 01'])(
    'nobody is called %j',
    async display_name => {
      expect(await saveAs(world, 'USER02', 'USER02', { display_name })).toMatchObject({
        problem: { kind: 'invalid', fields: { display_name: expect.any(String) } },
      })
    },
  )

  test('whoever changes a request over and over stops mailing its managers', async () => {
    const id = await requestAccess(world)
    const change = async (text: string) =>
      saveAccessChanges(world.deps, world.actor('USER02'), 'USER02', {
        ...nothingStaged,
        edits: [{ id, version: (await accessNow(world, id)).version, justification: text }],
      })
    const before = { subject_type: 'access', subject_id: String(id), verb: 'access changed', detail: '{}' }
    await world.deps.db
      .insertInto('audit_events')
      .values(
        Array.from({ length: mostRequestsAnHour - 1 }, () => ({
          ...before,
          at: world.clock.instant(),
          actor_id: 'USER02',
          actor_role: 'STD_USER',
        })),
      )
      .execute()
    expect(await change('The last one')).toMatchObject({ ok: true })
    const mails = (await world.mails()).length
    expect(await change('Once more')).toMatchObject({ problem: { kind: 'invalid' } })
    expect(await world.mails()).toHaveLength(mails)
    world.clock.advance(hours(1))
    expect(await change('Once more')).toMatchObject({ ok: true })
  })

  test('one request withdrawn and changed by the same form is withdrawn', async () => {
    const id = await requestAccess(world)
    const agent = await signIn(world, 'user02')
    await agent.get(paths.manageAccess('USER02'))
    const fields = {
      do: 'save',
      [`remove_${id}`]: '1',
      [`justification_${id}`]: 'Another one',
      [`version_${id}`]: '1',
    }
    const page = await agent.post(paths.manageAccess('USER02'), fields)
    expect(page.status).toBe(200)
    expect(await accessNow(world, id)).toMatchObject({ status: 'REMOVED', justification: 'Month end' })
  })

  test.each(['__proto__', 'hasOwnProperty', 'valueOf', '-__proto__', 'constructor'])(
    'sorts by %s as by nothing',
    async sort => {
      await granted(world.deps, { person_id: 'USER01', asset_id: '10000-TST' })
      const agent = await signIn(world, 'user01')
      expect((await agent.get(paths.manageAccess('USER01', { sort }))).status).toBe(200)
      expect((await agent.get(`${paths.manageAccessCsv('USER01')}?table=assets&sort=${sort}`)).status).toBe(
        200,
      )
      const approver = await signIn(world, 'manager01')
      expect((await approver.get(paths.approvals('MANAGER01', { sort }))).status).toBe(200)
      expect((await approver.get(paths.accessManagement({ sort }))).status).toBe(200)
    },
  )
})
