import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { inspect } from 'node:util'
import { type Connection, createConnection } from 'mariadb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAuthority } from '../../../scripts/postgres/certificates.ts'
import type { Limits } from '../../../src/provisioners/mariadb/connection.ts'
import { MariadbProvisioner } from '../../../src/provisioners/mariadb/mariadb-provisioner.ts'
import { accountOf, databasePattern, literal, quoted } from '../../../src/provisioners/mariadb/names.ts'
import { mariadbRights } from '../../../src/provisioners/mariadb/rights.ts'
import { verifierFor } from '../../../src/provisioners/mariadb/verifier.ts'
import type { Account, CheckLine, ServerAccess } from '../../../src/provisioners/provisioner.ts'
import { Secret } from '../../../src/secret.ts'
import { movableClock } from '../../support/clock.ts'
import { mariadbPrograms } from '../../support/mariadb-programs.ts'
import { type MariadbPair, startMariadbPair } from '../../support/mariadb-server.ts'
import { quietLog } from '../../support/quiet-log.ts'
import { kind, listed, type ProvisionerFixture, provisionerContract } from './contract.ts'

const isHere = mariadbPrograms() !== null
let pair: MariadbPair
const clock = movableClock(new Date().toISOString())
const adminPassword = 'the portal 4711'
const days = (count: number) => new Date(clock.now().getTime() + count * 86_400_000)
let number = 0

/** Least rights: the statements of the help page, and no more. */
beforeAll(async () => {
  if (!isHere) return
  pair = await startMariadbPair()
  for (const statement of [
    'create database app',
    'create database app_1',
    'create database appX1',
    'create database other',
    'create table app.orders (id int)',
    'create table app_1.things (id int)',
    'create table appX1.things (id int)',
    ...[...mariadbRights.statements, ...mariadbRights.standby].map(one =>
      one.replace('…', adminPassword).replace(/;$/, ''),
    ),
    'grant select, insert, update, delete on `app\\_1`.* to gatehouse with grant option',
  ])
    await pair.sql('primary', statement)
  await pair.caughtUp()
})
afterAll(() => pair?.stop())

const access = (changes: Partial<ServerAccess> = {}): ServerAccess => ({
  name: 'main',
  host: pair.host,
  port: pair.port,
  standby: pair.standby,
  adminName: 'gatehouse',
  adminPassword: new Secret(adminPassword),
  trust: { ca: pair.authority.certificate, pin: null, standbyPin: null },
  options: {},
  ...changes,
})

interface Opening {
  access?: Partial<ServerAccess>
  limits?: Partial<Limits>
  checkpoint?: (name: string) => Promise<void> | void
}
const open = ({ access: changes, limits, checkpoint }: Opening = {}) =>
  new MariadbProvisioner(access(changes), { clock, log: quietLog, environment: {}, checkpoint }, limits)

function account(overrides: Partial<Account> = {}): Account {
  number += 1
  return {
    name: `dbsrv_test${number}`,
    mark: number,
    database: 'app',
    group: '10000_dev',
    owners: [],
    readOnly: false,
    target: 'primary',
    validUntil: days(372),
    ...overrides,
  }
}
const standbyAccount = (overrides: Partial<Account> = {}) =>
  account({ readOnly: true, target: 'standby', group: '10000_prd', ...overrides })

async function signIn(one: Account, password: Secret, on = one.target): Promise<Connection> {
  const client = await createConnection({
    ...(on === 'standby' ? pair.standby : { host: pair.host, port: pair.port }),
    user: one.name,
    password: password.expose(),
    database: one.database,
    ssl: { ca: pair.authority.certificate },
  })
  client.on('error', () => {})
  return client
}

const isAlive = (client: Connection) =>
  client.query('select 1').then(
    () => true,
    () => false,
  )

const fixture = (): ProvisionerFixture => ({
  engine: 'mariadb',
  open: at =>
    open({ access: { ...at, ...(at && { standby: null }) }, ...(at && { limits: { connect: 1_000 } }) }),
  account,
  standbyAccount,
  makeForeign: async name =>
    void (await pair.sql('primary', `create user ${accountOf(name)} identified by 'theirs' require ssl`)),
  holdSession: async (one, password) => {
    const client = await signIn(one, password)
    return { isAlive: () => isAlive(client), end: () => client.end().catch(() => {}) }
  },
  // What goes to the replicas as well.
  statementLog: async () =>
    [
      pair.generalLog('primary'),
      pair.generalLog('standby'),
      JSON.stringify(await pair.sql('primary', 'show binlog events')),
    ].join('\n'),
  exists: async (name, on) =>
    (await pair.sql(on, `select 1 from mysql.user where user = ${literal(name.replaceAll('\\', '\\\\'))}`))
      .length > 0,
  tls: true,
})

/** Passes a connection on, and keeps back what the client sends for the nth time until `meanwhile` is through. */
async function holdingBack(nth: number, meanwhile: () => Promise<void>) {
  const done = Promise.withResolvers<boolean>()
  const proxy = createServer(client => {
    const server = connect(pair.port, '127.0.0.1')
    server.pipe(client)
    for (const end of [client, server]) end.on('error', () => {})
    server.on('close', () => client.destroy())
    let count = 0
    client.on('data', async data => {
      count += 1
      if (count === nth) {
        client.pause()
        await meanwhile().then(() => done.resolve(true), done.reject)
        proxy.close()
      }
      server.write(data)
      client.resume()
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  return { port: typeof address === 'object' && address ? address.port : 0, done: done.promise }
}

const password = new Secret('Zz9%^*_+aB3dE5gH7jK')
const another = new Secret('AnotherOne123456')

if (isHere) describe('MariaDB', mariadbTests)
else
  test('MariaDB was not tried: this machine has none, and nobody may install it', () => {
    expect(process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')).toBe(false)
  })

function mariadbTests(): void {
  provisionerContract(fixture)

  describe('what is kept of a password', () => {
    test('is what the server would have made of it', async () => {
      for (const plugin of ['ed25519', 'mysql_native_password'] as const) {
        const one = account()
        await pair.sql(
          'primary',
          `create user ${one.name} identified via ${plugin} using password(${literal(password.expose())})`,
        )
        const [row] = await pair.sql<{ text: string }>(
          'primary',
          `select json_value(priv, '$.authentication_string') as text from mysql.global_priv where user = '${one.name}'`,
        )
        expect(verifierFor(plugin, password).text).toBe(row?.text)
      }
    })

    test('is ed25519, or the older one where the server has nothing better', async () => {
      const pluginOf = async ({ name }: Account) =>
        (
          await pair.sql<{ plugin: string }>(
            'primary',
            `select plugin from mysql.user where user = '${name}'`,
          )
        )[0]?.plugin
      const provisioner = open()
      const [one, older] = [account(), account()]
      await provisioner.ensureAccount(one, password)
      expect(await pluginOf(one)).toBe('ed25519')
      await pair.sql('primary', `uninstall soname 'auth_ed25519'`)
      try {
        await provisioner.ensureAccount(older, password)
        expect(await pluginOf(older)).toBe('mysql_native_password')
        expect(await provisioner.proves(older, password)).toBe('proven')
        const found = (await provisioner.check([])).find(line => line.what === 'How passwords are kept')
        expect(found).toMatchObject({ level: 'warning' })
      } finally {
        await pair.sql('primary', `install soname 'auth_ed25519'`)
      }
      expect(await provisioner.proves(one, password)).toBe('proven')
    })

    test('goes over TLS only', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      await pair.sql('primary', 'set global require_secure_transport = OFF')
      const plain = createConnection({
        host: '127.0.0.1',
        port: pair.port,
        user: one.name,
        password: password.expose(),
      })
      await expect(plain).rejects.toMatchObject({ errno: 1045 })
      await pair.sql('primary', 'set global require_secure_transport = ON')
    })
  })

  describe('rights', () => {
    test('a read/write account reads and writes, also what comes later, and nothing else', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      await pair.sql('primary', 'create table if not exists app.later (id int)')
      const client = await signIn(one, password)
      await client.query('insert into orders values (2)')
      await client.query('insert into later values (1)')
      await expect(client.query('drop table orders')).rejects.toMatchObject({ errno: 1142 })
      await expect(client.query('create table mine (id int)')).rejects.toMatchObject({ errno: 1142 })
      await expect(client.query('select user from mysql.user')).rejects.toMatchObject({ errno: 1142 })
      await expect(client.query('use other')).rejects.toMatchObject({ errno: 1044 })
      await client.end()
    })

    test('a database of any name is that database, and its account of any name that account', async () => {
      const database = "a`b\\_%'ü"
      const escaped = quoted(databasePattern(database))
      await pair.sql('primary', "create database `a``b\\_%'ü`")
      await pair.sql(
        'primary',
        `grant select, insert, update, delete on ${escaped}.* to gatehouse with grant option`,
      )
      const one = account({ database, name: `dbsrv_"'\\;ü` })
      await open().ensureAccount(one, password)
      expect(await open().proves(one, password)).toBe('proven')
      await open().dropAccount(one)
      await expect(open().ensureAccount(account({ name: 'x'.repeat(200) }), password)).rejects.toMatchObject(
        kind('failed'),
      )
    })

    test('an underscore in the name of its database stands for itself', async () => {
      const one = account({ database: 'app_1' })
      await open().ensureAccount(one, password)
      const client = await signIn(one, password)
      await client.query('insert into things values (1)')
      await expect(client.query('select * from appX1.things')).rejects.toMatchObject({ errno: 1142 })
      await client.end()
    })

    test('nobody gets rights on the server’s own databases', async () => {
      for (const database of ['mysql', 'gatehouse', 'gatehouse_replica']) {
        const made = open().ensureAccount(account({ database }), password)
        await expect(made).rejects.toMatchObject(kind('failed'))
      }
    })

    test('made read-only, it loses the others; given another database, it loses the first', async () => {
      const provisioner = open()
      const one = account()
      await provisioner.ensureAccount(one, password)
      await provisioner.ensureAccount({ ...one, readOnly: true }, password)
      const client = await signIn(one, password)
      await expect(client.query('insert into orders values (3)')).rejects.toMatchObject({ errno: 1142 })
      await client.end()
      await provisioner.ensureAccount({ ...one, database: 'app_1' }, password)
      await expect(signIn(one, password)).rejects.toMatchObject({ errno: 1044 })
      expect(await provisioner.proves({ ...one, database: 'app_1' }, password)).toBe('proven')
      await expect(provisioner.proves(one, password)).rejects.toMatchObject(kind('denied'))
    })

    test('what goes beyond is found', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      for (const statement of [
        `grant create on app.* to ${one.name}`,
        `grant select on other.* to ${one.name}`,
        `grant process on *.* to ${one.name}`,
        `create role reporting_${one.mark}`,
        `grant reporting_${one.mark} to ${one.name}`,
        `alter user ${one.name} require none`,
        `create user ${one.name}@localhost identified by 'x'`,
      ])
        await pair.sql('primary', statement)
      const found = (await listed(open())).filter(other => other.name === one.name)
      expect(found.map(({ mark, unexpected }) => ({ mark, unexpected }))).toEqual([
        {
          mark: one.mark,
          unexpected: [
            'may sign in without TLS',
            'may CREATE on app',
            'may PROCESS on everything',
            'may SELECT on other',
            `has the role reporting_${one.mark}`,
          ],
        },
        { mark: null, unexpected: ['is for the host localhost', 'may sign in without TLS'] },
      ])
      await expect(open().ensureAccount(one, password)).rejects.toMatchObject(kind('not-ours'))
      await expect(open().dropAccount(one)).rejects.toThrow(`there still is ${one.name}@localhost`)
    })
  })

  describe('an end of its own', () => {
    test('too old, a password can’t be proven; a new one can', async () => {
      const one = account({ validUntil: days(-1) })
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      expect(await provisioner.proves(one, password)).toBe('expired')
      await provisioner.changePassword({ ...one, validUntil: days(90) }, password)
      expect(await provisioner.proves(one, password)).toBe('proven')
    })

    test('too old by the days that the server counts itself', async () => {
      const one = account({ validUntil: days(90) })
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      await pair.sql(
        'primary',
        `update mysql.global_priv set priv = json_set(priv, '$.password_last_changed', unix_timestamp() - 100 * 86400) where user = '${one.name}'`,
      )
      await pair.sql('primary', 'flush privileges')
      expect(await provisioner.proves(one, password)).toBe('expired')
    })

    test('it can be moved, and nothing else with it', async () => {
      const one = account({ validUntil: days(-1) })
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      await provisioner.extend({ ...one, validUntil: days(7) })
      expect(await provisioner.proves(one, password)).toBe('proven')
      const found = (await listed(provisioner)).find(other => other.name === one.name)
      expect(Math.abs((found?.validUntil?.getTime() ?? 0) - days(7).getTime())).toBeLessThan(86_400_000)
      await provisioner.lockAccount(one)
      await provisioner.extend({ ...one, validUntil: null })
      expect(await provisioner.proves(one, password)).toBe('locked')
    })
  })

  test('blocked after too many wrong passwords, it is locked until it gets another one', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    await pair.sql('primary', 'set global max_password_errors = 1')
    try {
      expect(await provisioner.proves(one, another)).toBe('refused')
      expect(await provisioner.proves(one, password)).toBe('locked')
      await provisioner.changePassword(one, another)
      expect(await provisioner.proves(one, another)).toBe('proven')
    } finally {
      await pair.sql('primary', 'set global max_password_errors = default')
    }
  })

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
      await pair.sql(
        'primary',
        `update gatehouse.accounts a join mysql.global_priv p on p.user = a.name
          set a.state = 'making', a.digest = sha2(concat('ed25519', char(0), json_value(priv, '$.authentication_string')), 256)
          where a.name = '${one.name}'`,
      )
      expect(await open().whoHas(one.name)).toEqual({ mark: one.mark })
      await open().ensureAccount(one, another)
      expect(await open().proves(one, another)).toBe('proven')
    })

    test('after DROP USER, and somebody else takes the name: theirs stays', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      await pair.sql(
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
      const blocker = await pair.connect('primary')
      await blocker.query('lock tables mysql.global_priv write, mysql.user write')
      const lost = provisioner.changePassword(one, another).catch(error => error)
      const waiting = `select id from information_schema.processlist where user = 'gatehouse' and state like 'Waiting%'`
      await expect.poll(() => pair.sql('primary', waiting)).toHaveLength(1)
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
      await pair.sql(
        'primary',
        `create definer = ${one.name} sql security invoker view app.left_behind${one.mark} as select 1 as x`,
      )
      const { notes } = await open().dropAccount(one)
      expect(notes).toEqual(['1 view had it as DEFINER and needs another one.'])
    })

    test('does not let in who had begun to sign in before', async () => {
      const one = account()
      await open().ensureAccount(one, password)
      // MariaDB has looked at the account by then, and waits for the answer to its challenge.
      const held = await holdingBack(3, () => open().lockAccount(one))
      const entered = createConnection({
        host: '127.0.0.1',
        port: held.port,
        user: one.name,
        password: password.expose(),
        ssl: { ca: pair.authority.certificate },
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
      expect(await provisioner.whoHas(one.name)).toEqual({ mark: one.mark })
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
      await pair.caughtUp()
      const [status] = await pair.sql<{ Last_Error: string }>('standby', 'show replica status')
      expect(status?.Last_Error).toBe('')
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
      await pair.caughtUp()
      const session = await signIn(one, password, 'standby')
      await pair.pauseReplica()
      try {
        await expect(provisioner.lockAccount(one)).rejects.toMatchObject(kind('lagging'))
        expect(await isAlive(session)).toBe(true)
      } finally {
        await pair.resumeReplica()
      }
      await provisioner.dropAccount(one)
      expect(await isAlive(session)).toBe(false)
      expect(await fixture().exists(one.name, 'standby')).toBe(false)
    })
  })

  describe('TLS', () => {
    test.each([
      ['one that has expired', async () => pair.authority.issue({ to: new Date('2021-01-01') })],
      ['one for another name', async () => pair.authority.issue({ hosts: ['db.example.com'] })],
      ['one that somebody else has signed', async () => (await makeAuthority('Somebody else')).issue()],
    ])('a certificate is not believed: %s', async (_what, issue) => {
      await pair.useCertificate('primary', await issue())
      try {
        await expect(open().whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted'))
        await expect(open().certificate('primary')).rejects.toMatchObject(kind('untrusted'))
      } finally {
        await pair.useCertificate('primary', await pair.authority.issue())
      }
    })

    test('another one later is not believed either', async () => {
      const provisioner = open()
      expect(await provisioner.whoHas('dbsrv_x')).toBe('free')
      await pair.useCertificate('primary', await (await makeAuthority('Somebody else')).issue())
      try {
        await expect(provisioner.whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted'))
      } finally {
        await pair.useCertificate('primary', await pair.authority.issue())
      }
    })

    test('a pinned one is believed, whoever has signed it, and no other', async () => {
      const own = await (await makeAuthority('Somebody else')).issue({ to: new Date('2090-01-01') })
      await pair.useCertificate('primary', own)
      try {
        const pin = new X509Certificate(own.certificate).fingerprint256
        const pinned = open({ access: { standby: null, trust: { ca: null, pin, standbyPin: null } } })
        expect(await pinned.whoHas('dbsrv_x')).toBe('free')
        expect((await pinned.certificate('primary')).expiresAt.getFullYear()).toBe(2090)
        const trust = { ca: null, pin: '0'.repeat(64), standbyPin: null }
        const wrong = open({ access: { standby: null, trust } })
        await expect(wrong.whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted'))
      } finally {
        await pair.useCertificate('primary', await pair.authority.issue())
      }
    })

    test('clients get the CA, and when the first of the chain ends', async () => {
      const found = await open().certificate('standby')
      expect(found.pem.trim()).toBe(pair.authority.certificate.trim())
      expect(found.expiresAt.getFullYear()).toBe(2120)
    })

    test('the portal’s own wrong password is said, and never shown', async () => {
      const wrong = open({ access: { adminPassword: new Secret('notTheRightOne1') } })
      const said = await wrong.whoHas('dbsrv_x').catch(error => error)
      expect(said).toMatchObject(kind('denied'))
      expect(inspect(said, { depth: 9 })).not.toContain('notTheRightOne1')
    })
  })

  describe('the check', () => {
    const databases = [
      { asset: '10000-DEV', database: 'app', group: '10000_dev', owners: [], production: false },
      { asset: '10000-PRD', database: 'app', group: '10000_prd', owners: [], production: true },
    ]
    const bad = (lines: readonly CheckLine[]) => lines.filter(line => line.level !== 'ok')
    const says = (lines: readonly CheckLine[]) => lines.map(line => line.says).join('\n')

    test('finds nothing to say where all is as it should be, and leaves nothing behind', async () => {
      const lines = await open().check(databases)
      expect(bad(lines)).toEqual([])
      expect(lines.length).toBeGreaterThan(10)
      for (const on of ['primary', 'standby'] as const)
        expect(
          await pair.sql(on, `select user from mysql.user where user like 'gatehouse!_check%' escape '!'`),
        ).toEqual([])
    })

    test('finds what everybody may do, and a database that a test account gets into', async () => {
      await pair.sql('primary', 'grant select on other.* to public')
      const found = bad(await open().check(databases))
      await pair.sql('primary', 'revoke select on other.* from public')
      expect(says(found)).toContain('REVOKE ALL ON `other`.* FROM PUBLIC;')
      expect(says(found)).toContain('gets into other too')
    })

    test('says which rights are missing, and that a standby must be read-only', async () => {
      await pair.sql('primary', 'revoke connection admin on *.* from gatehouse')
      const found = bad(await open().check(databases))
      await pair.sql('primary', 'grant connection admin on *.* to gatehouse')
      expect(says(found)).toContain("GRANT CONNECTION ADMIN ON *.* TO 'gatehouse'@'%';")
      await pair.sql('standby', 'set global read_only = OFF')
      const open2 = bad(await open().check(databases))
      await pair.sql('standby', 'set global read_only = ON')
      expect(says(open2)).toContain('SET GLOBAL read_only = ON;')
    })

    test('notices that the server refuses what it is sent instead of passwords', async () => {
      await pair.sql('primary', `install soname 'simple_password_check'`)
      const found = bad(await open().check(databases))
      await expect(open().ensureAccount(account(), password)).rejects.toMatchObject(kind('failed'))
      await pair.sql('primary', `uninstall soname 'simple_password_check'`)
      expect(says(found)).toContain('SET GLOBAL strict_password_validation = OFF;')
    })

    test('is not disturbed by another one', async () => {
      const both = await Promise.all([open().check(databases), open().check(databases)])
      expect(both.flatMap(bad)).toEqual([])
    })

    test('takes away what an earlier check has left', async () => {
      const left = account({ name: 'gatehouse_check_000000000000', mark: 0 })
      await open().ensureAccount(left, password)
      await open().check(databases)
      expect(await fixture().exists(left.name, 'primary')).toBe(false)
    })
  })
}
