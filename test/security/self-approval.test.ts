import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CastPersonId } from '../../db/seeds/cast.ts'
import { stillWaiting } from '../../src/access/approvals-queries.ts'
import { decide } from '../../src/access/decide.ts'
import { subjectOf } from '../../src/access/find-access.ts'
import { paths } from '../../src/paths.ts'
import { can } from '../../src/policy.ts'
import {
  accessNow,
  decisionLinkOf,
  editRequest,
  goAway,
  requestAccess,
  setAccess,
} from '../support/access-requests.ts'
import { signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

/** Nobody decides what they have a part in, whatever their role and by whatever way. */
describe.each(engines)('nobody approves their own request (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const asked = async () =>
    (await world.mails()).filter(mail => mail.link !== null).map(mail => mail.to_person)
  const fields = (id: number, version: number) => ({
    [`version-${id}`]: String(version),
    [`disposition-${id}`]: 'APPROVED',
  })

  /** Neither by the page, nor by the verb, nor seen there, nor asked by mail. */
  async function hasNoPart(person: CastPersonId, id: number) {
    const { version } = await accessNow(world, id)
    const agent = await signIn(world, person.toLowerCase())
    const page = await agent.get(paths.approvals(person))
    expect(page.table('Access Requests table')).toEqual([])
    expect(page.buttons).not.toContain('Save')
    const sent = await agent.post(paths.approvals(person), fields(id, version))
    expect(sent.status).toBe(403)
    const decision = { accessId: id, version, disposition: 'APPROVED', comments: '' } as const
    const result = await decide(world.deps, world.actor(person), [decision])
    expect(result.ok).toBe(false)
    expect((await agent.get(paths.home())).text).not.toContain('Access requests to decide about')
    expect(await accessNow(world, id)).toMatchObject({ decision: null, status: 'PROCESSING' })
  }

  test('as requester for oneself', async () => {
    const id = await requestAccess(world, { person_id: 'MANAGER01' })
    await hasNoPart('MANAGER01', id)
    expect(await asked()).toEqual(['MANAGER02'])
    const page = await (await signIn(world, 'manager01')).get(paths.approvals('MANAGER01'))
    expect(page.text).toContain('1 access request waits for another manager or the operators')
  })

  test('as requester for somebody else', async () => {
    const id = await requestAccess(world, { requested_by: 'MANAGER01' })
    await hasNoPart('MANAGER01', id)
    expect(await asked()).toEqual(['MANAGER02'])
  })

  test('as beneficiary of what somebody else requested', async () => {
    const id = await requestAccess(world, { person_id: 'MANAGER01', requested_by: 'USER01' })
    await hasNoPart('MANAGER01', id)
  })

  test('as last editor', async () => {
    const id = await requestAccess(world)
    const link = await decisionLinkOf(world, 'MANAGER01')
    await editRequest(world, id, 'MANAGER01', 'Said better')
    await hasNoPart('MANAGER01', id)
    const page = await (await signIn(world, 'manager01')).get(link)
    expect([page.status, page.buttons.includes('Save')]).toEqual([403, false])
    expect((await asked()).slice(2)).toEqual(['MANAGER02'])
  })

  test('through a stand-in', async () => {
    await goAway(world, 'MANAGER01', 'MANAGER02')
    const id = await requestAccess(world, { requested_by: 'MANAGER01' })
    await hasNoPart('MANAGER02', id)
    await hasNoPart('MANAGER01', id)
    expect(await asked()).toEqual(['OPERATOR01'])
    expect((await accessNow(world, id)).escalated_at).not.toBeNull()
  })

  test('through a stand-in named after the link was sent', async () => {
    const id = await requestAccess(world, { requested_by: 'MANAGER01' })
    const link = await decisionLinkOf(world, 'MANAGER02')
    const manager02 = await signIn(world, 'manager02')
    const open = await manager02.get(link)
    await goAway(world, 'MANAGER01', 'MANAGER02')
    const page = await manager02.fillIn(open, { Disposition: 'APPROVED' }, 'Save')
    expect(page.status).toBe(403)
    await hasNoPart('MANAGER02', id)
  })

  test('as an operator who requested it, though it was escalated', async () => {
    const id = await requestAccess(world, { requested_by: 'OPERATOR01' })
    await setAccess(world, id, { escalated_at: world.clock.instant() })
    await hasNoPart('OPERATOR01', id)
  })

  test('by a link that was forwarded', async () => {
    const id = await requestAccess(world, { requested_by: 'MANAGER01' })
    const link = await decisionLinkOf(world, 'MANAGER02')
    const manager01 = await signIn(world, 'manager01')
    expect((await manager01.get(link)).status).toBe(404)
    expect((await manager01.post(link, fields(id, 1))).status).toBe(404)
    expect((await accessNow(world, id)).decision).toBeNull()
  })

  test('among several decisions, one that is one’s own stops them all', async () => {
    const others = await requestAccess(world)
    const own = await requestAccess(world, { person_id: 'MANAGER01' })
    const manager01 = await signIn(world, 'manager01')
    await manager01.get(paths.approvals('MANAGER01'))
    const page = await manager01.post(paths.approvals('MANAGER01'), {
      ...fields(others, 1),
      ...fields(own, 1),
    })
    expect(page.status).toBe(403)
    expect(page.field('Disposition')).toBe('APPROVED')
    for (const id of [others, own]) expect((await accessNow(world, id)).decision).toBeNull()
  })

  test('where nobody is left, operators are told at once, and silence approves nothing', async () => {
    const id = await requestAccess(world, { person_id: 'MANAGER03', asset_id: '20000-DEV' })
    expect((await accessNow(world, id)).escalated_at).toBe(world.clock.instant())
    const mails = await world.mails()
    expect(mails.map(mail => [mail.to_person, mail.template])).toEqual([
      ['OPERATOR01', 'access-escalated'],
      ['MANAGER03', 'access-sent'],
    ])
    expect(mails[1]?.body).toContain('so the operators have been asked')
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'OPERATOR01')
      .execute()
    const nobody = await requestAccess(world, {
      person_id: 'MANAGER03',
      asset_id: '20000-DEV',
      access_type: 'client-communications-center',
    })
    expect((await world.mails()).at(-1)?.body).toContain('Nobody may decide about it at the moment.')
    expect(await accessNow(world, nobody)).toMatchObject({ status: 'PROCESSING', decision: null })
  })

  test('what stands in Access Approvals is what the policy lets one decide', async () => {
    const people = ['OPERATOR01', 'MANAGER01', 'MANAGER02', 'MANAGER03', 'USER01', 'USER02'] as const
    const parties = [null, 'OPERATOR01', 'MANAGER01', 'MANAGER02', 'USER01'] as const
    const ids: number[] = []
    for (const person_id of ['USER02', 'MANAGER01'] as const)
      for (const requested_by of parties)
        for (const edited_by of parties)
          for (const escalated_at of [null, world.clock.instant()])
            ids.push(
              await requestAccess(world, {
                person_id,
                requested_by,
                edited_by,
                escalated_at,
                status: 'REMOVED',
              }),
            )
    await goAway(world, 'USER01', 'MANAGER02')
    // A person has one open request at a time: each is opened, looked at and closed again.
    const { db, clock } = world.deps
    for (const id of ids) {
      await setAccess(world, id, { status: 'PROCESSING' })
      const subject = await subjectOf(db, { clock }, await accessNow(world, id))
      for (const person of people) {
        const actor = world.actor(person)
        const listed = await stillWaiting(db, actor, clock.now().toISOString(), [id])
        expect([person, subject, listed.length > 0]).toEqual([
          person,
          subject,
          can(actor, 'access.approve', subject),
        ])
      }
      await setAccess(world, id, { status: 'REMOVED' })
    }
  })
})
