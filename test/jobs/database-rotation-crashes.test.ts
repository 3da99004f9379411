import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { minutes } from '../../src/clock.ts'
import { resetPassword } from '../../src/database-accounts/reset-password.ts'
import { accessMails, accessState } from '../support/accesses.ts'
import { createDatabaseWorld, type DatabaseWorld, prepareCluster } from '../support/database-accounts.ts'
import { engines } from '../support/engines.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { workOff } from '../support/work-off.ts'
import { crashing, holdRole, recover, startRotatingWorker, waitingFor } from './rotating.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster())
})
afterAll(() => cluster?.stop())

/** What becomes of a database account when the worker is killed that makes, changes or removes it. */
describe.each(engines)('A database account whose worker is lost (%s)', engine => {
  let world: DatabaseWorld
  beforeEach(async () => {
    world = await createDatabaseWorld(engine, cluster, crashing)
  })
  afterEach(() => world.close())

  /** What differs on PostgreSQL is the locking: there some points of a kind do; the soak has all of them. */
  const points = (all: readonly string[], some: readonly string[]) =>
    engine === 'sqlite' || process.env.EVERY_POINT ? all : some
  const state = (id: number) => accessState(world, id)
  const reset = (id: number) => resetPassword(world.deps, world.actor('USER02'), id, {})
  const remove = (id: number) => removeAccess(world.deps, world.actor('USER02'), id)
  const crash = async (point: string) =>
    expect(await startRotatingWorker(world, { CRASH_AT: point }).ended()).toBe('SIGKILL')
  test.each(
    points(['account work begun', 'group ensured', 'password set', 'account settled'], ['password set']),
  )('while it was made, at “%s”: is made, once', async point => {
    const id = await world.approvedAccount()
    await findForgottenAccesses(world.deps)
    await crash(point)
    expect(await state(id)).toBe('PROCESSING, PROVISIONING')
    await recover(world)
    expect(await state(id)).toBe('APPROVED')
    expect(await world.letsIn(id)).toBe(true)
    expect(await world.kept(id)).toBe(1)
    expect(await world.changes(id)).toEqual(['create CURRENT'])
    expect(await accessMails(world, id)).toEqual(['access-granted to USER02'])
  })

  const changePoints = [
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
  test.each(
    points(changePoints, ['password applying', 'password sent', 'password applied', 'password proven']),
  )('while its password was changed, at “%s”: has the new one', async point => {
    const id = await world.grantedAccount()
    const before = await world.shown(id)
    await reset(id)
    await crash(point)
    if (point !== 'account settled') expect(await world.shown(id)).toBe(before)
    await recover(world)
    expect(await state(id)).toBe('APPROVED')
    expect(await world.shown(id)).not.toBe(before)
    expect(await world.letsIn(id)).toBe(true)
    expect(await world.letsIn(id, before)).toBe(false)
    expect(await world.kept(id)).toBe(1)
    expect(await world.changes(id)).toEqual(['create CURRENT', 'asked CURRENT'])
    expect(await accessMails(world, id)).toEqual([
      'access-granted to USER02',
      'database-password-changed to USER02',
    ])
  })

  const transferPoints = [
    'account work begun',
    'password applying',
    'former use ended',
    'password sent',
    'password set',
    'password proven',
    'account settled',
  ]
  test.each(points(transferPoints, ['former use ended', 'password set']))(
    'while it was transferred, at “%s”: its new owner has one that nobody else knows',
    async point => {
      const id = await world.grantedAccount()
      const before = await world.shown(id)
      const { name } = await world.account(id)
      const to = await world.approvedAccount({ person_id: 'USER01', database_account: name, transfer_of: id })
      await findForgottenAccesses(world.deps)
      await crash(point)
      await recover(world)
      expect([await state(id), await state(to)]).toEqual(['REMOVED', 'APPROVED'])
      expect(await world.letsIn(to)).toBe(true)
      expect(await world.letsIn(to, before)).toBe(false)
      expect(await world.kept(to)).toBe(1)
      expect(await world.changes(to)).toEqual(['create CURRENT', 'transfer CURRENT'])
    },
  )

  test.each(points(['account work begun', 'account dropped', 'account settled'], ['account dropped']))(
    'while it was removed, at “%s”: is gone',
    async point => {
      const id = await world.grantedAccount()
      await remove(id)
      await crash(point)
      await recover(world)
      expect(await state(id)).toBe('REMOVED')
      expect(await world.role(id)).toBeUndefined()
      expect(await world.kept(id)).toBe(0)
      expect(await accessMails(world, id)).toEqual(['access-granted to USER02', 'access-removed to USER02'])
    },
  )

  test.each(['group ensured', 'password set'])(
    'while it was made, at “%s”, and not wanted any more: leaves nothing',
    async point => {
      const id = await world.approvedAccount()
      await findForgottenAccesses(world.deps)
      await crash(point)
      await remove(id)
      await recover(world)
      expect(await state(id)).toBe('REMOVED')
      expect(await world.role(id)).toBeUndefined()
      expect(await world.kept(id)).toBe(0)
    },
  )

  test('with its last word still waiting on the server: that word is ended', async () => {
    const id = await world.grantedAccount()
    const { name } = await world.account(id)
    const before = await world.shown(id)
    const held = await holdRole(world, name)
    await reset(id)
    const worker = startRotatingWorker(world, {})
    const waiting = () => waitingFor(world, id)
    await expect.poll(waiting, { interval: 20 }).toHaveLength(1)
    const [orphan] = await waiting()
    worker.kill('SIGKILL')
    await worker.ended()
    expect(await waiting()).toEqual([orphan])
    const logged = cluster.log('primary').length
    const recovered = recover(world)
    await expect.poll(waiting, { interval: 20 }).not.toContain(orphan)
    await expect.poll(waiting, { interval: 20 }).toHaveLength(1)
    expect(await world.shown(id)).toBe(before)
    expect(cluster.log('primary').slice(logged)).toContain(
      'terminating connection due to administrator command',
    )
    await held.release()
    await recovered
    expect(await state(id)).toBe('APPROVED')
    expect(await world.letsIn(id)).toBe(true)
    expect(await world.letsIn(id, before)).toBe(false)
  })

  test('by being suspended on its way to the server: what it sends late is made good', async () => {
    const id = await world.grantedAccount()
    await reset(id)
    const worker = startRotatingWorker(world, { HOLD_AT: 'password sent' })
    await worker.says('holds at password sent')
    worker.kill('SIGSTOP')
    await recover(world, minutes(1))
    expect(await state(id)).toBe('APPROVED')
    const late = await world.shown(id)
    await reset(id)
    await workOff(world)
    expect(await world.shown(id)).not.toBe(late)
    expect(await world.letsIn(id)).toBe(true)
    worker.kill('SIGCONT')
    worker.kill('SIGUSR2')
    await worker.says('gave up: LeaseLost')
    worker.kill('SIGKILL')
    await worker.ended()
    expect(await world.letsIn(id)).toBe(false)
    await recover(world, minutes(1))
    expect(await state(id)).toBe('APPROVED')
    expect(await world.letsIn(id, late)).toBe(false)
    expect(await world.letsIn(id)).toBe(true)
    expect(await world.changes(id)).toEqual([
      'create CURRENT',
      'asked CURRENT',
      'asked CURRENT',
      'unprovable CURRENT',
    ])
  })
})

/** The standby has nothing to do with the portal's own database: one is enough. */
describe('A database account of production whose worker is lost', () => {
  test('while the standby stood still: the old password stays shown until the new one works there', async () => {
    const world = await createDatabaseWorld('sqlite', cluster, crashing)
    onTestFinished(() => world.close())
    const id = await world.grantedAccount({ asset_id: '10000-PRD' })
    const before = await world.shown(id)
    await cluster.pauseReplay()
    try {
      await resetPassword(world.deps, world.actor('USER02'), id, {})
      expect(await startRotatingWorker(world, { CRASH_AT: 'password applied' }).ended()).toBe('SIGKILL')
      // The standby refuses the new one and takes the old one: as if nothing had happened.
      expect(await world.letsIn(id, before)).toBe(true)
      await recover(world)
      expect(await accessState(world, id)).toBe(
        'APPROVED, RESETTING PASSWORD: The standby server has not got the new password yet.',
      )
      expect(await world.shown(id)).toBe(before)
    } finally {
      await cluster.resumeReplay()
    }
    await recover(world, minutes(1))
    expect(await accessState(world, id)).toBe('APPROVED')
    expect(await world.letsIn(id)).toBe(true)
    expect(await world.letsIn(id, before)).toBe(false)
  })
})
