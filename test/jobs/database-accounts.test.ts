import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { resumeAccess, suspendAccess } from '../../src/access/end-accesses.ts'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { retryAccess } from '../../src/access/retry-access.ts'
import { days, hours, after as later, minutes } from '../../src/clock.ts'
import { beginPasswordChange } from '../../src/database-accounts/password-change.ts'
import { type ResetAsk, resetPassword } from '../../src/database-accounts/reset-password.ts'
import { ProvisionerError } from '../../src/provisioners/provisioner.ts'
import { Secret } from '../../src/secret.ts'
import { accessMails, accessNow, accessState, accessTrail } from '../support/accesses.ts'
import {
  createDatabaseWorld,
  type DatabaseWorld,
  database,
  prepareCluster,
} from '../support/database-accounts.ts'
import { engines } from '../support/engines.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { workOff } from '../support/work-off.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster())
})
afterAll(() => cluster?.stop())

/** What the background work does about database accounts, on a real PostgreSQL with a real standby. */
describe.each(engines)('A database account (%s)', engine => {
  let world: DatabaseWorld
  beforeEach(async () => {
    world = await createDatabaseWorld(engine, cluster)
  })
  afterEach(() => world.close())

  const chosen = 'Correct_horse_7'
  const state = (id: number) => accessState(world, id)
  const trail = (id: number) => accessTrail(world, id)
  const reset = (id: number, who: Parameters<typeof world.actor>[0] = 'USER02', ask: ResetAsk = {}) =>
    resetPassword(world.deps, world.actor(who), id, ask)
  const remove = (id: number) => removeAccess(world.deps, world.actor('USER02'), id)
  const retry = (id: number) => retryAccess(world.deps, world.actor('OPERATOR01'), id)
  const work = async (id: number) => {
    await findForgottenAccesses(world.deps)
    await workOff(world)
    return state(id)
  }
  const removalNotes = async () =>
    (
      await world.deps.db
        .selectFrom('audit_events')
        .select('detail')
        .where('verb', '=', 'access account removed')
        .executeTakeFirstOrThrow()
    ).detail

  describe('is made', () => {
    test('with its rights, and works before anybody is told', async () => {
      const id = await world.approvedAccount({ requested_by: 'MANAGER01' })
      expect(await work(id)).toBe('APPROVED')
      expect(await world.letsIn(id)).toBe(true)
      expect(await world.role(id)).toMatchObject({
        login: true,
        comment: `gatehouse:${id}`,
        groups: 'gatehouse_10000_dev_rw',
      })
      expect(await world.account(id)).toMatchObject({
        state: 'READY',
        kind: 'service',
        target: 'primary',
        read_only: 0,
        mark: id,
        password_at: world.clock.instant(),
        proven_at: world.clock.instant(),
        expires_at: later(world.clock.now(), days(365)),
        server_expires_at: later(world.clock.now(), days(372)),
        certificate_error: null,
      })
      expect((await world.account(id)).certificate).toContain('BEGIN CERTIFICATE')
      expect(await world.changes(id)).toEqual(['create CURRENT'])
      expect(await accessMails(world, id)).toEqual([
        'access-granted to MANAGER01',
        'access-granted to USER02',
      ])
      expect(await trail(id)).toEqual([
        'account begun',
        'password set on the server',
        'password proven',
        'granted',
      ])
    })

    test('for 90 days where it is a person’s', async () => {
      const id = await world.grantedAccount({ access_type: 'database-user-account' })
      expect(await world.account(id)).toMatchObject({
        kind: 'user',
        expires_at: later(world.clock.now(), days(90)),
      })
    })

    test('not where somebody else’s has the name, and that one is left alone', async () => {
      const id = await world.approvedAccount()
      const { database_account: name } = await accessNow(world, id)
      await cluster.sql('primary', `create role ${name} login`)
      expect(await work(id)).toMatch(
        /^PROCESSING, FAILED: There is an account dbsrv_.+ on the server already\./,
      )
      expect(await accessMails(world, id)).toEqual(['access-failed to OPERATOR01'])
      await remove(id)
      expect(await work(id)).toBe('REMOVED')
      expect(await cluster.sql('primary', `select 1 from pg_roles where rolname = '${name}'`)).toHaveLength(1)
    })

    test('not where somebody takes the name at the last moment either', async () => {
      const id = await world.approvedAccount()
      const { database_account: name } = await accessNow(world, id)
      world.deps.checkpoint = async point => {
        if (point !== 'own work ended') return
        world.deps.checkpoint = undefined
        await cluster.sql('primary', `create role ${name} login`)
      }
      expect(await work(id)).toMatch(/^PROCESSING, FAILED: There is a role dbsrv_/)
      await remove(id)
      expect(await work(id)).toBe('REMOVED')
      expect(await world.role(id)).toMatchObject({ comment: null })
      expect(await removalNotes()).toContain('that is not the portal’s; it was left alone.')
    })

    test('not while its server is being checked, and says so', async () => {
      const id = await world.approvedAccount()
      const set = (values: object) => world.deps.db.updateTable('database_servers').set(values).execute()
      await set({ suspended_at: world.clock.instant(), suspended_why: 'the standby was promoted' })
      expect(await work(id)).toBe(
        'PROCESSING, PROVISIONING: The database server of 10000-DEV is being checked by the operators: the standby was promoted.',
      )
      await set({ suspended_at: null, suspended_why: '' })
      world.clock.advance(minutes(1))
      expect(await work(id)).toBe('APPROVED')
    })

    test('not for another class of environment than was approved', async () => {
      const id = await world.approvedAccount()
      world.deps.checkpoint = name => {
        if (name === 'password set') throw new Error('Stopped here.')
      }
      await work(id)
      world.deps.checkpoint = undefined
      await world.deps.db
        .updateTable('assets')
        .set({ class: 'PRODUCTION' })
        .where('id', '=', '10000-DEV')
        .execute()
      world.clock.advance(minutes(1))
      expect(await work(id)).toBe('REMOVED')
      expect(await accessNow(world, id)).toMatchObject({
        reason: '10000-DEV is a production environment by now.',
      })
      expect(await world.role(id)).toBeUndefined()
    })
  })

  describe('gets another password', () => {
    test('that is generated, while the old one stays until the new one is proven', async () => {
      const id = await world.grantedAccount()
      const before = await world.shown(id)
      world.clock.advance(hours(1))
      expect(await reset(id, 'MANAGER01')).toEqual({ ok: true, value: 'begun' })
      expect(await state(id)).toBe('APPROVED, RESETTING PASSWORD')
      expect(await world.shown(id)).toBe(before)
      expect(await work(id)).toBe('APPROVED')
      expect(await world.shown(id)).not.toBe(before)
      expect(await world.letsIn(id)).toBe(true)
      expect(await world.letsIn(id, before)).toBe(false)
      expect(await world.kept(id)).toBe(1)
      expect(await world.account(id)).toMatchObject({ expires_at: later(world.clock.now(), days(365)) })
      expect(await world.role(id)).toMatchObject({
        until: expect.stringContaining(later(world.clock.now(), days(372)).slice(0, 10)),
      })
      expect(await accessMails(world, id)).toEqual([
        'access-granted to USER02',
        'database-password-changed to USER02',
      ])
      expect((await trail(id)).slice(4)).toEqual([
        'password change asked for',
        'password set on the server',
        'password proven',
      ])
    })

    test('that its owner has chosen, and nobody else', async () => {
      const id = await world.grantedAccount()
      const ask = { password: new Secret(chosen) }
      expect(await reset(id, 'MANAGER01', ask)).toMatchObject({ ok: false, problem: { kind: 'forbidden' } })
      expect(await reset(id, 'OPERATOR01', ask)).toMatchObject({ ok: false, problem: { kind: 'forbidden' } })
      expect(await reset(id, 'USER01')).toMatchObject({ ok: false, problem: { kind: 'not_found' } })
      expect(await reset(id, 'USER02', { password: new Secret('short') })).toMatchObject({
        ok: false,
        problem: { kind: 'invalid', fields: { new_password: expect.stringContaining('at least 15') } },
      })
      expect(await reset(id, 'USER02', ask)).toMatchObject({ ok: true })
      await work(id)
      expect(await world.shown(id)).toBe(chosen)
      expect(await world.letsIn(id, chosen)).toBe(true)
      expect(await reset(id, 'USER02', ask)).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    })

    test('once, however many ask at the same moment', async () => {
      const id = await world.grantedAccount()
      const both = await Promise.all([reset(id), reset(id, 'MANAGER01')])
      expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
      expect(both.find(({ ok }) => !ok)).toMatchObject({
        problem: { kind: 'conflict', message: expect.stringContaining('is being changed already') },
      })
      await work(id)
      expect(await world.changes(id)).toEqual(['create CURRENT', 'asked CURRENT'])
      expect(await world.letsIn(id)).toBe(true)
    })

    test('later, where it is a program’s', async () => {
      const person = await world.grantedAccount({ access_type: 'database-user-account' })
      const program = await world.grantedAccount()
      const at = later(world.clock.now(), days(3))
      expect(await reset(person, 'USER02', { at })).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      expect(await reset(program, 'USER02', { at: world.clock.instant() })).toMatchObject({ ok: false })
      expect(await reset(program, 'USER02', { at })).toEqual({ ok: true, value: 'scheduled' })
      expect(await world.account(program)).toMatchObject({ reset_due_at: at, reset_by: 'USER02' })
      expect(await state(program)).toBe('APPROVED')
    })

    test('not before it is in use, nor after', async () => {
      const id = await world.approvedAccount()
      expect(await reset(id)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
      await work(id)
      await remove(id)
      expect(await reset(id)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    })

    test('also where the server came back from a backup that is older than the account', async () => {
      const id = await world.grantedAccount()
      const { name } = await world.account(id)
      await cluster.sql('primary', `drop role ${name}`)
      await reset(id)
      expect(await work(id)).toBe('APPROVED')
      expect(await world.letsIn(id)).toBe(true)
      expect(await world.role(id)).toMatchObject({
        comment: `gatehouse:${id}`,
        groups: 'gatehouse_10000_dev_rw',
      })
    })

    test('also where the server came back with an older one', async () => {
      const id = await world.grantedAccount()
      await cluster.sql('primary', `alter role ${(await world.account(id)).name} password 'of yesterday'`)
      await reset(id)
      expect(await work(id)).toBe('APPROVED')
      expect(await world.letsIn(id)).toBe(true)
      expect(await world.letsIn(id, 'of yesterday')).toBe(false)
    })

    test('and another one if the server does not take it by its rules', async () => {
      const id = await world.grantedAccount()
      const before = await world.shown(id)
      await reset(id, 'USER02', { password: new Secret(chosen) })
      // A PostgreSQL that is sent verifiers refuses no password: what another system would say is said here.
      let refusals = 0
      world.deps.checkpoint = name => {
        if (name !== 'password sent') return
        refusals += 1
        if (refusals <= 2) throw new ProvisionerError('refused', 'Too simple.')
      }
      expect(await work(id)).toBe('APPROVED, FAILED: Too simple.')
      expect(await world.shown(id)).toBe(before)
      expect(await world.letsIn(id, before)).toBe(true)
      expect(await world.kept(id)).toBe(4)
      world.clock.advance(minutes(1))
      expect(await work(id)).toBe('APPROVED')
      expect(await world.letsIn(id)).toBe(true)
      expect(await world.shown(id)).not.toBe(chosen)
      expect(await world.kept(id)).toBe(1)
      const mail = (await world.mails()).find(one => one.template === 'database-password-changed')
      expect(mail?.body).toContain('The database server did not take the password you had chosen.')
      expect((await trail(id)).filter(verb => verb === 'password refused')).toHaveLength(2)
    })

    test('and another one if it expired on the server before it could be proven', async () => {
      const id = await world.approvedAccount()
      const { database_account: name } = await accessNow(world, id)
      world.deps.checkpoint = async point => {
        if (point === 'password settled')
          await cluster.sql('primary', `alter role ${name} valid until '2026-01-01'`)
      }
      expect(await work(id)).toMatch(
        /^PROCESSING, FAILED: The password was set, but the server says that it has expired/,
      )
      world.deps.checkpoint = undefined
      expect(await world.account(id)).toMatchObject({ state: 'UNPROVABLE', secret_id: null })
      expect(await world.changes(id)).toEqual(['create SUPERSEDED', 'unprovable INTENT'])
      world.clock.advance(minutes(1))
      expect(await work(id)).toBe('APPROVED')
      expect(await world.letsIn(id)).toBe(true)
      expect(await world.account(id)).toMatchObject({ state: 'READY' })
    })

    test('as soon as the server can be reached again, for ever, and the old one stays until then', async () => {
      const id = await world.grantedAccount()
      const before = await world.shown(id)
      const { port } = cluster
      const at = (port: number) => world.deps.db.updateTable('database_servers').set({ port }).execute()
      await at(1)
      await reset(id)
      expect(await work(id)).toMatch(/^APPROVED, FAILED: localhost:1: /)
      await world.deps.db.updateTable('accesses').set({ attempts: 40 }).where('id', '=', id).execute()
      world.clock.advance(minutes(1))
      await workOff(world)
      const job = await world.deps.db
        .selectFrom('jobs')
        .select('run_at')
        .where('state', '=', 'queued')
        .executeTakeFirstOrThrow()
      expect(job.run_at).toBe(later(world.clock.now(), hours(6)))
      expect(await world.shown(id)).toBe(before)
      expect(await accessMails(world, id)).toEqual([
        'access-granted to USER02',
        'access-failed to OPERATOR01',
      ])
      await at(port)
      expect(await retry(id)).toMatchObject({ ok: true })
      expect(await work(id)).toBe('APPROVED')
      expect(await world.letsIn(id)).toBe(true)
      expect(await world.letsIn(id, before)).toBe(false)
    })

    test('whatever has become of its job', async () => {
      const id = await world.grantedAccount()
      await reset(id)
      await world.deps.db.deleteFrom('jobs').execute()
      expect(await work(id)).toBe('APPROVED')
      expect(await world.changes(id)).toEqual(['create CURRENT', 'asked CURRENT'])
    })

    test('by the portal itself, one change at a time', async () => {
      const id = await world.grantedAccount()
      const begin = async () => {
        const account = await world.account(id)
        const ask = { reason: 'expiry', askedBy: null } as const
        return world.deps.db.transaction().execute(tx => beginPasswordChange(tx, world.deps, account, ask))
      }
      expect([await begin(), await begin()]).toEqual([true, false])
      await work(id)
      await remove(id)
      expect(await begin()).toBe(false)
    })
  })

  describe('is suspended', () => {
    const suspend = (id: number) =>
      world.deps.db.transaction().execute(tx => suspendAccess(tx, world.deps, { id }, 'Why.'))
    const resume = (id: number) =>
      world.deps.db.transaction().execute(tx => resumeAccess(tx, world.deps, { id }))

    test('by being locked, its sessions ended, and given back with the password it had', async () => {
      const id = await world.grantedAccount()
      const password = await world.shown(id)
      const session = await signedIn(id)
      await suspend(id)
      expect(await work(id)).toBe('SUSPENDED')
      expect(await session.ended).toBe(true)
      expect(await world.letsIn(id)).toBe(false)
      expect(await world.account(id)).toMatchObject({ state: 'LOCKED' })
      const { expires_at } = await world.account(id)
      world.clock.advance(days(2))
      await resume(id)
      expect(await work(id)).toBe('APPROVED')
      expect(await world.shown(id)).toBe(password)
      expect(await world.letsIn(id)).toBe(true)
      expect(await world.account(id)).toMatchObject({ state: 'READY', expires_at })
      expect((await world.role(id))?.groups).toBe('gatehouse_10000_dev_rw')
      expect(await accessMails(world, id)).not.toContain('database-password-changed to USER02')
    })

    test('and given back with a new password where the old one has expired meanwhile', async () => {
      const id = await world.grantedAccount({ access_type: 'database-user-account' })
      const before = await world.shown(id)
      await suspend(id)
      await work(id)
      world.clock.advance(days(91))
      await resume(id)
      expect(await work(id)).toBe('APPROVED')
      expect(await world.shown(id)).not.toBe(before)
      expect(await world.letsIn(id)).toBe(true)
      expect(await accessMails(world, id)).toContain('database-password-changed to USER02')
    })

    test('while its password is being changed: the change goes on when it is given back', async () => {
      const id = await world.grantedAccount()
      await reset(id, 'USER02', { password: new Secret(chosen) })
      await suspend(id)
      expect(await work(id)).toBe('SUSPENDED')
      expect(await world.letsIn(id)).toBe(false)
      await resume(id)
      expect(await work(id)).toBe('APPROVED')
      expect(await world.shown(id)).toBe(chosen)
      expect(await world.letsIn(id)).toBe(true)
    })

    test('and given back after a failure', async () => {
      const id = await world.grantedAccount()
      await suspend(id)
      await work(id)
      const at = (port: number) => world.deps.db.updateTable('database_servers').set({ port }).execute()
      await at(1)
      await resume(id)
      expect(await work(id)).toMatch(/^SUSPENDED, FAILED: /)
      await at(cluster.port)
      await retry(id)
      expect(await work(id)).toBe('APPROVED')
      expect(await world.letsIn(id)).toBe(true)
    })

    test('and given back although it could never be locked, as soon as what stands in the way is gone', async () => {
      const id = await world.grantedAccount()
      const at = (port: number) => world.deps.db.updateTable('database_servers').set({ port }).execute()
      await at(1)
      await suspend(id)
      expect(await work(id)).toMatch(/^SUSPENDED, FAILED: localhost:1/)
      await at(cluster.port)
      const databases = await world.deps.db.selectFrom('asset_databases').selectAll().execute()
      await world.deps.db.deleteFrom('asset_databases').execute()
      await resume(id)
      for (const _ of [1, 2, 3]) {
        expect(await work(id)).toMatch(/^SUSPENDED, FAILED: .*10000-DEV/)
        world.clock.advance(hours(1))
      }
      await world.deps.db.insertInto('asset_databases').values(databases).execute()
      expect(await work(id)).toBe('APPROVED')
      expect(await world.letsIn(id)).toBe(true)
    })
  })

  describe('is removed', () => {
    test('proven gone, with what it owned told, and its passwords forgotten', async () => {
      const id = await world.grantedAccount()
      const { name } = await world.account(id)
      await cluster.sql(
        'primary',
        `create table public.of_${name} (); alter table public.of_${name} owner to ${name}`,
        database,
      )
      const session = await signedIn(id)
      await remove(id)
      expect(await work(id)).toBe('REMOVED')
      expect(await session.ended).toBe(true)
      expect(await world.role(id)).toBeUndefined()
      expect(await world.account(id)).toMatchObject({
        state: 'GONE',
        secret_id: null,
        gone_at: world.clock.instant(),
      })
      expect(await world.kept(id)).toBe(0)
      expect(await removalNotes()).toContain('1 object in harbour now belongs to gatehouse_10000_dev_rw.')
      expect(await accessMails(world, id)).toContain('access-removed to USER02')
    })

    test('while its password is being changed', async () => {
      const id = await world.grantedAccount()
      await reset(id)
      await remove(id)
      expect(await work(id)).toBe('REMOVED')
      expect(await world.changes(id)).toEqual(['create CURRENT', 'asked SUPERSEDED'])
      expect(await world.role(id)).toBeUndefined()
      expect(await world.kept(id)).toBe(0)
    })

    test.each(['group ensured', 'password set', 'password proven'])(
      'when its person is removed while it is made, at “%s”',
      async point => {
        const id = await world.approvedAccount()
        let done = false
        world.deps.checkpoint = async name => {
          if (name !== point || done) return
          done = true
          await remove(id)
        }
        expect(await work(id)).toBe('REMOVED')
        expect(done).toBe(true)
        expect(await world.role(id)).toBeUndefined()
        expect(await world.kept(id)).toBe(0)
        expect(await accessMails(world, id)).toEqual(['access-ended to USER02'])
      },
    )

    test('when the change of its password is just being proven', async () => {
      const id = await world.grantedAccount()
      await reset(id)
      world.deps.checkpoint = async name => {
        if (name === 'password proven') await remove(id)
      }
      expect(await work(id)).toBe('REMOVED')
      expect(await world.role(id)).toBeUndefined()
      expect(await accessMails(world, id)).toEqual(['access-granted to USER02', 'access-removed to USER02'])
    })

    test('again and again until the server can be reached, a suspended server too', async () => {
      const id = await world.grantedAccount()
      const set = (values: object) => world.deps.db.updateTable('database_servers').set(values).execute()
      await set({ port: 1, suspended_at: world.clock.instant(), suspended_why: 'it is away' })
      await remove(id)
      expect(await work(id)).toMatch(/^PENDING REMOVAL, FAILED: localhost:1: /)
      expect(await world.account(id)).toMatchObject({ state: 'REMOVING' })
      await set({ port: cluster.port })
      world.clock.advance(minutes(1))
      expect(await work(id)).toBe('REMOVED')
      expect(await world.role(id)).toBeUndefined()
    })
  })

  test('shows no password in anything that is told or kept', async () => {
    const id = await world.grantedAccount()
    await reset(id, 'USER02', { password: new Secret(chosen) })
    await work(id)
    const told = JSON.stringify([
      await world.mails(),
      await world.deps.db.selectFrom('audit_events').selectAll().execute(),
      await world.deps.db.selectFrom('accesses').selectAll().execute(),
      await world.deps.db.selectFrom('database_accounts').selectAll().execute(),
      await world.deps.db.selectFrom('password_changes').selectAll().execute(),
      await world.deps.db.selectFrom('password_candidates').selectAll().execute(),
      await world.deps.db.selectFrom('jobs').selectAll().execute(),
      cluster.log('primary'),
    ])
    expect(told).not.toContain(chosen)
  })

  /** A session of the account, and whether the server has ended it. */
  async function signedIn(id: number) {
    const { name } = await world.account(id)
    const client = new pg.Client({
      host: cluster.host,
      port: cluster.port,
      user: name,
      password: (await world.shown(id)) ?? '',
      database,
      ssl: { ca: cluster.authority.certificate },
    })
    const ended = new Promise<boolean>(resolve => client.once('end', () => resolve(true)))
    client.on('error', () => {})
    await client.connect()
    return { ended }
  }
})

/** A standby has nothing to do with the portal's own database: one is enough. */
describe('A database account of production', () => {
  let world: DatabaseWorld
  beforeEach(async () => {
    world = await createDatabaseWorld('sqlite', cluster)
    await cluster.pauseReplay()
  })
  afterEach(async () => {
    await cluster.resumeReplay()
    await world.close()
  })

  const work = async (id: number) => {
    await findForgottenAccesses(world.deps)
    await workOff(world)
    return accessState(world, id)
  }

  test('is made read-only on the standby, and granted as soon as it has got there', async () => {
    const id = await world.approvedAccount({ asset_id: '10000-PRD' })
    expect(await work(id)).toBe(
      'PROCESSING, PROVISIONING: The standby server has not got the new password yet.',
    )
    expect(await world.shown(id)).toBeNull()
    expect(await accessMails(world, id)).toEqual([])
    await cluster.resumeReplay()
    world.clock.advance(minutes(1))
    expect(await work(id)).toBe('APPROVED')
    expect(await world.letsIn(id)).toBe(true)
    expect(await world.account(id)).toMatchObject({ target: 'standby', read_only: 1 })
    expect((await world.role(id))?.groups).toBe('gatehouse_10000_prd_ro,gatehouse_standby_only')
  })

  test('is removed only when it is gone from the standby too', async () => {
    await cluster.resumeReplay()
    const id = await world.grantedAccount({ asset_id: '10000-PRD' })
    await cluster.pauseReplay()
    await removeAccess(world.deps, world.actor('USER02'), id)
    expect(await work(id)).toMatch(/^PENDING REMOVAL, FAILED: The standby/)
    expect(await world.role(id, 'standby')).toBeDefined()
    await cluster.resumeReplay()
    world.clock.advance(minutes(1))
    expect(await work(id)).toBe('REMOVED')
    expect(await world.role(id, 'standby')).toBeUndefined()
  })
})
