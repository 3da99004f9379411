import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('the Start Center (%s)', engine => {
  let world: World
  let user01: Agent
  let user03: Agent
  let manager01: Agent

  beforeAll(async () => {
    world = await createWorld(engine)
    await addRequests(world.deps.db, [
      requestRow({ summary: 'Mine, new' }),
      requestRow({ status: 'FAILED' }),
      requestRow({ status: 'UNKNOWN', holds_lock: 1, reported_by: 'USER02' }),
      requestRow({ asset_id: '20000-DEV', reported_by: 'USER03', status: 'RESOLVED' }),
    ])
    const post = { message: 'Text', posted_at: world.clock.instant(), expires_at: null, posted_by: null }
    await world.deps.db
      .insertInto('notices')
      .values([
        { ...post, subject: 'For everyone', customer_id: null },
        { ...post, subject: 'For 20000', customer_id: '20000' },
        { ...post, subject: 'Over', customer_id: null, expires_at: '2026-03-01T00:00:00.000Z' },
      ])
      .execute()
    ;[user01, user03, manager01] = await Promise.all([
      signIn(world, 'user01'),
      signIn(world, 'user03'),
      signIn(world, 'manager01'),
    ])
  })
  afterAll(() => world.close())

  test('shows the posts that concern one, and which were viewed', async () => {
    const mine = (await user01.get(paths.home())).table('Bulletin Board table')
    expect(mine.map(row => [row[0], row.at(-1)])).toEqual([['For everyone', 'No']])
    const theirs = (await user03.get(paths.home())).table('Bulletin Board table')
    expect(theirs.map(row => row[0])).toEqual(['For 20000', 'For everyone'])
    await user01.get((await user01.get(paths.home())).link('For everyone'))
  })

  test('shows the service requests one sees, with filters', async () => {
    const all = (await user01.get(paths.home())).table('Result Set table')
    expect(all).toHaveLength(3)
    expect(all.flat().join(' ')).not.toContain('20000-DEV')
    const page = await user01.fillIn(paths.home(), { 'Filter by Status': 'FAILED' }, 'Apply')
    expect(page.table('Result Set table')).toHaveLength(1)
    const byAction = await user01.fillIn(paths.home(), { 'Filter by Action': 'STOP' }, 'Apply')
    expect(byAction.text).toContain('Nothing matches these filters.')
  })

  test('says what waits: not queued, failed, and for managers what has to be settled', async () => {
    const mine = await user01.get(paths.home())
    expect(mine.text).toContain('Saved, but not queued: it will not be run')
    expect(mine.text).toContain('Failed: see why, then close it')
    expect(mine.text).not.toContain('The outcome is not known')
    expect((await manager01.get(paths.home())).text).toContain(
      'The outcome is not known: look, and settle it',
    )
    expect((await user03.get(paths.home())).text).toContain('Nothing waits for you.')
  })

  test('keeps favorites and recent pages', async () => {
    await user01.press(paths.serviceRequests(), 'Add to Favorite Applications')
    const page = await user01.get(paths.home())
    const card = (name: string) =>
      page.main.querySelectorAll('section').find(s => s.getAttribute('aria-label') === name)?.textContent
    expect(card('Favorite Applications')).toContain('Service Requests')
    expect(card('My Recent Applications')).toContain('Service Requests')
  })
})
