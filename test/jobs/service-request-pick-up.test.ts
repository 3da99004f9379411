import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { minutes } from '../../src/clock.ts'
import type { DbOrTx } from '../../src/deps.ts'
import { claim } from '../../src/jobs/claims.ts'
import { createLease, createWatch, type Lease, LeaseLost } from '../../src/jobs/lease.ts'
import { pickUp } from '../../src/service-requests/pick-up.ts'
import { engines } from '../support/engines.ts'
import { queued, requestNow, statusOf, trailOf } from '../support/queued.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { offerAction } from '../support/runbooks.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

/** The moment in which a queued request becomes a running one, or does not. */
let world: World
afterEach(() => world.close())

/** The lease of a worker that has just claimed the only job that is due. */
async function claimed(): Promise<Lease> {
  const { clock, engine, deps, config } = world
  const leaseMs = minutes(10)
  const [job] = await claim(deps.db, { workerId: 'worker-1', leaseMs, engine, clock }, 1)
  if (!job) throw new Error('No job is due.')
  const watch = createWatch(clock, () => 0)
  return createLease(job, watch.read(), { engine, host: config.WORKER_HOST, leaseMs, watch }).lease
}
const jobOf = (id: number) =>
  world.deps.db
    .selectFrom('jobs')
    .select(['run_at', 'state'])
    .where('unique_key', '=', `service-request:${id}`)
    .executeTakeFirstOrThrow()
const putOff = (id: number, run_at: string) =>
  world.deps.db
    .updateTable('jobs')
    .set({ run_at })
    .where('unique_key', '=', `service-request:${id}`)
    .execute()
const runs = () => world.deps.db.selectFrom('runs').selectAll().execute()

describe.each(engines)('Picking up (%s)', engine => {
  beforeEach(async () => {
    world = await createWorld(engine)
    await offerAction(world.deps, { asset: '10000-DEV' })
  })

  test('by a worker that has lost the job meanwhile leaves everything as it was', async () => {
    const id = await queued(world)
    const lease = await claimed()
    await world.deps.db.updateTable('jobs').set({ fence: 7 }).execute()
    await expect(pickUp(world.deps, lease, id)).rejects.toThrow(LeaseLost)
    expect(await requestNow(world, id)).toMatchObject({ status: 'QUEUED', holds_lock: 0 })
    expect(await trailOf(world, id)).toEqual(['created', 'queued'])
    expect([await runs(), await world.mails()]).toEqual([[], []])
  })

  test('looks at the rules of the zone as they are now: the wall time wins', async () => {
    const start = { requested_start: '2026-07-01T09:00', requested_zone: 'Europe/Berlin' }
    const id = await queued(world, start)
    const old = '2026-07-01T06:00:00.000Z'
    await world.deps.db
      .updateTable('service_requests')
      .set({ requested_start: old, due_at: old, warned_at: old })
      .where('id', '=', id)
      .execute()
    await putOff(id, old)
    world.clock.set(old)
    await workOff(world)
    const right = '2026-07-01T07:00:00.000Z'
    expect(await requestNow(world, id)).toMatchObject({
      status: 'QUEUED',
      requested_start: right,
      due_at: right,
      warned_at: null,
    })
    expect((await world.mails()).map(mail => mail.template)).toEqual(['service-request-moved'])
    world.clock.set(right)
    await workOff(world)
    expect(await statusOf(world, id)).toBe('RESOLVED')
  })

  test('refused, the requester is told, and whoever waited behind it is looked at at once', async () => {
    await offerAction(world.deps, { asset: '10000-DEV', action: 'stop-application' })
    const refused = await queued(world, { requested_action: 'Stop' })
    world.clock.advance(1000)
    const behind = await queued(world)
    await putOff(behind, '2026-12-31T00:00:00.000Z')
    await world.deps.db
      .updateTable('actions')
      .set({ status: 'WITHDRAWN' })
      .where('id', '=', 'stop-application')
      .execute()
    expect(await pickUp(world.deps, await claimed(), refused)).toEqual({ kind: 'nothing' })
    expect((await world.mails()).map(mail => mail.subject)).toEqual([`Service request ${refused}: FAILED`])
    expect((await jobOf(behind)).run_at).toBe(world.clock.instant())
  })

  test('goes in the order in which they are due, whoever is looked at first', async () => {
    const first = await queued(world)
    world.clock.advance(1000)
    const second = await queued(world)
    await putOff(first, '2026-12-31T00:00:00.000Z')
    expect(await pickUp(world.deps, await claimed(), second)).toMatchObject({ kind: 'later' })
    expect([await statusOf(world, first), await statusOf(world, second)]).toEqual(['QUEUED', 'QUEUED'])
  })

  test('too late, whoever waited behind it is looked at at once', async () => {
    const late = await queued(world, { requested_start: '2026-03-02T10:00' })
    world.clock.set('2026-03-02T10:31:00.000Z')
    const behind = await queued(world)
    await putOff(behind, '2026-12-31T00:00:00.000Z')
    expect(await pickUp(world.deps, await claimed(), late)).toEqual({ kind: 'nothing' })
    expect(await statusOf(world, late)).toBe('MISSED')
    expect((await jobOf(behind)).run_at).toBe(world.clock.instant())
  })
})

describe('Picking up on PostgreSQL', () => {
  beforeEach(async () => {
    world = await createWorld('postgres')
    await offerAction(world.deps, { asset: '10000-DEV' })
  })
  /** Both processes have looked, and neither sees what the other has not committed: the index decides. */
  const waitsForLock = () =>
    expect.poll(() => blocked(world.deps.db), { timeout: 20_000, interval: 10 }).toBe(1)

  test('while another process is just taking the environment means: still waiting', async () => {
    const id = await queued(world)
    const lease = await claimed()
    const picked = await world.deps.db.transaction().execute(async tx => {
      const holder = requestRow({ status: 'UNKNOWN', holds_lock: 1, actual_start: world.clock.instant() })
      await addRequests(tx, [holder])
      const picking = pickUp(world.deps, lease, id)
      await waitsForLock()
      return { picking }
    })
    expect(await picked.picking).toMatchObject({ kind: 'later' })
    expect(await requestNow(world, id)).toMatchObject({ status: 'QUEUED', holds_lock: 0 })
    expect(await trailOf(world, id)).toEqual(['created', 'queued'])
    expect([await runs(), await world.mails()]).toEqual([[], []])
  })
})

async function blocked(db: DbOrTx): Promise<number> {
  const { rows } = await sql<{ blocked: number }>`select count(*) as blocked from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows[0]?.blocked ?? 0
}
