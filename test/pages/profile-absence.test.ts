import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { standInsFor } from '../../src/access/find-access.ts'
import { days, hours } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { nameStandIn } from '../../src/people/absences.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { saveAs } from '../support/persons.ts'
import { createWorld, type World } from '../support/world.ts'

const standIn = 'Manager 02 (MANAGER02)'

/** The tests' clock begins on Monday 2 March 2026, 09:00 UTC. */
describe.each(engines)('Absence on the profile (%s)', engine => {
  let world: World
  let manager01: Agent
  beforeEach(async () => {
    world = await createWorld(engine)
    manager01 = await signIn(world, 'manager01')
  })
  afterEach(() => world.close())

  const name = (typed: Readonly<Record<string, string>>) =>
    manager01.fillIn(
      paths.profile(),
      { 'Stand-in': standIn, Until: '2026-03-10T18:00', ...typed },
      'Name stand-in',
    )
  const standIns = () => standInsFor(world.deps.db, world.clock.instant(), ['MANAGER01'])
  const rows = () => world.deps.db.selectFrom('absences').selectAll().orderBy('id').execute()

  test('names who stands in, from when until when, in the person’s time zone', async () => {
    await manager01.fillIn(paths.profile(), { 'Time Zone': 'Europe/Berlin' }, 'Save')
    const page = await name({ From: '2026-03-03T08:00' })
    expect(page.flash).toBe('Manager 02 stands in for you.')
    expect(page.text).toContain('Manager 02 stands in for you from 3 Mar 2026, 08:00 Europe/Berlin')
    expect(await rows()).toMatchObject([
      { from_at: '2026-03-03T07:00:00.000Z', until_at: '2026-03-10T17:00:00.000Z', ended_at: null },
    ])
    expect(await standIns()).toEqual([])
    world.clock.advance(hours(23))
    expect(await standIns()).toEqual(['MANAGER02'])
    world.clock.advance(days(8))
    expect(await standIns()).toEqual([])
    manager01 = await signIn(world, 'manager01')
    expect((await manager01.get(paths.profile())).buttons).not.toContain('End absence')
    await name({ Until: '2026-04-01T00:00' })
    expect(await standIns()).toEqual(['MANAGER02'])
  })

  test('From left empty is from now on; another one takes its place; it can be ended', async () => {
    await name({})
    expect(await standIns()).toEqual(['MANAGER02'])
    const again = await manager01.fillIn(
      paths.profile(),
      { 'Stand-in': standIn, Until: '2026-03-20T18:00' },
      'Name another stand-in',
    )
    expect(again.flash).toBe('Manager 02 stands in for you.')
    expect((await rows()).map(row => row.ended_at === null)).toEqual([false, true])
    const ended = await manager01.press(again, 'End absence')
    expect(ended.flash).toBe('Nobody stands in for you any more.')
    expect(await standIns()).toEqual([])
    expect((await manager01.press(again, 'End absence')).flash).toContain('Nobody stands in for you.')
  })

  test.each([
    [{ 'Stand-in': '' }, 'Stand-in', 'Choose who stands in for you.'],
    [{ Until: '' }, 'Until', 'Say until when.'],
    [{ Until: '2026-03-01T09:00' }, 'Until', 'This is not after From, or it has passed.'],
    [{ From: '2026-03-12T09:00' }, 'Until', 'This is not after From'],
    [{ Until: '2028-03-01T09:00' }, 'Until', 'Choose a time within a year.'],
    [{ From: 'soon' }, 'From', 'This is not a date and time.'],
  ])('%j is refused beside %s', async (typed, label, words) => {
    const page = await name(typed)
    expect(page.status).toBe(422)
    expect(page.errorOf(label)).toContain(words)
    expect(page.problems.join()).toContain(words)
    expect(await rows()).toEqual([])
  })

  test.each(['MANAGER01', 'MANAGER03', 'USER01', 'OPERATOR01', 'NOBODY'])(
    '%s can’t stand in',
    async stand_in_id => {
      const typed = { stand_in_id, from: '', until: '2026-03-10T18:00' }
      const result = await nameStandIn(world.deps, world.actor('MANAGER01'), typed)
      expect(result).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    },
  )

  test('is there for managers only', async () => {
    const user01 = await signIn(world, 'user01')
    expect((await user01.get(paths.profile())).text).not.toContain('Absence')
    const refused = await user01.post(paths.profilePart('absence'), {
      act: 'name',
      stand_in_id: 'MANAGER02',
      until: '2026-03-10T18:00',
    })
    expect(refused.status).toBe(403)
    const alone = await signIn(world, 'manager03')
    expect((await alone.get(paths.profile())).text).toContain(
      'There is no other active manager of customer 20000.',
    )
  })

  test.each(['MANAGER01', 'MANAGER02'])('ends when %s stops being a manager', async id => {
    await name({})
    await saveAs(world, 'OPERATOR01', id, { role: 'STD_USER' })
    expect(await standIns()).toEqual([])
    expect(await rows()).toMatchObject([{ ended_at: world.clock.instant() }])
  })

  test('ends when the stand-in is deactivated', async () => {
    await name({})
    await saveAs(world, 'MANAGER01', 'MANAGER02', { remove_customers: ['10000'] })
    expect(await standIns()).toEqual([])
  })
})
