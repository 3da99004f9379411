import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lookAfterApprovals } from '../../src/access/look-after-approvals.ts'
import { days, hours, minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import {
  accessNow,
  accessTrail,
  decisionLinkOf,
  editRequest,
  goAway,
  requestAccess,
} from '../support/access-requests.ts'
import { signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

/** What happens while nobody decides, by the default intervals: 48, 72, 120 and 336 hours. */
describe.each(engines)('a request that nobody decides (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const tick = () => lookAfterApprovals(world.deps)
  let seen = 0
  /** To whom which mails went since it was asked last. */
  async function mailed(): Promise<string[]> {
    const mails = await world.mails()
    const words = mails.slice(seen).map(mail => `${mail.to_person} ${mail.template}`)
    seen = mails.length
    return words
  }
  async function requested(over: Parameters<typeof requestAccess>[1] = {}) {
    seen = 0
    const id = await requestAccess(world, over)
    await mailed()
    return id
  }

  test('is reminded of, asked of all again, escalated and rejected, each once', async () => {
    const id = await requested()
    world.clock.advance(hours(48) - 1)
    await tick()
    expect(await mailed()).toEqual([])
    world.clock.advance(1)
    await tick()
    await tick()
    expect(await mailed()).toEqual([
      'MANAGER01 access-reminder',
      'MANAGER02 access-reminder',
      'USER02 access-waiting',
    ])
    world.clock.advance(hours(24))
    await tick()
    await tick()
    expect(await mailed()).toEqual([
      'MANAGER01 access-reminder',
      'MANAGER02 access-reminder',
      'USER02 access-waiting',
    ])
    world.clock.advance(hours(48))
    await tick()
    await tick()
    expect(await mailed()).toEqual(['OPERATOR01 access-escalated', 'USER02 access-waiting'])
    expect(await accessNow(world, id)).toMatchObject({ status: 'PROCESSING', decision: null, version: 1 })
    world.clock.advance(hours(216) - 1)
    await tick()
    expect(await mailed()).toEqual([])
    world.clock.advance(1)
    await tick()
    await tick()
    expect(await mailed()).toEqual(['USER02 access-decided'])
    expect(await accessNow(world, id)).toMatchObject({
      status: 'REJECTED',
      decision: 'REJECTED',
      decided_by: null,
      reason: 'Expired: nobody decided by Monday 16 March 2026, 09:00 UTC',
    })
    expect(await accessTrail(world, id)).toEqual(['escalated', 'expired'])
    const open = await world.deps.db
      .selectFrom('link_tokens')
      .select('used_at')
      .where('used_at', 'is', null)
      .execute()
    expect(open).toEqual([])
  })

  test('tells who it is for as well', async () => {
    await requested({ person_id: 'USER01', requested_by: 'USER02', asset_id: '10000-TST' })
    world.clock.advance(days(14))
    await tick()
    expect(await mailed()).toEqual(['USER01 access-decided', 'USER02 access-decided'])
    expect((await world.mails()).at(-1)?.body).toContain('Expired: nobody decided by')
  })

  test('is asked of who stands in for a manager who is away', async () => {
    await goAway(world, 'MANAGER02', 'MANAGER01')
    await requested()
    const first = (await world.mails()).find(mail => mail.to_person === 'MANAGER01')
    expect(first?.body).toMatch(
      /You stand in for Manager 02 \(MANAGER02\), who is away until Wednesday 1 April 2026/,
    )
    world.clock.advance(hours(72))
    await tick()
    expect(await mailed()).toEqual(['MANAGER01 access-reminder', 'USER02 access-waiting'])
    expect((await world.mails()).at(-1)?.body).toContain('who stands in: Manager 01 (MANAGER01)')
    world.clock.advance(minutes(1))
    await tick()
    expect(await mailed()).toEqual([])
  })

  test('after a time in which nothing ran, gets the step that is due and not all of them', async () => {
    await requested()
    world.clock.advance(hours(130))
    await tick()
    expect(await mailed()).toEqual(['OPERATOR01 access-escalated', 'USER02 access-waiting'])
    await tick()
    expect(await mailed()).toEqual([])
  })

  test('links of earlier mails are replaced by those of the reminder, and what was shown has not changed', async () => {
    const id = await requested()
    const first = await decisionLinkOf(world, 'MANAGER01')
    world.clock.advance(hours(48))
    const manager01 = await signIn(world, 'manager01')
    const open = await manager01.get(paths.approvals('MANAGER01'))
    await tick()
    expect((await manager01.get(first)).text).toContain(
      'A newer mail about the same request has replaced the link.',
    )
    expect((await manager01.get(await decisionLinkOf(world, 'MANAGER01'))).status).toBe(200)
    const saved = await manager01.fillIn(open, { Disposition: 'APPROVED' }, 'Save')
    expect(saved.flash).toContain('1 APPROVED')
    expect((await accessNow(world, id)).decision).toBe('APPROVED')
  })

  test('goes to operators at the next look when the last manager who may decide is gone', async () => {
    const id = await requested({ requested_by: 'MANAGER01' })
    await tick()
    expect(await mailed()).toEqual([])
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'MANAGER02')
      .execute()
    await tick()
    await tick()
    expect(await mailed()).toEqual([
      'OPERATOR01 access-escalated',
      'MANAGER01 access-waiting',
      'USER02 access-waiting',
    ])
    expect((await world.mails()).find(mail => mail.to_person === 'OPERATOR01')?.body).toContain(
      'No manager of the customer may decide',
    )
    const operator = await signIn(world, 'operator01')
    await operator.fillIn(paths.approvals('OPERATOR01'), { Disposition: 'APPROVED' }, 'Save')
    expect(await accessNow(world, id)).toMatchObject({ decision: 'APPROVED', decided_by: 'OPERATOR01' })
  })

  test('with operators only, reminds them', async () => {
    await requested({ person_id: 'MANAGER03', asset_id: '20000-DEV' })
    world.clock.advance(hours(48))
    await tick()
    expect(await mailed()).toEqual(['OPERATOR01 access-reminder', 'MANAGER03 access-waiting'])
  })

  test('whoever goes on changing it gains no time', async () => {
    const id = await requested()
    world.clock.advance(days(13))
    await editRequest(world, id, 'USER02', 'Still needed')
    world.clock.advance(days(1))
    await tick()
    expect((await accessNow(world, id)).status).toBe('REJECTED')
  })

  test('what is decided is left alone, and granted or waiting for its grant never expires', async () => {
    const id = await requested()
    const manager01 = await signIn(world, 'manager01')
    await manager01.fillIn(paths.approvals('MANAGER01'), { Disposition: 'APPROVED' }, 'Save')
    await mailed()
    world.clock.advance(days(30))
    await tick()
    expect(await mailed()).toEqual([])
    expect(await accessNow(world, id)).toMatchObject({ status: 'PROCESSING', pending_status: 'PROVISIONING' })
  })

  test('two nodes at the same moment mail once', async () => {
    await requested()
    for (const step of [hours(48), hours(24), hours(48), hours(216)]) {
      world.clock.advance(step)
      await Promise.all([tick(), tick(), tick()])
      const words = await mailed()
      expect(new Set(words).size).toBe(words.length)
      expect(words.length).toBeGreaterThan(0)
    }
  })

  test('the intervals are settings', async () => {
    await world.deps.db
      .insertInto('settings')
      .values([
        { name: 'approval_reminder_hours', value: '1' },
        { name: 'approval_expiry_hours', value: '2' },
        { name: 'approval_escalation_hours', value: '2' },
        { name: 'approval_stand_in_hours', value: '2' },
      ])
      .execute()
    const id = await requested()
    world.clock.advance(hours(1))
    await tick()
    expect(await mailed()).toHaveLength(3)
    world.clock.advance(hours(1))
    await tick()
    expect((await accessNow(world, id)).status).toBe('REJECTED')
  })

  test('more than one batch is looked at', async () => {
    for (let i = 0; i < 205; i++) {
      const asset = { ...(await template()), id: `10000-Y${String(i).padStart(3, '0')}` }
      await world.deps.db.insertInto('assets').values(asset).execute()
      await requestAccess(world, { asset_id: asset.id })
    }
    world.clock.advance(days(14))
    await tick()
    const left = await world.deps.db
      .selectFrom('accesses')
      .select('id')
      .where('status', '=', 'PROCESSING')
      .execute()
    expect(left).toEqual([])
  })

  const template = () =>
    world.deps.db.selectFrom('assets').selectAll().where('id', '=', '10000-DEV').executeTakeFirstOrThrow()
})
