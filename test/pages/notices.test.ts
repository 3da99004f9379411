import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { days } from '../../src/clock.ts'
import { visibleNotices } from '../../src/notices/queries.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('The Bulletin Board (%s)', engine => {
  let world: World
  let operator: Agent
  let user01: Agent
  let user03: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    user01 = await signIn(world, 'user01')
    user03 = await signIn(world, 'user03')
  })
  afterAll(() => world.close())

  const board = async (person: 'USER01' | 'USER03') =>
    (await visibleNotices(world.deps.db, world.actor(person), world.clock.instant())).map(n => n.subject)
  const idOf = async (subject: string) =>
    (
      await world.deps.db
        .selectFrom('notices')
        .select('id')
        .where('subject', '=', subject)
        .executeTakeFirstOrThrow()
    ).id

  test('an operator posts for everyone, or for one customer', async () => {
    await operator.fillIn(paths.adminNotice('new'), { Subject: 'For all', Message: 'One.\n\nTwo.' }, 'Save')
    const page = await operator.fillIn(
      paths.adminNotice('new'),
      { Subject: 'For 10000', Message: 'Yours.', Customer: '10000', 'Expiration Date': '2026-03-04T12:00' },
      'Save',
    )
    expect(page.flash).toBe('“For 10000” stands on the Bulletin Board now.')
    expect(await board('USER01')).toEqual(['For 10000', 'For all'])
    expect(await board('USER03')).toEqual(['For all'])
  })

  test('a form that was sent twice posts once', async () => {
    const form = await operator.get(paths.adminNotice('new'))
    for (let times = 0; times < 2; times++)
      await operator.fillIn(form, { Subject: 'Twice', Message: 'Once.', Customer: '20000' }, 'Save')
    expect(await board('USER03')).toEqual(['Twice', 'For all'])
    await operator.press(paths.adminNoticeRemove(await idOf('Twice')), 'Remove')
  })

  test('each opens what is theirs, and marks it as viewed', async () => {
    const mine = paths.notice(await idOf('For 10000'))
    expect((await user03.get(mine)).status).toBe(404)
    expect((await user03.post(mine)).status).toBe(404)
    const page = await user01.get(mine)
    expect(page.heading).toBe('For 10000')
    const after = await user01.press(page, 'Mark as viewed')
    expect(after.flash).toBe('The post is marked as viewed.')
    expect((await user01.get(mine)).buttons).not.toContain('Mark as viewed')
    expect((await user01.press(page, 'Mark as viewed')).flash).toBe('The post is marked as viewed.')
    expect((await operator.get(paths.adminNotices())).table('Posts table')[0]?.at(-1)).toBe('1')
  })

  test('mistakes are told and nothing typed is lost', async () => {
    const page = await operator.fillIn(
      paths.adminNotice('new'),
      { Subject: 'Late', Message: 'x', 'Expiration Date': '2020-01-01T00:00' },
      'Save',
    )
    expect(page.errorOf('Expiration Date')).toContain('This moment has passed already')
    expect(page.field('Subject')).toBe('Late')
    const nowhere = await operator.fillIn(page, { Customer: '777', 'Expiration Date': '' }, 'Save')
    expect(nowhere.errorOf('Customer')).toContain('There is no customer 777.')
  })

  test('it can be changed and removed', async () => {
    const record = paths.adminNotice(await idOf('For all'))
    await operator.fillIn(record, { Subject: 'For everybody' }, 'Save')
    expect(await board('USER03')).toEqual(['For everybody'])
    const asked = await operator.get((await operator.get(record)).link('Remove'))
    expect((await operator.press(asked, 'Remove')).flash).toBe('“For everybody” was removed.')
    expect(await board('USER03')).toEqual([])
  })

  test('an expired post is gone, for the one who has its address too', async () => {
    const mine = paths.notice(await idOf('For 10000'))
    world.clock.advance(days(3))
    expect(await board('USER01')).toEqual([])
    user01 = await signIn(world, 'user01')
    expect((await user01.get(mine)).status).toBe(404)
  })
})
