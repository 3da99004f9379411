import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { accessNow, decisionLinkOf, requestAccess } from '../support/access-requests.ts'
import { granted } from '../support/accesses.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** An operator's unlocked desk decides nothing: on pages that others use too, operators prove again who they are. */
describe.each(engines)('acts of operators on accesses (%s)', engine => {
  let world: World
  let operator: Agent
  beforeEach(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
  })
  afterEach(() => world.close())

  const escalated = () => requestAccess(world, { person_id: 'MANAGER03', asset_id: '20000-DEV' })
  const proveIt = async () => {
    const page = operator.page
    expect(page?.heading).toBe('Identify yourself again')
    return operator.fillIn(page ?? '', { Password: testPassword }, page?.buttons[0] ?? '')
  }

  test('Access Approvals comes back filled in, and then decides', async () => {
    const id = await escalated()
    const drawn = await operator.get(paths.approvals('OPERATOR01'))
    world.clock.advance(minutes(16))
    await operator.fillIn(drawn, { Disposition: 'REJECTED', 'Reviewer Comments': 'Not now.' }, 'Save')
    expect((await accessNow(world, id)).decision).toBeNull()
    const back = await proveIt()
    expect([back.field('Disposition'), back.field('Reviewer Comments')]).toEqual(['REJECTED', 'Not now.'])
    await operator.press(back, 'Save')
    expect((await accessNow(world, id)).decision).toBe('REJECTED')
  })

  test('a decision link does not do without', async () => {
    const id = await escalated()
    const drawn = await operator.get(await decisionLinkOf(world, 'OPERATOR01'))
    world.clock.advance(minutes(16))
    await operator.fillIn(drawn, { Disposition: 'APPROVED' }, 'Save')
    expect((await accessNow(world, id)).decision).toBeNull()
    const back = await proveIt()
    expect(back.field('Disposition')).toBe('APPROVED')
    await operator.press(back, 'Save')
    expect((await accessNow(world, id)).decision).toBe('APPROVED')
  })

  test('Manage Access: nothing is removed before', async () => {
    const id = await granted(world.deps)
    const page = paths.manageAccess('USER02', { asset: '10000-DEV' })
    const drawn = await operator.get(page)
    world.clock.advance(minutes(16))
    await operator.press(drawn, 'Remove Access')
    expect((await accessNow(world, id)).status).toBe('APPROVED')
    const back = await proveIt()
    expect(back.heading).toBe('User 02')
    await operator.press(await operator.get(page), 'Remove Access')
    expect((await accessNow(world, id)).status).toBe('PENDING REMOVAL')
  })

  test('a manager is not asked', async () => {
    const id = await requestAccess(world)
    const manager01 = await signIn(world, 'manager01')
    const drawn = await manager01.get(paths.approvals('MANAGER01'))
    world.clock.advance(minutes(16))
    await manager01.fillIn(drawn, { Disposition: 'APPROVED' }, 'Save')
    expect((await accessNow(world, id)).decision).toBe('APPROVED')
  })
})
