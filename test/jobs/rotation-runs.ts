import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { hours } from '../../src/clock.ts'
import { openChangeOf } from '../../src/database-accounts/password-change.ts'
import { resetPassword } from '../../src/database-accounts/reset-password.ts'
import type { Engine } from '../../src/deps.ts'
import { Secret } from '../../src/secret.ts'
import { accessState } from '../support/accesses.ts'
import { createDatabaseWorld, type DatabaseWorld } from '../support/database-accounts.ts'
import type { PostgresCluster } from '../support/postgres-cluster.ts'
import { crashing, holdRole, recover, startRotatingWorker, waitingFor } from './rotating.ts'

/** What is done to one rotation; all of it follows from the seed. */
interface Plan {
  /** The account is being made; else its password is changed. */
  making: boolean
  production: boolean
  chosen: boolean
  /** How each worker is killed, one after the other. */
  kills: readonly Readonly<Record<string, string>>[]
  /** The standby stands still meanwhile; late: also while the first one recovers. */
  pause: 'no' | 'meanwhile' | 'late'
  /** Somebody else holds the role until the worker is dead; late: until the next one waits for it too. */
  block: 'no' | 'meanwhile' | 'late'
  holderEnds: 'commit' | 'rollback'
}

const checkpoints = [
  'account work begun',
  'own work ended',
  'password applying',
  'password sent',
  'password set',
  'password applied',
  'password settled',
  'password proven',
  'certificate fetched',
  'account settled',
]

function planOf(seed: number): Plan {
  const random = randomOf(seed)
  const chance = (of: number) => random() < of
  const one = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
  const making = chance(0.2)
  const production = chance(0.5)
  const kill = () => ({
    ...(chance(0.75) ? { CRASH_AT: one(checkpoints) } : { KILL_AFTER: String(Math.floor(random() * 120)) }),
    ...(chance(0.3) && { REFUSE: String(1 + Math.floor(random() * 2)) }),
  })
  return {
    making,
    production,
    chosen: chance(0.5),
    kills: chance(0.3) ? [kill(), kill()] : [kill()],
    pause: production && chance(0.5) ? one(['meanwhile', 'meanwhile', 'late']) : 'no',
    block: !making && chance(0.3) ? one(['meanwhile', 'late']) : 'no',
    holderEnds: one(['commit', 'rollback']),
  }
}

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One run per seed: whatever happens to the workers, in the end the password that is shown signs in. */
export const rotationRuns = (engine: Engine, cluster: () => PostgresCluster, seeds: readonly number[]) =>
  describe(`A rotation (${engine})`, () => {
    let world: DatabaseWorld
    beforeAll(async () => {
      world = await createDatabaseWorld(engine, cluster(), crashing)
    })
    afterAll(() => world?.close())

    test.each(seeds)('whose worker is killed, seed %i: the password that is shown signs in', async seed => {
      const plan = planOf(seed)
      const told = `seed ${seed}: ${JSON.stringify(plan)}`
      world.clock.set(new Date().toISOString())
      const { id, before } = await begin(world, plan)
      await disturb(world, plan, id, before)
      for (let attempt = 0; attempt < 8 && (await accessState(world, id)) !== 'APPROVED'; attempt += 1)
        await recover(world, hours(6))
      expect(await accessState(world, id), told).toBe('APPROVED')
      expect(await world.letsIn(id), told).toBe(true)
      expect(before !== null && (await world.letsIn(id, before)), told).toBe(false)
      expect(await world.kept(id), told).toBe(1)
    })
  })

async function begin(world: DatabaseWorld, { making, production, chosen }: Plan) {
  const asset = { asset_id: production ? '10000-PRD' : '10000-DEV' }
  if (making) {
    const id = await world.approvedAccount(asset)
    await findForgottenAccesses(world.deps)
    return { id, before: null }
  }
  const id = await world.grantedAccount(asset)
  const before = await world.shown(id)
  const ask = chosen ? { password: new Secret(`Chosen_for_${id}_of_20000`) } : {}
  expect(await resetPassword(world.deps, world.actor('USER02'), id, ask)).toMatchObject({ ok: true })
  return { id, before }
}

async function disturb(world: DatabaseWorld, plan: Plan, id: number, before: string | null): Promise<void> {
  const { cluster } = world
  const held = plan.block === 'no' ? null : await holdRole(world, (await world.account(id)).name)
  if (plan.pause !== 'no') await cluster.pauseReplay()
  try {
    for (const kill of plan.kills) {
      await loseWorker(world, id, kill)
      await expectNothingUnproven(world, id, before)
    }
    if (plan.pause === 'late' && plan.block === 'no') await recover(world)
    await expectNothingUnproven(world, id, before)
    if (plan.block !== 'late') return
    const recovered = recover(world, hours(1))
    let over = false
    void recovered.finally(() => {
      over = true
    })
    await expect
      .poll(async () => over || (await waitingFor(world, id)).length > 0, { interval: 20 })
      .toBe(true)
    await held?.release(plan.holderEnds)
    await recovered
  } finally {
    await held?.release(plan.holderEnds)
    if (plan.pause !== 'no') await cluster.resumeReplay()
  }
}

/** While a change is open, the password that is shown is the one from before. */
async function expectNothingUnproven(world: DatabaseWorld, id: number, before: string | null): Promise<void> {
  const { db } = world.deps
  const account = await db
    .selectFrom('database_accounts')
    .selectAll()
    .where('access_id', '=', id)
    .executeTakeFirst()
  if (!account) return
  const change = await openChangeOf(db, account.id)
  if (change) expect(await world.shown(id)).toBe(before)
}

/** It dies at its point, or where somebody else holds the role, or when it is done. */
async function loseWorker(
  world: DatabaseWorld,
  id: number,
  kill: Readonly<Record<string, string>>,
): Promise<void> {
  const worker = startRotatingWorker(world, kill)
  let ended = false
  const end = worker.ended().then(() => {
    ended = true
  })
  await expect
    .poll(async () => ended || (await waitingFor(world, id)).length > 0, { interval: 50 })
    .toBe(true)
  worker.kill('SIGKILL')
  await end
}
