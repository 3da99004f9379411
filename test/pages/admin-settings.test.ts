import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { readSettings } from '../../src/settings/settings.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('Administration › Settings (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())

  const save = (typed: Readonly<Record<string, string>>) =>
    operator.fillIn(paths.adminSettings(), typed, 'Save')
  const trail = () =>
    world.deps.db
      .selectFrom('audit_events')
      .select(['actor_id', 'detail'])
      .where('verb', '=', 'settings changed')
      .orderBy('id')
      .execute()

  test('shows what holds without anybody having set it', async () => {
    const page = await operator.get(paths.adminSettings())
    expect(page.heading).toBe('Settings')
    expect(page.field('Remind approvers after')).toBe('48')
    expect(page.field('Expire after')).toBe('336')
    expect(page.field('Suspend unanswered accesses')).toBe('7')
    expect(page.text).toContain('From 1 to 2160 hours.')
  })

  test('one Save changes what was typed, and the trail says from what to what', async () => {
    const page = await save({ 'Remind approvers after': '24', 'Remove unanswered accesses': '' })
    expect(page.flash).toBe('The settings were saved. They hold from now on.')
    expect(page.field('Remind approvers after')).toBe('24')
    expect(page.field('Remove unanswered accesses')).toBe('')
    expect(await readSettings(world.deps.db)).toMatchObject({
      approval_reminder_hours: 24,
      approval_stand_in_hours: 72,
      cbn_suspend_days: 7,
      cbn_remove_days: null,
    })
    expect(await trail()).toEqual([
      {
        actor_id: 'OPERATOR01',
        detail: JSON.stringify({ approval_reminder_hours: [48, 24], cbn_remove_days: [30, null] }),
      },
    ])
    expect(page.text).toContain('48 → 24')
    expect(page.text).toContain('30 → nothing')
  })

  test('saved again without a change, nothing is recorded', async () => {
    expect((await save({})).flash).toContain('The settings were saved.')
    expect(await trail()).toHaveLength(1)
  })

  test.each([
    ['Remind approvers after', 'soon', 'Type a whole number of hours from 1 to 2160.'],
    ['Remind approvers after', '0', 'Type a whole number of hours from 1 to 2160.'],
    ['Remind approvers after', '', 'Type a whole number of hours from 1 to 2160.'],
    ['Expire after', '-3', 'Type a whole number of hours from 1 to 8760.'],
    ['Time to answer', '1.5', 'Type a whole number of days from 1 to 365.'],
    ['Suspend unanswered accesses', '9999999', 'or leave it empty for never.'],
    ['Expire after', '100', '“Expire after” can’t come before “Escalate to operators after” (120).'],
  ])('%s “%s” is refused, and everything typed stays', async (label, typed, words) => {
    const before = await readSettings(world.deps.db)
    const page = await save({ [label]: typed, 'Begin a re-validation every': '100' })
    expect(page.status).toBe(422)
    expect(page.errorOf(label)).toContain(words)
    expect(page.problems).toHaveLength(1)
    expect(page.field(label)).toBe(typed)
    expect(page.field('Begin a re-validation every')).toBe('100')
    expect(await readSettings(world.deps.db)).toEqual(before)
  })

  test('when another operator was quicker, both states are shown, and the next Save counts', async () => {
    const mine = await operator.get(paths.adminSettings())
    const other = await signIn(world, 'operator')
    await other.fillIn(paths.adminSettings(), { 'Time to answer': '20' }, 'Save')
    const page = await operator.fillIn(mine, { 'Time to answer': '40' }, 'Save')
    expect(page.status).toBe(409)
    expect(page.problems.join()).toContain('Another operator has changed the settings meanwhile.')
    expect(page.field('Time to answer')).toBe('40')
    expect(page.text).toContain('Stored now: 20.')
    expect((await readSettings(world.deps.db)).cbn_answer_days).toBe(20)
    expect((await operator.press(page, 'Save')).flash).toContain('The settings were saved.')
    expect((await readSettings(world.deps.db)).cbn_answer_days).toBe(40)
  })

  test('is not there for others', async () => {
    for (const name of ['user01', 'manager01'])
      expect((await (await signIn(world, name)).get(paths.adminSettings())).status).toBe(404)
  })
})
