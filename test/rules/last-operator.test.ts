import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deactivatePerson } from '../../src/people/person-status.ts'
import { createPerson } from '../../src/people/persons.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('The last operator (%s)', engine => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine)
    for (const n of ['02', '03', '04'])
      await createPerson(world.deps, world.actor('OPERATOR01'), `OPERATOR${n}`, {
        login_id: `operator${n}@example.com`,
        first_name: 'Operator',
        last_name: n,
        display_name: `Operator ${n}`,
        primary_email: `operator${n}@example.com`,
        role: 'OPERATOR',
        managing_customer_id: null,
        customers: [],
      })
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'ACTIVE' })
      .where('role', '=', 'OPERATOR')
      .execute()
  })
  afterAll(() => world.close())

  test('of several who take each other out at the same time, one stays', async () => {
    const all = ['OPERATOR01', 'OPERATOR02', 'OPERATOR03', 'OPERATOR04']
    const results = await Promise.all(
      all.map(id => deactivatePerson(world.deps, world.actor('OPERATOR01'), id)),
    )
    expect(results.filter(result => result.ok)).toHaveLength(3)
    const left = await world.deps.db
      .selectFrom('persons')
      .select('id')
      .where('role', '=', 'OPERATOR')
      .where('status', '=', 'ACTIVE')
      .execute()
    expect(left).toHaveLength(1)
  })

  test('nobody but an operator sets up persons', async () => {
    for (const person of ['MANAGER01', 'USER01'] as const)
      expect(await deactivatePerson(world.deps, world.actor(person), 'USER02')).toMatchObject({
        ok: false,
        problem: { kind: 'forbidden' },
      })
  })
})
