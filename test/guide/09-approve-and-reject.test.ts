import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { accessNow, decisionLinkOf, requestAccess } from '../support/access-requests.ts'
import { mailWords, openRecord } from '../support/access-tool.ts'
import { accessState } from '../support/accesses.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { requestOn, typeAccesses } from '../support/manage-access.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

const portal = 'Self-Service Portal'

describe.each(engines)('How to Approve / Reject an Access Request (%s)', engine => {
  let world: World
  let manager01: Agent
  let page: ShownPage
  beforeAll(async () => {
    world = await createWorld(engine)
    manager01 = await signIn(world, 'manager01')
  })
  afterAll(() => world.close())

  /** Disposition and Reviewer Comments of several rows, and Save. */
  const decide = (rows: Readonly<Record<number, readonly [string, string?]>>) =>
    manager01.post(
      paths.approvals('MANAGER01'),
      Object.fromEntries(
        Object.entries(rows).flatMap(([id, [disposition, comments = '']]) => [
          [`version-${id}`, '1'],
          [`disposition-${id}`, disposition],
          [`comments-${id}`, comments],
        ]),
      ),
    )

  test('managers receive an email when a user submits a request', async () => {
    const user02 = await signIn(world, 'user02')
    await requestOn(user02, 'USER02', { asset: '10000-DEV', type: 'portal', justification: 'For 10000-DEV' })
    const second = await typeAccesses(user02, 'USER02', { asset: '10000-PRD', type: 'portal' })
    expect(second.text).toContain('It is not necessary to request access for each asset.')
    await user02.press(await user02.press(second, 'OK'), 'Save')
    expect(mailWords(await world.mails())).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^manager01@example\.com: .*10000-DEV/),
        expect.stringMatching(/^manager02@example\.com: .*10000-PRD/),
      ]),
    )
  })

  test('2. and 3. select your Login ID, and proceed to Access Approvals', async () => {
    page = await openRecord(manager01, 'manager01@example.com', 'Access Approvals')
    const rows = page.table('Access Requests table').filter(row => row.length > 1)
    expect(rows.map(row => row.slice(1, 5))).toEqual([
      ['USER02', '10000-DEV', portal, 'PROCESSING'],
      ['USER02', '10000-PRD', portal, 'PROCESSING'],
    ])
  })

  test('4. the twistie opens the details', () => {
    const twisties = page.main.querySelectorAll('summary').map(one => one.textContent.trim())
    expect(twisties).toContain(`Details of USER02, 10000-DEV, ${portal}`)
    expect(page.text).toContain('For 10000-DEV')
  })

  test('5. REJECTED needs comments, and without them nothing of the Save is applied', async () => {
    const [first, second] = await waiting(world)
    const again = await decide({ [first ?? 0]: ['APPROVED'], [second ?? 0]: ['REJECTED'] })
    expect(again.status).toBe(422)
    expect(again.problems.join()).toContain('Say why it is REJECTED')
    expect((await accessNow(world, first ?? 0)).decision).toBeNull()
  })

  test('6. one Save processes all; requesters are mailed when rejected, or when it is granted', async () => {
    const [first = 0, second = 0] = await waiting(world)
    const before = (await world.mails()).length
    const saved = await decide({ [first]: ['APPROVED'], [second]: ['REJECTED', 'DEV is enough.'] })
    expect(saved.flash).toContain('Saved: 1 APPROVED, 1 REJECTED.')
    expect(saved.text).toContain('No access request waits for you.')
    expect([await accessState(world, first), await accessState(world, second)]).toEqual([
      'PROCESSING, PROVISIONING',
      'REJECTED',
    ])
    await workOff(world)
    expect(await accessState(world, first)).toBe('APPROVED')
    const told = (await world.mails()).slice(before).filter(mail => mail.to_person === 'USER02')
    expect(told.map(mail => mail.template)).toEqual(['access-decided', 'access-granted'])
    expect(told.some(mail => mail.body.includes('DEV is enough.'))).toBe(true)
  })

  test('the link of the mail leads to the decision, through sign-in, and works once', async () => {
    const id = await requestAccess(world, { asset_id: '10000-TST' })
    const link = await decisionLinkOf(world, 'MANAGER02')
    const manager02 = visitor(world)
    const asked = await manager02.get(link)
    expect(asked.heading).toBe('Sign in')
    const decision = await manager02.fillIn(
      asked,
      { 'Login ID': 'manager02@example.com', Password: testPassword },
      'Sign in',
    )
    expect(decision.text).toContain('Month end')
    expect((await accessNow(world, id)).decision).toBeNull()
    const done = await manager02.fillIn(decision, { Disposition: 'APPROVED' }, 'Save')
    expect(done.flash).toBe(`Saved: USER02, 10000-TST, ${portal} is APPROVED.`)
    const twice = await manager02.get(link)
    expect([twice.status, twice.text]).toEqual([410, expect.stringContaining('Manager 02')])
  })

  test('nobody decides about their own', async () => {
    const id = await requestAccess(world, { person_id: 'MANAGER01', asset_id: '10000-TST' })
    page = await openRecord(manager01, 'manager01@example.com', 'Access Approvals')
    expect(page.text).toContain('1 access request waits for another manager or the operators')
    expect(page.buttons).not.toContain('Save')
    const refused = await decide({ [id]: ['APPROVED'] })
    expect(refused.status).toBe(403)
    expect((await accessNow(world, id)).decision).toBeNull()
  })
})

const waiting = async ({ deps }: World): Promise<number[]> =>
  (
    await deps.db
      .selectFrom('accesses')
      .where('status', '=', 'PROCESSING')
      .where('decision', 'is', null)
      .select('id')
      .orderBy('asset_id')
      .execute()
  ).map(row => row.id)
