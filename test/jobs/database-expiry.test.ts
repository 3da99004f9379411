import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decide } from '../../src/access/decide.ts'
import { suspendAccess } from '../../src/access/end-accesses.ts'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { removeAccess } from '../../src/access/remove-access.ts'
import { transferAccess } from '../../src/access/transfer-access.ts'
import { days, hours, minutes } from '../../src/clock.ts'
import { lookAfterCertificates } from '../../src/database-accounts/look-after-certificates.ts'
import { lookAfterPasswords } from '../../src/database-accounts/look-after-passwords.ts'
import { resetPassword } from '../../src/database-accounts/reset-password.ts'
import { ProvisionerError } from '../../src/provisioners/provisioner.ts'
import { accessNow, accessState } from '../support/accesses.ts'
import { createDatabaseWorld, type DatabaseWorld, prepareCluster } from '../support/database-accounts.ts'
import { engines } from '../support/engines.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { workOff } from '../support/work-off.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await prepareCluster(await startPostgresCluster({ standby: false }))
})
afterAll(() => cluster?.stop())

describe.each(engines)('passwords of database accounts (%s)', engine => {
  let world: DatabaseWorld
  beforeEach(async () => {
    world = await createDatabaseWorld(engine, cluster)
  })
  afterEach(() => world.close())

  const tick = async () => {
    await lookAfterPasswords(world.deps)
    await workOff(world)
  }
  const mailsTo = async (person: string, template: string) =>
    (await world.mails()).filter(mail => mail.to_person === person && mail.template === template)
  /** Moves the clock to so long before the password expires, without the days in between. */
  const untilEnd = async (id: number, ms: number) => {
    const { expires_at } = await world.account(id)
    world.clock.set(new Date(Date.parse(expires_at ?? '') - ms).toISOString())
  }

  describe('that are about to expire', () => {
    test('are told about 14, 7 and 1 days before, once each, with account, host and database', async () => {
      const id = await world.grantedAccount()
      for (const stage of [15, 14, 13, 7, 6, 1.5, 1]) {
        await untilEnd(id, days(stage))
        await tick()
      }
      const mails = await mailsTo('USER02', 'database-password-expiring')
      expect(mails).toHaveLength(3)
      const { name } = await world.account(id)
      expect(mails[0]?.body).toContain(`${name} on localhost:${cluster.port}, database harbour`)
      expect(mails[0]?.body).toContain('it is reset automatically on')
    })

    test('after a long silence only the last notice is sent', async () => {
      const id = await world.grantedAccount()
      await untilEnd(id, days(2))
      await tick()
      await tick()
      expect(await mailsTo('USER02', 'database-password-expiring')).toHaveLength(1)
    })

    test('are reset at the asset’s time of day, before they expire; the new one is mailed as changed', async () => {
      const id = await world.grantedAccount()
      const old = await world.shown(id)
      const { expires_at } = await world.account(id)
      const end = new Date(expires_at ?? '')
      const at = new Date(end)
      at.setUTCHours(2, 0, 0, 0)
      if (at >= end) at.setUTCDate(at.getUTCDate() - 1)
      world.clock.set(new Date(at.getTime() - 60_000).toISOString())
      await tick()
      expect(await world.shown(id)).toBe(old)
      world.clock.advance(minutes(1))
      await tick()
      expect(await world.shown(id)).not.toBe(old)
      expect(await world.changes(id)).toEqual(['create CURRENT', 'expiry CURRENT'])
      expect((await world.account(id)).expires_at?.slice(0, 4)).not.toBe(expires_at?.slice(0, 4))
      expect(await world.letsIn(id)).toBe(true)
      const [mail] = await mailsTo('USER02', 'database-password-changed')
      expect(mail?.body).not.toContain(await world.shown(id))
      expect((await world.account(id)).noticed_days).toBeNull()
    })

    test('go by another time of day where operators have set one, in the zone of the asset', async () => {
      const id = await world.grantedAccount()
      await world.deps.db.updateTable('asset_databases').set({ reset_at: '23:30' }).execute()
      await world.deps.db.updateTable('assets').set({ time_zone: 'Asia/Tokyo' }).execute()
      const { expires_at } = await world.account(id)
      // 23:30 in Tokyo is 14:30 in UTC.
      const due = new Date(expires_at ?? '')
      due.setUTCHours(14, 30, 0, 0)
      if (due.toISOString() >= (expires_at ?? '')) due.setUTCDate(due.getUTCDate() - 1)
      world.clock.set(new Date(due.getTime() - 60_000).toISOString())
      await tick()
      expect(await world.changes(id)).toEqual(['create CURRENT'])
      world.clock.advance(minutes(1))
      await tick()
      expect(await world.changes(id)).toEqual(['create CURRENT', 'expiry CURRENT'])
    })

    test('and whose reset is delayed let their owners in for as long as it takes', async () => {
      const id = await world.grantedAccount()
      const old = await world.shown(id)
      const first = (await world.role(id))?.until ?? ''
      await untilEnd(id, 0)
      world.deps.checkpoint = point => {
        if (point === 'password sent') throw new ProvisionerError('failed', 'No disk space.')
      }
      await tick()
      // The portal's end has come, the server's own not yet: it is left as it is.
      expect((await world.role(id))?.until).toBe(first)
      for (const week of [1, 2, 3]) {
        world.clock.advance(days(week === 1 ? 5 : 7))
        await tick()
        const { until } = (await world.role(id)) ?? {}
        expect(Date.parse(until ?? '')).toBe(world.clock.now().getTime() + days(7))
        expect((await world.account(id)).server_expires_at).toBe(new Date(until ?? '').toISOString())
        expect(await world.shown(id)).toBe(old)
        expect(await world.letsIn(id, old)).toBe(true)
      }
      world.deps.checkpoint = undefined
      world.clock.advance(hours(2))
      await tick()
      expect(await world.shown(id)).not.toBe(old)
      expect(await world.letsIn(id)).toBe(true)
      expect(Date.parse((await world.role(id))?.until ?? '')).toBe(
        Date.parse((await world.account(id)).expires_at ?? '') + days(7),
      )
    })

    test('of accesses that are on their way out are left alone', async () => {
      const id = await world.grantedAccount()
      await removeAccess(world.deps, world.actor('USER02'), id)
      await workOff(world)
      world.clock.advance(days(365))
      await tick()
      expect(await mailsTo('USER02', 'database-password-expiring')).toEqual([])
    })
  })

  test('a reset for later comes at its time', async () => {
    const id = await world.grantedAccount()
    const at = new Date(world.clock.now().getTime() + hours(30)).toISOString()
    expect(await resetPassword(world.deps, world.actor('USER02'), id, { at })).toMatchObject({ ok: true })
    world.clock.advance(hours(29))
    await tick()
    expect(await world.changes(id)).toEqual(['create CURRENT'])
    world.clock.advance(hours(1))
    await tick()
    expect(await world.changes(id)).toEqual(['create CURRENT', 'scheduled CURRENT'])
    expect((await world.account(id)).reset_due_at).toBeNull()
    expect(await world.letsIn(id)).toBe(true)
  })

  describe('and certificates', () => {
    test('are fetched anew; who has the account is told once before one ends', async () => {
      const id = await world.grantedAccount()
      const soon = new Date(world.clock.now().getTime() + days(10))
      await cluster.useCertificate('primary', await cluster.authority.issue({ to: soon }))
      try {
        for (let night = 0; night < 2; night += 1) {
          await lookAfterCertificates(world.deps)
          await workOff(world)
        }
      } finally {
        await cluster.useCertificate('primary', await cluster.authority.issue())
      }
      expect((await world.account(id)).certificate_expires_at?.slice(0, 10)).toBe(
        soon.toISOString().slice(0, 10),
      )
      expect(await mailsTo('USER02', 'database-certificate-ending')).toHaveLength(1)
    })

    test('one that is not to be believed replaces nothing, and operators are told once', async () => {
      const id = await world.grantedAccount()
      const { certificate } = await world.account(id)
      await cluster.useCertificate('primary', await cluster.authority.issue({ hosts: ['other.example.com'] }))
      try {
        for (let night = 0; night < 2; night += 1) {
          await lookAfterCertificates(world.deps)
          await workOff(world)
        }
      } finally {
        await cluster.useCertificate('primary', await cluster.authority.issue())
      }
      const account = await world.account(id)
      expect(account.certificate).toBe(certificate)
      expect(account.certificate_error).toContain('another name')
      expect(await mailsTo('OPERATOR01', 'database-certificate-not-believed')).toHaveLength(1)
    })
  })

  describe('Transfer Access', () => {
    const ask = (id: number, to: string, who: Parameters<typeof world.actor>[0] = 'USER02') =>
      transferAccess(world.deps, world.actor(who), id, { to, justification: 'Changes teams.' })
    const asked = () =>
      world.deps.db
        .selectFrom('accesses')
        .selectAll()
        .where('transfer_of', 'is not', null)
        .where('status', '=', 'PROCESSING')
        .executeTakeFirstOrThrow()
    const approve = async (id: number, version: number) => {
      const decided = await decide(world.deps, world.actor('MANAGER01'), [
        { accessId: id, version, disposition: 'APPROVED', comments: '' },
      ])
      expect(decided.ok).toBe(true)
      await workOff(world)
    }

    test('gives the account to another person, with a password the former owner never saw', async () => {
      const id = await world.grantedAccount()
      const old = await world.shown(id)
      const { name } = await world.account(id)
      expect(await ask(id, 'user01@example.com')).toMatchObject({ ok: true })
      expect(await accessState(world, id)).toBe('APPROVED')
      const request = await asked()
      await approve(request.id, request.version)
      expect(await accessNow(world, id)).toMatchObject({
        status: 'REMOVED',
        reason: `${name} was transferred to User 01.`,
      })
      expect(await accessNow(world, request.id)).toMatchObject({ status: 'APPROVED', transfer_of: null })
      expect((await world.account(request.id)).name).toBe(name)
      expect(await world.shown(request.id)).not.toBe(old)
      expect(await world.letsIn(request.id)).toBe(true)
      expect(await world.letsIn(request.id, old)).toBe(false)
      expect((await mailsTo('USER02', 'access-handed-over'))[0]?.body).toContain('transferred to User 01')
      const [granted] = (await mailsTo('USER01', 'access-granted')).slice(-1)
      expect(granted?.body).toContain(`${name} has been transferred, and has a new password.`)
    })

    test('only to somebody active of the customer, and only once at a time', async () => {
      const id = await world.grantedAccount()
      for (const to of ['', 'nobody@example.com', 'user03@example.com', 'OPERATOR01', 'USER02'])
        expect(await ask(id, to), to).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
      expect(await ask(id, 'USER01')).toMatchObject({ ok: true })
      expect(await ask(id, 'MANAGER02')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
      expect(await ask(id, 'USER01', 'USER03')).toMatchObject({ ok: false, problem: { kind: 'not_found' } })
    })

    test('waits for what is being done on the server for the former owner', async () => {
      const id = await world.grantedAccount()
      await ask(id, 'USER01')
      const request = await asked()
      await world.deps.db.transaction().execute(tx => suspendAccess(tx, world.deps, { id }, 'Looked into.'))
      // Somebody has locked it on the server, and has not written it down yet.
      await world.deps.db.deleteFrom('jobs').where('name', '=', 'work on access').execute()
      await approve(request.id, request.version)
      expect(await accessState(world, id)).toMatch(/^SUSPENDED, /)
      expect(await accessState(world, request.id)).toMatch(/^PROCESSING, /)
      await findForgottenAccesses(world.deps)
      await workOff(world)
      expect(await accessState(world, id)).toBe('SUSPENDED')
      world.clock.advance(minutes(1))
      await workOff(world)
      expect(await accessState(world, id)).toBe('REMOVED')
      expect(await accessState(world, request.id)).toBe('APPROVED')
      expect(await world.account(request.id)).toMatchObject({ state: 'READY' })
      expect(await world.letsIn(request.id)).toBe(true)
    })

    test('an account that was removed meanwhile goes to nobody', async () => {
      const id = await world.grantedAccount()
      await ask(id, 'USER01')
      const request = await asked()
      await removeAccess(world.deps, world.actor('USER02'), id)
      await workOff(world)
      await approve(request.id, request.version)
      expect(await accessState(world, request.id)).toBe('REMOVED')
    })
  })
})
