import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { retireAsset } from '../../src/assets/retire-asset.ts'
import { openOnAsset, shownOf } from '../../src/assets/take-away-asset.ts'
import { days, minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import {
  accessNow,
  accessTrail,
  decisionLinkOf,
  editRequest,
  requestAccess,
  setAccess,
} from '../support/access-requests.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

describe.each(engines)('the decision link of a mail (%s)', engine => {
  let world: World
  let manager01: Agent
  let id: number
  let link: string
  beforeEach(async () => {
    world = await createWorld(engine)
    manager01 = await signIn(world, 'manager01')
    id = await requestAccess(world)
    link = await decisionLinkOf(world, 'MANAGER01')
  })
  afterEach(() => world.close())

  const links = () => world.deps.db.selectFrom('link_tokens').selectAll().orderBy('token_hash').execute()
  const token = () => link.replace('/decision/', '')

  test('each manager who may decide gets their own, the requester is told who they are', async () => {
    const mails = await world.mails()
    expect(mails.map(mail => [mail.to_person, mail.template])).toEqual([
      ['MANAGER01', 'access-requested'],
      ['MANAGER02', 'access-requested'],
      ['USER02', 'access-sent'],
    ])
    expect(new Set(mails.slice(0, 2).map(mail => mail.link)).size).toBe(2)
    const text = mails[0]?.body ?? ''
    for (const fact of ['User 02 (USER02)', '10000-DEV', 'Self-Service Portal', 'Month end', '{{link}}'])
      expect(text).toContain(fact)
    expect(mails[2]?.body).toContain('Manager 01 (MANAGER01) or Manager 02 (MANAGER02) may decide about it.')
    expect(mails[2]?.link).toBeNull()
  })

  test('shows the request, decides by Save, and works once', async () => {
    const page = await manager01.get(link)
    expect(page.heading).toBe('Decide about an access request')
    expect(page.text).toContain('Month end')
    expect(page.headers['referrer-policy']).toBe('no-referrer')
    expect(page.headers['cache-control']).toBe('no-store')
    const saved = await manager01.fillIn(
      page,
      { Disposition: 'APPROVED', 'Reviewer Comments': 'Go on.' },
      'Save',
    )
    expect(saved.path).toBe(paths.approvals('MANAGER01'))
    expect(saved.flash).toBe('Saved: USER02, 10000-DEV, Self-Service Portal is APPROVED.')
    expect(await accessNow(world, id)).toMatchObject({
      decision: 'APPROVED',
      decided_by: 'MANAGER01',
      reviewer_comments: 'Go on.',
      pending_status: 'PROVISIONING',
    })
    const again = await manager01.get(link)
    expect(again.status).toBe(410)
    expect(again.text).toMatch(/Manager 01 \(MANAGER01\) decided APPROVED on Monday 2 March 2026/)
    const manager02 = await signIn(world, 'manager02')
    const theirs = await manager02.get(await decisionLinkOf(world, 'MANAGER02'))
    expect([theirs.status, theirs.text]).toEqual([410, expect.stringContaining('decided APPROVED')])
    expect((await links()).every(row => row.used_at !== null)).toBe(true)
  })

  test('a wrong form uses nothing up', async () => {
    const empty = await manager01.press(link, 'Save')
    expect([empty.status, empty.problems.length]).toEqual([422, 1])
    const page = await manager01.fillIn(link, { Disposition: 'REJECTED' }, 'Save')
    expect(page.errorOf('Reviewer Comments')).toContain('Say why')
    await manager01.fillIn(page, { 'Reviewer Comments': 'No.' }, 'Save')
    expect((await accessNow(world, id)).status).toBe('REJECTED')
  })

  test('a mail scanner changes nothing, neither by looking nor by sending the form it sees', async () => {
    const before = [await links(), await accessNow(world, id)]
    const scanner = visitor(world)
    for (let i = 0; i < 3; i++) expect((await scanner.get(link)).heading).toBe('Sign in')
    const sent = await scanner.post(link, {
      [`version-${id}`]: '1',
      [`disposition-${id}`]: 'APPROVED',
    })
    expect(sent.heading).toBe('Sign in')
    expect((await scanner.send('POST', link, { [`disposition-${id}`]: 'APPROVED' })).status).toBe(403)
    expect([await links(), await accessNow(world, id)]).toEqual(before)
  })

  test('who is signed out signs in first and comes back, and the link is in no other address', async () => {
    const someone = visitor(world)
    const asked = await someone.send('GET', link)
    expect([asked.status, asked.heading, asked.location]).toEqual([200, 'Sign in', null])
    expect(asked.headers['referrer-policy']).toBe('no-referrer')
    const page = await someone.fillIn(
      asked,
      { 'Login ID': 'manager01@example.com', Password: testPassword },
      'Sign in',
    )
    expect([page.path, page.heading]).toEqual([link, 'Decide about an access request'])
  })

  test('another person can’t use it, whoever they are', async () => {
    for (const name of ['manager02', 'user02', 'manager03', 'operator01']) {
      const agent = await signIn(world, name)
      const page = await agent.get(link)
      expect([name, page.status, page.heading]).toEqual([name, 404, 'This link is somebody else’s'])
      expect(page.text).not.toContain('10000-DEV')
      const sent = await agent.post(link, { [`version-${id}`]: '1', [`disposition-${id}`]: 'APPROVED' })
      expect([name, sent.status]).toEqual([name, 404])
    }
    expect((await accessNow(world, id)).decision).toBeNull()
  })

  test('it expires after 14 days, and leads to Access Approvals', async () => {
    world.clock.advance(days(14) + 1)
    const later = await signIn(world, 'manager01')
    const page = await later.get(link)
    expect([page.status, page.heading]).toEqual([410, 'This link can’t be used any more'])
    expect(page.text).toContain('The link has expired.')
    expect(page.link('Access Approvals')).toBe(paths.approvals('MANAGER01'))
  })

  test('a change of the request voids it: the old one says so, the new one works', async () => {
    world.clock.advance(minutes(1))
    await editRequest(world, id, 'USER02', 'Something different')
    const page = await manager01.get(link)
    expect(page.status).toBe(410)
    expect(page.text).toContain('User 02 (USER02) changed the request on')
    expect(page.link('Access Approvals')).toBe(paths.approvals('MANAGER01'))
    const newest = (await world.mails()).filter(mail => mail.to_person === 'MANAGER01').at(-1)
    expect(newest?.subject).toContain('Changed access request')
    const fresh = await manager01.get(await decisionLinkOf(world, 'MANAGER01'))
    expect(fresh.text).toContain('Something different')
    await manager01.fillIn(fresh, { Disposition: 'APPROVED' }, 'Save')
    expect((await accessNow(world, id)).decision).toBe('APPROVED')
  })

  test('a change while its page is open: nothing is decided, and the form goes on with what it is now', async () => {
    const open = await manager01.get(link)
    world.clock.advance(minutes(1))
    await editRequest(world, id, 'USER02', 'Something different')
    const page = await manager01.fillIn(open, { Disposition: 'APPROVED', 'Reviewer Comments': 'Yes' }, 'Save')
    expect(page.status).toBe(409)
    expect(page.text).toContain('Something different')
    expect(page.problems.join(' ')).toContain('Nothing was decided.')
    expect([page.field('Disposition'), page.field('Reviewer Comments')]).toEqual(['', 'Yes'])
    expect((await accessNow(world, id)).decision).toBeNull()
    const saved = await manager01.fillIn(page, { Disposition: 'APPROVED' }, 'Save')
    expect(saved.flash).toContain('1 APPROVED')
    expect(await accessNow(world, id)).toMatchObject({ decision: 'APPROVED', reviewer_comments: 'Yes' })
  })

  test('decided while its page is open: says who decided when', async () => {
    const open = await manager01.get(link)
    const manager02 = await signIn(world, 'manager02')
    await manager02.fillIn(await decisionLinkOf(world, 'MANAGER02'), { Disposition: 'APPROVED' }, 'Save')
    const page = await manager01.fillIn(
      open,
      { Disposition: 'REJECTED', 'Reviewer Comments': 'Too late.' },
      'Save',
    )
    expect(page.status).toBe(410)
    expect(page.text).toContain('Manager 02 (MANAGER02) decided APPROVED')
    expect(await accessTrail(world, id)).toEqual(['approved'])
  })

  test('of two managers at the same moment one decides', async () => {
    const manager02 = await signIn(world, 'manager02')
    const open: [Agent, ShownPage, string][] = [
      [manager01, await manager01.get(link), 'APPROVED'],
      [manager02, await manager02.get(await decisionLinkOf(world, 'MANAGER02')), 'REJECTED'],
    ]
    const pages = await Promise.all(
      open.map(([agent, page, disposition]) =>
        agent.fillIn(page, { Disposition: disposition, 'Reviewer Comments': 'So.' }, 'Save'),
      ),
    )
    expect(pages.map(page => page.status).sort()).toEqual([200, 410])
    const trail = await accessTrail(world, id)
    expect(trail).toHaveLength(1)
    const decided = await accessNow(world, id)
    expect(trail).toEqual([decided.decision?.toLowerCase()])
  })

  test('of two Saves with the same link at the same moment one decides', async () => {
    const other = await signIn(world, 'manager01')
    const open: [Agent, ShownPage][] = [
      [manager01, await manager01.get(link)],
      [other, await other.get(link)],
    ]
    await Promise.all(open.map(([agent, page]) => agent.fillIn(page, { Disposition: 'APPROVED' }, 'Save')))
    expect(await accessTrail(world, id)).toEqual(['approved'])
    const jobs = await world.deps.db
      .selectFrom('jobs')
      .select('id')
      .where('name', '=', 'work on access')
      .execute()
    expect(jobs).toHaveLength(1)
  })

  test('who decides no longer sees nothing, and a withdrawn request says what became of it', async () => {
    await setAccess(world, id, {
      status: 'REMOVED',
      removed_at: world.clock.instant(),
      reason: 'Withdrawn by User 02.',
    })
    expect((await manager01.get(link)).text).toContain('Withdrawn by User 02.')
    await world.deps.db
      .updateTable('persons')
      .set({ role: 'STD_USER', managing_customer_id: null })
      .where('id', '=', 'MANAGER01')
      .execute()
    const page = await manager01.get(link)
    expect(page.status).toBe(404)
    expect(page.text).not.toContain('Withdrawn')
  })

  test('an environment that is retired while the page is open: the request is REJECTED, and the page says why', async () => {
    const open = await manager01.get(link)
    const there = await openOnAsset(world.deps.db, '10000-DEV')
    if (!there) throw new Error('10000-DEV is gone.')
    const away = await retireAsset(world.deps, world.actor('OPERATOR01'), '10000-DEV', shownOf(there))
    expect(away.ok).toBe(true)
    const page = await manager01.fillIn(open, { Disposition: 'APPROVED' }, 'Save')
    expect([page.status, page.heading]).toEqual([410, 'This request waits for nobody any more'])
    expect(page.text).toMatch(/It was REJECTED on Monday 2 March 2026, .* retired/)
    expect((await accessNow(world, id)).status).toBe('REJECTED')
  })

  test('once approved, the access is granted, and only then there is a mail about it', async () => {
    await manager01.fillIn(link, { Disposition: 'APPROVED' }, 'Save')
    const templates = async () => (await world.mails()).map(mail => mail.template)
    expect(await templates()).not.toContain('access-granted')
    await workOff(world)
    expect(await accessNow(world, id)).toMatchObject({ status: 'APPROVED', pending_status: null })
    expect(await templates()).toContain('access-granted')
  })

  test('nonsense in its place is no link', async () => {
    for (const path of ['/decision/x', `/decision/${'9'.repeat(3000)}`, '/decision/%00'])
      expect((await manager01.get(path)).status).toBe(404)
  })

  test('it sets no password, and one’s new password leaves it as it is', async () => {
    const page = await visitor(world).get(paths.link(token()))
    expect(page.status).toBe(404)
    await visitor(world).fillIn(paths.forgotten(), { 'Login ID': 'manager01@example.com' }, 'Send link')
    const reset = (await world.mails()).findLast(mail => mail.template === 'reset')?.link ?? ''
    const phrase = 'a quite different phrase'
    await visitor(world).fillIn(
      reset.replace(world.config.PUBLIC_URL, ''),
      { 'New Password': phrase, 'New Password again': phrase },
      'Set password',
    )
    const anew = await signIn(world, 'manager01', phrase)
    expect((await anew.get(link)).status).toBe(200)
  })

  test('a form sent after the session ended comes back on Access Approvals, and keeps no link', async () => {
    const open = await manager01.get(link)
    world.clock.advance(minutes(61))
    const asked = await manager01.fillIn(
      open,
      { Disposition: 'REJECTED', 'Reviewer Comments': 'Kept' },
      'Save',
    )
    expect(asked.heading).toBe('Sign in')
    expect(asked.path).not.toContain(token())
    const kept = await world.deps.db.selectFrom('kept_forms').selectAll().execute()
    expect(JSON.stringify(kept)).not.toContain(token())
    const back = await manager01.fillIn(
      asked,
      { 'Login ID': 'manager01@example.com', Password: testPassword },
      'Sign in',
    )
    expect(back.heading).toBe('Manager 01')
    expect([back.field('Disposition'), back.field('Reviewer Comments')]).toEqual(['REJECTED', 'Kept'])
    expect((await accessNow(world, id)).decision).toBeNull()
    await manager01.press(back, 'Save')
    expect((await accessNow(world, id)).status).toBe('REJECTED')
  })

  test('the token stands in no table and no log line', async () => {
    const lines: string[] = []
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk))
        done()
      },
    })
    world.deps.log = pino({ level: 'trace' }, sink)
    const logged = await signIn(world, 'manager01')
    await visitor(world).get(link)
    await logged.fillIn(link, { Disposition: 'APPROVED' }, 'Save')
    await logged.get(link)
    expect(lines.join('')).toContain('/decision/…')
    expect(lines.join('')).not.toContain(token())
    for (const table of ['link_tokens', 'audit_events', 'kept_forms', 'recent_pages', 'accesses'] as const)
      expect(JSON.stringify(await world.deps.db.selectFrom(table).selectAll().execute())).not.toContain(
        token(),
      )
  })

  test('there is one pending link for each who may decide', async () => {
    await editRequest(world, id, 'USER02', 'Again')
    await editRequest(world, id, 'USER02', 'And again')
    const pending = (await links()).filter(row => row.used_at === null)
    expect(pending.map(row => row.person_id).sort()).toEqual(['MANAGER01', 'MANAGER02'])
  })
})
