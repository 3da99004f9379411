import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { accessNow, accessTrail, editRequest, requestAccess, setAccess } from '../support/access-requests.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

const mine = paths.approvals('MANAGER01')

describe.each(engines)('Access Approvals (%s)', engine => {
  let world: World
  let manager01: Agent
  beforeEach(async () => {
    world = await createWorld(engine)
    manager01 = await signIn(world, 'manager01')
  })
  afterEach(() => world.close())

  const table = async (agent: Agent, path = mine) =>
    (await agent.get(path)).table('Access Requests table').filter(row => row.length > 1)
  const fields = (id: number, disposition: string, comments = '', version = 1) => ({
    [`version-${id}`]: String(version),
    [`disposition-${id}`]: disposition,
    [`comments-${id}`]: comments,
  })

  test('has a row for each request, and everything to decide by behind its twistie', async () => {
    await requestAccess(world, { justification: 'Month end\nand <b>year</b> end' })
    const page = await manager01.get(mine)
    expect(page.heading).toBe('Manager 01')
    expect((await table(manager01))[0]?.slice(1)).toEqual([
      'USER02',
      '10000-DEV',
      'Self-Service Portal',
      'PROCESSING',
      '',
    ])
    expect((await table(manager01))[0]?.[0]).toBe('Details of USER02, 10000-DEV, Self-Service Portal')
    expect(page.text).toContain('and <b>year</b> end')
    expect(page.document.querySelector('tbody tr td summary')?.text.trim()).toBe(
      'Details of USER02, 10000-DEV, Self-Service Portal',
    )
    expect(page.buttons.filter(name => name === 'Save')).toEqual(['Save', 'Save'])
  })

  test('APPROVED leaves the list at once and is PROVISIONING until the access is there', async () => {
    const id = await requestAccess(world)
    const page = await manager01.fillIn(mine, { Disposition: 'APPROVED' }, 'Save')
    expect(page.flash).toBe(
      'Saved: 1 APPROVED. What was approved is being provisioned; a mail goes out when it is there.',
    )
    expect(await table(manager01)).toEqual([])
    expect(await accessNow(world, id)).toMatchObject({
      status: 'PROCESSING',
      pending_status: 'PROVISIONING',
      decision: 'APPROVED',
      decided_by: 'MANAGER01',
      version: 2,
    })
    expect(await accessTrail(world, id)).toEqual(['approved'])
    const jobs = await world.deps.db.selectFrom('jobs').select(['name', 'payload']).execute()
    expect(jobs.map(job => [job.name, JSON.parse(job.payload)])).toContainEqual([
      'work on access',
      { accessId: id },
    ])
    expect((await world.mails()).map(mail => mail.template)).not.toContain('access-decided')
  })

  test('REJECTED needs comments, which the requester reads', async () => {
    const id = await requestAccess(world)
    const page = await manager01.fillIn(mine, { Disposition: 'REJECTED' }, 'Save')
    expect(page.status).toBe(422)
    expect(page.errorOf('Reviewer Comments')).toBe(
      'Say why it is REJECTED: the requester is told in your words.',
    )
    expect(page.field('Disposition')).toBe('REJECTED')
    expect(page.document.querySelector('tbody details[open]')).not.toBeNull()
    const saved = await manager01.fillIn(page, { 'Reviewer Comments': 'Ask again in June.' }, 'Save')
    expect(saved.flash).toBe('Saved: 1 REJECTED.')
    expect(await accessNow(world, id)).toMatchObject({
      status: 'REJECTED',
      pending_status: null,
      reason: 'Ask again in June.',
      reviewer_comments: 'Ask again in June.',
    })
    const mails = (await world.mails()).filter(mail => mail.template === 'access-decided')
    expect(mails.map(mail => mail.to_person)).toEqual(['USER02'])
    expect(mails[0]?.body).toContain('Ask again in June.')
    expect(mails[0]?.body).toContain('REJECTED by Manager 01')
  })

  test('who it is for is told as well, once', async () => {
    await requestAccess(world, { person_id: 'USER01', requested_by: 'USER02', asset_id: '10000-TST' })
    await manager01.fillIn(mine, { Disposition: 'REJECTED', 'Reviewer Comments': 'No.' }, 'Save')
    const mails = (await world.mails()).filter(mail => mail.template === 'access-decided')
    expect(mails.map(mail => mail.to_person)).toEqual(['USER01', 'USER02'])
  })

  test('comments have 4,000 characters, and stay when there are more', async () => {
    await requestAccess(world)
    const long = 'x'.repeat(4001)
    const page = await manager01.fillIn(mine, { Disposition: 'APPROVED', 'Reviewer Comments': long }, 'Save')
    expect(page.status).toBe(422)
    expect(page.errorOf('Reviewer Comments')).toContain('4001 characters. Use at most 4000.')
    expect(page.field('Reviewer Comments')).toBe(long)
    const right = await manager01.fillIn(page, { 'Reviewer Comments': 'x'.repeat(4000) }, 'Save')
    expect(right.status).toBe(200)
  })

  test('one Save takes several decisions', async () => {
    const one = await requestAccess(world)
    const two = await requestAccess(world, { asset_id: '10000-TST' })
    const three = await requestAccess(world, { asset_id: '10000-PRD' })
    await manager01.get(mine)
    const page = await manager01.post(mine, {
      ...fields(one, 'APPROVED'),
      ...fields(two, 'REJECTED', 'One is enough.'),
      ...fields(three, ''),
    })
    expect(page.flash).toContain('Saved: 1 APPROVED, 1 REJECTED.')
    expect((await table(manager01)).map(row => row[2])).toEqual(['10000-PRD'])
  })

  test('says when nothing was chosen, and when something was written without choosing', async () => {
    const id = await requestAccess(world)
    const alone = await manager01.press(mine, 'Save')
    expect(alone.errorOf('Disposition')).toBe('Nothing was decided: choose a Disposition.')
    const other = await requestAccess(world, { asset_id: '10000-PRD' })
    expect((await manager01.press(mine, 'Save')).problems).toEqual([
      'Nothing was decided: choose a Disposition for at least one request.',
    ])
    await setAccess(world, other, { status: 'REMOVED' })
    const page = await manager01.fillIn(mine, { 'Reviewer Comments': 'Hm.' }, 'Save')
    expect(page.errorOf('Disposition')).toContain('Choose a Disposition, or clear the Reviewer Comments')
    expect(page.field('Reviewer Comments')).toBe('Hm.')
    const again = await requestAccess(world, { asset_id: '10000-TST' })
    const written = await manager01.post(mine, { ...fields(id, ''), ...fields(again, '', 'Hm.') })
    expect(written.problems).toEqual([
      'USER02, 10000-TST, Self-Service Portal: Choose a Disposition, or clear the Reviewer Comments: nothing was decided yet.',
    ])
    const wrong = await manager01.post(mine, fields(id, 'MAYBE'))
    expect(wrong.status).toBe(422)
    expect((await accessNow(world, id)).decision).toBeNull()
  })

  test('one that was decided meanwhile stops all of them, says who decided, and the rest stays filled in', async () => {
    const one = await requestAccess(world)
    const two = await requestAccess(world, { asset_id: '10000-TST' })
    await manager01.get(mine)
    const manager02 = await signIn(world, 'manager02')
    await manager02.fillIn(paths.approvals('MANAGER02'), { Disposition: 'APPROVED' }, 'Save')
    const page = await manager01.post(mine, {
      ...fields(one, 'REJECTED', 'Not now.'),
      ...fields(two, 'REJECTED', 'Nor this.'),
    })
    expect(page.status).toBe(409)
    expect(page.problems.join(' ')).toMatch(
      /USER02, 10000-DEV, Self-Service Portal: Manager 02 \(MANAGER02\) decided APPROVED on Monday 2 March 2026/,
    )
    expect(page.text).toContain('Your Reviewer Comments were not saved: Not now.')
    expect(page.field('Disposition')).toBe('REJECTED')
    expect(page.field('Reviewer Comments')).toBe('Nor this.')
    expect((await accessNow(world, two)).decision).toBeNull()
    const saved = await manager01.press(page, 'Save')
    expect(saved.flash).toBe('Saved: 1 REJECTED.')
    expect(await accessNow(world, one)).toMatchObject({ decision: 'APPROVED', decided_by: 'MANAGER02' })
    expect((await accessNow(world, two)).status).toBe('REJECTED')
  })

  test('one that was changed while the page was open has to be looked at and chosen again', async () => {
    const id = await requestAccess(world)
    const open = await manager01.get(mine)
    await editRequest(world, id, 'USER02', 'Something quite different')
    const page = await manager01.fillIn(
      open,
      { Disposition: 'APPROVED', 'Reviewer Comments': 'Fine.' },
      'Save',
    )
    expect(page.status).toBe(409)
    expect(page.errorOf('Disposition')).toMatch(
      /User 02 \(USER02\) changed the request on .* You had chosen APPROVED: look at what it is now/,
    )
    expect(page.text).toContain('Something quite different')
    expect([page.field('Disposition'), page.field('Reviewer Comments')]).toEqual(['', 'Fine.'])
    expect((await accessNow(world, id)).decision).toBeNull()
    const saved = await manager01.fillIn(page, { Disposition: 'APPROVED' }, 'Save')
    expect(saved.flash).toContain('1 APPROVED')
    expect((await accessNow(world, id)).reviewer_comments).toBe('Fine.')
  })

  test('pressing Save twice decides once', async () => {
    const id = await requestAccess(world)
    const open = await manager01.get(mine)
    await manager01.fillIn(open, { Disposition: 'APPROVED' }, 'Save')
    const again = await manager01.fillIn(open, { Disposition: 'APPROVED' }, 'Save')
    expect(again.status).toBe(409)
    expect(again.text).toContain('Manager 01 (MANAGER01) decided APPROVED')
    expect(await accessTrail(world, id)).toEqual(['approved'])
  })

  test('is one’s own: of others it is 403, of those one can’t see 404, and not for standard users', async () => {
    const answers: [string, string, number][] = [
      ['manager01', 'MANAGER02', 403],
      ['manager01', 'USER01', 403],
      ['manager01', 'MANAGER03', 404],
      ['manager01', 'OPERATOR01', 404],
      ['manager01', 'NOBODY', 404],
      ['user01', 'USER01', 403],
      ['user01', 'MANAGER01', 404],
      ['operator01', 'MANAGER01', 403],
      ['operator01', 'NOBODY', 404],
    ]
    for (const [name, record, status] of answers) {
      const agent = await signIn(world, name)
      for (const path of [paths.approvals(record), paths.approvalsCsv(record)])
        expect([name, path, (await agent.get(path)).status]).toEqual([name, path, status])
      const sent = await agent.post(paths.approvals(record), { csrf: agent.page?.csrf ?? '' })
      expect([name, record, sent.status]).toEqual([name, record, status])
    }
  })

  test('what belongs to another customer is not there, and can’t be decided by its number', async () => {
    const id = await requestAccess(world, {
      person_id: 'USER03',
      asset_id: '20000-DEV',
      access_type: 'client-communications-center',
    })
    expect(await table(manager01)).toEqual([])
    await manager01.get(mine)
    expect((await manager01.post(mine, fields(id, 'APPROVED'))).status).toBe(404)
    expect((await manager01.post(mine, fields(999_999_999_999_999, 'APPROVED'))).status).toBe(404)
    expect((await accessNow(world, id)).decision).toBeNull()
  })

  test('filters, sorts and downloads', async () => {
    await requestAccess(world, { person_id: 'USER01', asset_id: '10000-TST' })
    await requestAccess(world, {
      asset_id: '10000-PRD',
      access_type: 'client-communications-center',
      justification: '=1+1',
    })
    await requestAccess(world)
    const users = async (query: Record<string, string>) =>
      (await table(manager01, paths.approvals('MANAGER01', query))).map(row => `${row[1]} ${row[2]}`)
    expect(await users({ user: 'user01' })).toEqual(['USER01 10000-TST'])
    expect(await users({ asset: '10000-p' })).toEqual(['USER02 10000-PRD'])
    expect(await users({ access_requested: 'client-communications-center' })).toEqual(['USER02 10000-PRD'])
    expect(await users({ sort: 'asset' })).toEqual([
      'USER02 10000-DEV',
      'USER02 10000-PRD',
      'USER01 10000-TST',
    ])
    expect(await users({ sort: '-access_requested' })).toHaveLength(3)
    expect(await users({ user: 'nobody' })).toEqual([])
    const csv = await manager01.send('GET', paths.approvalsCsv('MANAGER01', { asset: '10000-PRD' }))
    expect(csv.headers['content-type']).toContain('text/csv')
    expect(csv.body.split('\r\n')[1]).toContain(
      "USER02,10000-PRD,Client Communications Center,PROCESSING,,'=1+1",
    )
  })

  test('goes through long lists page by page, and keeps what was filled in on a row of another page', async () => {
    const ids: number[] = []
    for (let i = 0; i < 22; i++) {
      const asset = `10000-X${String(i).padStart(2, '0')}`
      await world.deps.db
        .insertInto('assets')
        .values({
          id: asset,
          customer_id: '10000',
          description: '',
          class: 'NON_PRODUCTION',
          product: 'x',
          time_zone: 'UTC',
          search_text: '',
          created_at: world.clock.instant(),
        })
        .execute()
      ids.push(await requestAccess(world, { asset_id: asset }))
    }
    const first = await manager01.get(mine)
    expect(first.text).toContain('1 - 20 of 22')
    expect((await table(manager01, first.link('Next page'))).map(row => row[2])).toEqual([
      '10000-X20',
      '10000-X21',
    ])
    const last = ids.at(-1) ?? 0
    await manager01.get(mine)
    const page = await manager01.post(mine, fields(last, 'REJECTED'))
    expect(page.status).toBe(422)
    expect(page.table('Access Requests table').filter(row => row.length > 1)).toHaveLength(21)
    expect(page.field('Disposition')).toBe('REJECTED')
  })

  test('a manager who was demoted meanwhile decides nothing', async () => {
    const id = await requestAccess(world)
    const open = await manager01.get(mine)
    await world.deps.db
      .updateTable('persons')
      .set({ role: 'STD_USER', managing_customer_id: null })
      .where('id', '=', 'MANAGER01')
      .execute()
    const page = await manager01.fillIn(open, { Disposition: 'APPROVED' }, 'Save')
    expect(page.status).toBe(403)
    expect((await accessNow(world, id)).decision).toBeNull()
  })

  test('a manager who manages another customer by now, too', async () => {
    const id = await requestAccess(world)
    const open = await manager01.get(mine)
    await world.deps.db
      .updateTable('persons')
      .set({ managing_customer_id: '20000' })
      .where('id', '=', 'MANAGER01')
      .execute()
    const page = await manager01.fillIn(open, { Disposition: 'APPROVED' }, 'Save')
    expect(page.status).toBe(404)
    expect((await accessNow(world, id)).decision).toBeNull()
  })

  test('an environment that belongs to another customer by now, or is retired, can only be REJECTED', async () => {
    const id = await requestAccess(world)
    for (const [moved, words] of [
      [{ customer_id: '20000' }, 'belongs to another customer by now'],
      [{ customer_id: '10000', status: 'RETIRED' as const }, 'has been retired'],
    ] as const) {
      await world.deps.db.updateTable('assets').set(moved).where('id', '=', '10000-DEV').execute()
      const page = await manager01.fillIn(mine, { Disposition: 'APPROVED' }, 'Save')
      expect(page.status).toBe(409)
      expect(page.errorOf('Disposition')).toContain(words)
      expect(page.field('Disposition')).toBe('APPROVED')
    }
    await manager01.fillIn(mine, { Disposition: 'REJECTED', 'Reviewer Comments': 'Moved.' }, 'Save')
    expect((await accessNow(world, id)).status).toBe('REJECTED')
  })

  test('operators see and decide what was escalated only', async () => {
    const operator = await signIn(world, 'operator01')
    const path = paths.approvals('OPERATOR01')
    const id = await requestAccess(world)
    expect(await table(operator, path)).toEqual([])
    await operator.get(path)
    expect((await operator.post(path, fields(id, 'APPROVED'))).status).toBe(403)
    expect((await accessNow(world, id)).decision).toBeNull()
    const lonely = await requestAccess(world, { person_id: 'MANAGER03', asset_id: '20000-DEV' })
    expect((await table(operator, path)).map(row => row[1])).toEqual(['MANAGER03'])
    await operator.fillIn(path, { Disposition: 'APPROVED' }, 'Save')
    expect(await accessNow(world, lonely)).toMatchObject({ decision: 'APPROVED', decided_by: 'OPERATOR01' })
    const manager03 = await signIn(world, 'manager03')
    const meanwhile = await manager03.post(paths.approvals('MANAGER03'), fields(lonely, 'APPROVED'))
    expect(meanwhile.status).toBe(403)
  })

  test('an approved access of a runbook keeps the version that grants it', async () => {
    const { db, clock } = world.deps
    const runbook = async (name: string) => {
      const { id } = await db
        .insertInto('runbooks')
        .values({ name, created_at: clock.now().toISOString() })
        .returning('id')
        .executeTakeFirstOrThrow()
      const version = (number: number) =>
        db
          .insertInto('runbook_versions')
          .values({
            runbook_id: id,
            version: number,
            definition: '{}',
            created_by: null,
            created_at: clock.now().toISOString(),
          })
          .returning('id')
          .executeTakeFirstOrThrow()
      return { id, first: (await version(1)).id, newest: (await version(2)).id, version }
    }
    const grant = await runbook('Grant')
    const removal = await runbook('Remove')
    await db
      .insertInto('access_types')
      .values({
        id: 'vpn',
        name: 'VPN',
        description: '',
        kind: 'runbook',
        scope: 'asset',
        grant_runbook_id: grant.id,
        removal_runbook_id: removal.id,
        created_at: clock.now().toISOString(),
      })
      .execute()
    const id = await requestAccess(world, { access_type: 'vpn' })
    await manager01.fillIn(mine, { Disposition: 'APPROVED' }, 'Save')
    await grant.version(3)
    expect((await accessNow(world, id)).runbook_version_id).toBe(grant.newest)
  })

  test('the Start Center says what waits, to those who may decide', async () => {
    await requestAccess(world)
    const page = await manager01.get(paths.home())
    expect(page.text).toContain('Access requests to decide about')
    expect(page.link('Access Approvals (1)')).toBe(mine)
    const user01 = await signIn(world, 'user01')
    expect((await user01.get(paths.home())).text).not.toContain('Access requests to decide about')
  })
})
