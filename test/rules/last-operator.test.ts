import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deactivateSelf } from '../../src/people/own-account.ts'
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
    const next = (i: number) => all[(i + 1) % all.length] ?? ''
    const results = await Promise.all(
      all.map((id, i) => deactivatePerson(world.deps, { ...world.actor('OPERATOR01'), id }, next(i))),
    )
    // Whoever is out already takes nobody else out.
    const done = results.filter(result => result.ok).length
    expect(done).toBeGreaterThan(0)
    const left = await world.deps.db
      .selectFrom('persons')
      .select('id')
      .where('role', '=', 'OPERATOR')
      .where('status', '=', 'ACTIVE')
      .execute()
    expect(left).toHaveLength(4 - done)
    expect(done).toBeLessThan(4)
  })

  test('the one that is left stays, whoever asks', async () => {
    const { db } = world.deps
    await db.updateTable('persons').set({ status: 'ACTIVE' }).where('role', '=', 'OPERATOR').execute()
    const first = world.actor('OPERATOR01')
    for (const id of ['OPERATOR02', 'OPERATOR03', 'OPERATOR04'])
      expect(await deactivatePerson(world.deps, first, id)).toMatchObject({ ok: true })
    for (const result of [
      await deactivatePerson(world.deps, first, 'OPERATOR01'),
      await deactivateSelf(world.deps, first),
    ])
      expect(result).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  test('nobody but an operator sets up persons', async () => {
    for (const person of ['MANAGER01', 'USER01'] as const)
      expect(await deactivatePerson(world.deps, world.actor(person), 'USER02')).toMatchObject({
        ok: false,
        problem: { kind: 'forbidden' },
      })
  })
})
