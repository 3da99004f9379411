import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRecord } from '../support/access-tool.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { personNow } from '../support/persons.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('How to Promote an Existing User to Manage Your Customer (%s)', engine => {
  let world: World
  let manager01: Agent
  let manager03: Agent
  let page: ShownPage
  beforeAll(async () => {
    world = await createWorld(engine)
    manager01 = await signIn(world, 'manager01')
    manager03 = await signIn(world, 'manager03')
  })
  afterAll(() => world.close())

  const managed = async (person: string) => {
    const { role, managing_customer_id } = await personNow(world, person)
    return `${role} ${managing_customer_id}`
  }

  test('4. change the Role of a STD_USER to MANAGER: they manage your customer', async () => {
    page = await openRecord(manager01, 'user02@example.com')
    expect(page.field('Role')).toBe('STD_USER')
    page = await manager01.fillIn(page, { Role: 'MANAGER' }, 'Save')
    expect(page.flash).toContain('USER02 was saved.')
    expect([page.field('Role'), page.field('Managing Customer')]).toEqual(['MANAGER', '10000'])
    const user02 = await signIn(world, 'user02')
    const own = await openRecord(user02, 'user02@example.com', 'Access Approvals')
    expect(own.text).toContain('No access request waits for you.')
  })

  test('a manager of the same customer demotes them again', async () => {
    page = await manager01.fillIn(page, { Role: 'STD_USER' }, 'Save')
    expect(await managed('USER02')).toBe('STD_USER null')
  })

  test('5. a manager of another customer must first be STD_USER, by a manager of that customer', async () => {
    await world.deps.db
      .insertInto('customer_access')
      .values({ person_id: 'MANAGER02', customer_id: '20000', created_at: world.clock.instant() })
      .execute()
    page = await openRecord(manager03, 'manager02@example.com')
    const role = page.formWith(null, ['Role']).control('Role')
    expect([role.tagName, page.field('Role')]).toEqual(['INPUT', 'MANAGER'])
    expect(page.text).toMatch(/manager of that customer|operator/i)

    const theirs = await openRecord(manager01, 'manager02@example.com')
    await manager01.fillIn(theirs, { Role: 'STD_USER' }, 'Save')
    expect(await managed('MANAGER02')).toBe('STD_USER null')

    page = await openRecord(manager03, 'manager02@example.com')
    await manager03.fillIn(page, { Role: 'MANAGER' }, 'Save')
    expect(await managed('MANAGER02')).toBe('MANAGER 20000')
  })

  test('the last manager of a customer is not demoted', async () => {
    page = await openRecord(manager01, 'manager01@example.com')
    const refused = await manager01.fillIn(page, { Role: 'STD_USER' }, 'Save')
    expect(refused.status).toBe(422)
    expect(refused.errorOf('Role')).toContain('last')
    expect(await managed('MANAGER01')).toBe('MANAGER 10000')
  })
})
