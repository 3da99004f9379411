import { X509Certificate } from 'node:crypto'
import { inspect } from 'node:util'
import { createConnection } from 'mariadb'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Authority, type IssueOptions, makeAuthority } from '../../../scripts/postgres/certificates.ts'
import { compareOn } from '../../../src/database-accounts/compare-accounts.ts'
import { findFinding, openFindings } from '../../../src/database-accounts/drift-queries.ts'
import { endOrphan } from '../../../src/database-accounts/drift-verbs.ts'
import { Secret } from '../../../src/secret.ts'
import { addServerWithPassword } from '../../support/database-servers.ts'
import { workOff } from '../../support/work-off.ts'
import { createWorld } from '../../support/world.ts'
import { kind, listed } from './contract.ts'
import { adminPassword, another, holdingBack, isAlive, password, type World } from './mariadb-world.ts'

/** Work that is interrupted, removals, the standby and TLS, on MariaDB and MySQL alike. */
export function serverTests(world: World): void {
  const { ways, open, account, standbyAccount, signIn, fixture } = world

  describe('a process that ends in the middle', () => {
    const endingAt = (point: string) =>
      open({
        checkpoint: name => {
          if (name === point) throw new Error('ended here')
        },
      })

    test('with the account intended: it is made later, unless somebody else was faster', async () => {
      const [one, taken] = [account(), account()]
      for (const each of [one, taken])
        await expect(endingAt('account intended').ensureAccount(each, password)).rejects.toThrow('ended here')
      await fixture().makeForeign(taken.name)
      await open().ensureAccount(one, another)
      expect(await open().proves(one, another)).toBe('proven')
      expect(await open().whoHas(taken.name)).toEqual({ mark: null })
      await expect(open().ensureAccount(taken, password)).rejects.toMatchObject(kind('not-ours'))
      await expect(open().dropAccount(taken)).rejects.toMatchObject(kind('not-ours'))
    })

    test('with the account made: it is known again, with the password it had then', async () => {
      const one = account()
      await expect(endingAt('account made').ensureAccount(one, password)).rejects.toThrow('ended here')
      expect(await open().whoHas(one.name)).toEqual({ mark: one.mark })
      await open().ensureAccount(one, another)
      expect(await open().proves(one, another)).toBe('proven')
    })

    test('between CREATE USER and the note of it: it is known by what it signs in with', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      await world.pair.sql('primary', ways.unnoted(one.name))
      expect(await open().whoHas(one.name)).toEqual({ mark: one.mark })
      await open().ensureAccount(one, another)
      expect(await open().proves(one, another)).toBe('proven')
    })

    test('after DROP USER, and somebody else takes the name: theirs stays', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      await world.pair.sql(
        'primary',
        `update gatehouse.accounts set state = 'removing', digest = repeat('0', 64) where name = '${one.name}'`,
      )
      await expect(open().dropAccount(one)).rejects.toMatchObject(kind('not-ours'))
      expect(await open().proves(one, password)).toBe('proven')
    })

    test('a statement that waits for a lock is ended, and does not come later', async () => {
      const one = account()
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      const blocker = await world.pair.connect('primary')
      await blocker.query(ways.hold)
      const lost = provisioner.changePassword(one, another).catch(error => error)
      const waiting = `select id from information_schema.processlist where user = 'gatehouse' and state like 'Waiting%'`
      await expect.poll(() => world.pair.sql('primary', waiting)).toHaveLength(1)
      const hurried = open({ limits: { work: 300 } })
      await expect(hurried.extend(one)).rejects.toMatchObject(kind('unreachable'))
      await open().endOwnWork(one)
      await blocker.query('unlock tables')
      await blocker.end()
      expect(await lost).toMatchObject(kind('unreachable'))
      expect(await provisioner.proves(one, password)).toBe('proven')
    })
  })

  describe('removal', () => {
    test('says what goes by its name', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      await world.pair.sql(
        'primary',
        `create definer = ${one.name} sql security invoker view app.left_behind${one.mark} as select 1 as x`,
      )
      const { notes } = await open().dropAccount(one)
      expect(notes).toEqual(['1 view had it as DEFINER and needs another one.'])
    })

    test('does not let in who had begun to sign in before', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      // The server has looked at the account by then, and waits for the answer to its challenge.
      const held = await holdingBack(world.pair.port, ways.lastMessage, () => open().lockAccount(one))
      const entered = createConnection({
        host: '127.0.0.1',
        port: held.port,
        user: one.name,
        password: password.expose(),
        ssl: { ca: world.pair.authority.certificate },
      })
      await expect(entered).rejects.toMatchObject({ fatal: true })
      expect(await held.done).toBe(true)
    })
  })

  describe('the standby', () => {
    test('has read-only accounts of its own, which the primary does not know', async () => {
      const one = standbyAccount()
      const provisioner = open()
      expect(await provisioner.ensureAccount(one, password)).toBeNull()
      expect(await fixture().exists(one.name, 'standby')).toBe(true)
      expect(await fixture().exists(one.name, 'primary')).toBe(false)
      expect(await provisioner.whoHas(one.name)).toEqual({ mark: one.mark, target: 'standby' })
      const client = await signIn(one, password)
      await client.query('select * from orders')
      const rights = await client.query<Record<string, string>[]>('show grants')
      expect(rights.flatMap(row => Object.values(row))[1]).toContain('GRANT SELECT ON `app`.* TO')
      await client.end()
      await expect(signIn(one, password, 'primary')).rejects.toMatchObject({ errno: 1045 })
      expect((await listed(provisioner)).find(found => found.name === one.name)).toMatchObject({
        mark: one.mark,
        unexpected: [],
      })
      await world.pair.caughtUp()
      const [status] = await world.pair.sql<{ Last_Error: string }>('standby', 'show replica status')
      expect(status?.Last_Error).toBe('')
    })

    test('loses what nobody owns there, when operators disable or drop it', async () => {
      const one = standbyAccount()
      await open().ensureAccount(one, password)
      const portal = await createWorld('sqlite')
      onTestFinished(() => portal.close())
      const { pair } = world
      const serverId = await addServerWithPassword(portal.deps, adminPassword, {
        engine: 'mariadb',
        host: pair.host,
        port: pair.port,
        standby_host: pair.standby.host,
        standby_port: pair.standby.port,
        ca: pair.authority.certificate,
      })
      await compareOn(portal.deps, serverId, async () => {})
      const orphan = (await openFindings(portal.deps.db, 500)).find(found => found.name === one.name)
      for (const act of ['disable', 'drop'] as const) {
        await endOrphan(portal.deps, portal.actor('OPERATOR01'), orphan?.id ?? 0, act)
        await workOff(portal)
        await expect(signIn(one, password)).rejects.toThrow()
        expect((await findFinding(portal.deps.db, orphan?.id ?? 0))?.act_error).toBeNull()
      }
      expect(await fixture().exists(one.name, 'standby')).toBe(false)
    })

    test('is not said to have an account that the primary has dropped and it has yet to', async () => {
      const one = account()
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      await world.pair.caughtUp()
      await world.pair.pauseReplica()
      try {
        await expect(provisioner.dropAccount(one)).rejects.toMatchObject(kind('lagging'))
        await expect(provisioner.whoHas(one.name)).rejects.toMatchObject(kind('lagging'))
      } finally {
        await world.pair.resumeReplica()
      }
      await world.pair.caughtUp()
      expect(await provisioner.whoHas(one.name)).toBe('free')
    })

    test('does not take a name of the primary, nor the other way round', async () => {
      const [here, there] = [account(), standbyAccount()]
      const provisioner = open()
      await provisioner.ensureAccount(here, password)
      await provisioner.ensureAccount(there, password)
      const turned = provisioner.ensureAccount({ ...there, target: 'primary' }, password)
      await expect(turned).rejects.toMatchObject(kind('not-ours'))
      const other = provisioner.ensureAccount({ ...here, target: 'standby' }, password)
      await expect(other).rejects.toMatchObject(kind('not-ours'))
    })

    test('is waited for: nothing is gone before it is gone there, and no session outlives it', async () => {
      const one = account()
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      await world.pair.caughtUp()
      const session = await signIn(one, password, 'standby')
      await world.pair.pauseReplica()
      try {
        await expect(provisioner.lockAccount(one)).rejects.toMatchObject(kind('lagging'))
        expect(await isAlive(session)).toBe(true)
      } finally {
        await world.pair.resumeReplica()
      }
      await provisioner.dropAccount(one)
      expect(await isAlive(session)).toBe(false)
      expect(await fixture().exists(one.name, 'standby')).toBe(false)
    })
  })

  describe('TLS', () => {
    const certified = async (by: Authority, options: IssueOptions, meanwhile: () => Promise<void>) => {
      await world.pair.useCertificate('primary', await by.issue(options), by)
      try {
        await meanwhile()
      } finally {
        await world.pair.useCertificate('primary', await world.pair.authority.issue())
      }
    }
    const expectDisbelief = async () => {
      await expect(open().whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted'))
      await expect(open().certificate('primary')).rejects.toMatchObject(kind('untrusted'))
    }

    test('a certificate that has expired is not believed', async () => {
      const to = new Date(Date.now() + ways.certificateFor)
      await certified(world.pair.authority, { to }, async () => {
        await expect.poll(() => Date.now()).toBeGreaterThan(to.getTime() + 1_000)
        world.clock.set(new Date().toISOString())
        await expectDisbelief()
      })
    })

    test('a certificate for another name is not believed', () =>
      certified(world.pair.authority, { hosts: ['db.example.com'] }, expectDisbelief))

    test('a certificate that somebody else has signed is not believed', async () =>
      certified(await makeAuthority('Somebody else'), {}, expectDisbelief))

    test('another one later is not believed either', async () => {
      const provisioner = open()
      expect(await provisioner.whoHas('dbsrv_x')).toBe('free')
      await certified(await makeAuthority('Somebody else'), {}, () =>
        expect(provisioner.whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted')),
      )
    })

    test('a pinned one is believed, whoever has signed it, and no other', async () => {
      const theirs = await makeAuthority('Somebody else')
      const own = await theirs.issue({ to: new Date('2090-01-01') })
      await world.pair.useCertificate('primary', own, theirs)
      try {
        const pin = new X509Certificate(own.certificate).fingerprint256
        const pinned = open({ access: { standby: null, trust: { ca: null, pin, standbyPin: null } } })
        expect(await pinned.whoHas('dbsrv_x')).toBe('free')
        expect((await pinned.certificate('primary')).expiresAt.getFullYear()).toBe(2090)
        const trust = { ca: null, pin: '0'.repeat(64), standbyPin: null }
        const wrong = open({ access: { standby: null, trust } })
        await expect(wrong.whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted'))
      } finally {
        await world.pair.useCertificate('primary', await world.pair.authority.issue())
      }
    })

    test('clients get the CA, and when the first of the chain ends', async () => {
      const found = await open().certificate('standby')
      expect(found.pem.trim()).toBe(world.pair.authority.certificate.trim())
      expect(found.expiresAt.getFullYear()).toBe(2120)
    })

    test('the portal’s own wrong password is said, and never shown', async () => {
      const wrong = open({ access: { adminPassword: new Secret('notTheRightOne1') } })
      const said = await wrong.whoHas('dbsrv_x').catch(error => error)
      expect(said).toMatchObject(kind('denied'))
      expect(inspect(said, { depth: 9 })).not.toContain('notTheRightOne1')
    })
  })
}
