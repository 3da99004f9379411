import { X509Certificate } from 'node:crypto'
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { makeAuthority, makeSelfSigned } from '../../../scripts/postgres/certificates.ts'
import { hbaLines } from '../../../src/provisioners/postgresql/hba.ts'
import { postgresql } from '../../../src/provisioners/postgresql/postgresql.ts'
import { leastRights } from '../../../src/provisioners/postgresql/rights.ts'
import { scramVerifier } from '../../../src/provisioners/postgresql/verifier.ts'
import type { Account, CheckLine, ServerAccess } from '../../../src/provisioners/provisioner.ts'
import { Secret } from '../../../src/secret.ts'
import { movableClock } from '../../support/clock.ts'
import { type PostgresCluster, startPostgresCluster } from '../../support/postgres-cluster.ts'
import { quietLog } from '../../support/quiet-log.ts'
import { kind, listed, type ProvisionerFixture, provisionerContract } from './contract.ts'

let cluster: PostgresCluster
const clock = movableClock(new Date().toISOString())
const adminPassword = 'the portal 4711'
const days = (count: number) => new Date(clock.now().getTime() + count * 86_400_000)
let number = 0

/** No superuser: what the help page asks for, and no more. */
beforeAll(async () => {
  cluster = await startPostgresCluster({
    settings: ['log_statement=all', 'log_min_duration_statement=0', 'max_prepared_transactions=2'],
  })
  for (const statement of [
    'create role app_owner',
    'create database app owner app_owner',
    'create database other',
    'revoke connect on database app, other from public',
    ...(leastRights[cluster.version < 16 ? 0 : 1]?.statements ?? []),
  ])
    await cluster.sql('primary', statement.replace('…', adminPassword).replace('"owner"', 'app_owner'))
  await cluster.sql(
    'primary',
    'set role app_owner; create schema app; create table app.orders (id int); insert into app.orders values (1)',
    'app',
  )
})
afterAll(() => cluster?.stop())

const access = (changes: Partial<ServerAccess> = {}): ServerAccess => ({
  name: 'main',
  host: cluster.host,
  port: cluster.port,
  standby: cluster.standby,
  adminName: 'gatehouse',
  adminPassword: new Secret(adminPassword),
  trust: { ca: cluster.authority.certificate, pin: null, standbyPin: null },
  options: { database: 'postgres', connectSeconds: 5, standbySeconds: 0.5 },
  ...changes,
})
const open = (changes: Partial<ServerAccess> = {}) =>
  postgresql.open(access(changes), { clock, log: quietLog, environment: {} })

function account(overrides: Partial<Account> = {}): Account {
  number += 1
  return {
    name: `dbsrv_test${number}`,
    mark: number,
    database: 'app',
    group: '10000_dev',
    owners: ['app_owner'],
    readOnly: false,
    target: 'primary',
    validUntil: days(372),
    ...overrides,
  }
}
const standbyAccount = (overrides: Partial<Account> = {}) =>
  account({ readOnly: true, target: 'standby', group: '10000_prd', ...overrides })

async function signIn(one: Account, password: Secret): Promise<pg.Client> {
  const { host, port } = one.target === 'standby' && cluster.standby ? cluster.standby : cluster
  const client = new pg.Client({
    host,
    port,
    user: one.name,
    password: password.expose(),
    database: one.database,
    ssl: { ca: cluster.authority.certificate },
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

const fixture = (): ProvisionerFixture => ({
  engine: 'postgresql',
  open: at => open({ ...at, ...(at && { standby: null, options: { connectSeconds: 0.3 } }) }),
  account,
  standbyAccount,
  makeForeign: async (name, may) => {
    await cluster.sql('primary', `create role "${name}" login`)
    if (may) await cluster.sql('primary', `grant "${name}" to gatehouse with admin option`)
  },
  holdSession: async (one, password) => {
    const client = await signIn(one, password)
    return {
      isAlive: () =>
        client.query('select 1').then(
          () => true,
          () => false,
        ),
      end: () => client.end().catch(() => {}),
    }
  },
  statementLog: async () => cluster.log('primary'),
  exists: async (name, on) =>
    (await cluster.sql(on, `select 1 from pg_roles where rolname = ${pg.escapeLiteral(name)}`)).length > 0,
  tls: true,
})

describe('PostgreSQL', () => provisionerContract(fixture))

const password = new Secret('Zz9%^*_+aB3dE5gH7jK')

describe('rights', () => {
  test('a read/write account reads and writes, also what the owner makes later, and nothing else', async () => {
    const one = account()
    await open().ensureAccount(one, password)
    await cluster.sql('primary', 'set role app_owner; create table if not exists app.later (id int)', 'app')
    const client = await signIn(one, password)
    await client.query('insert into app.orders values (2)')
    await client.query('insert into app.later values (1)')
    await expect(client.query('drop table app.orders')).rejects.toMatchObject({ code: '42501' })
    await expect(client.query('create table app.mine (id int)')).rejects.toMatchObject({ code: '42501' })
    await expect(client.query('create role x')).rejects.toMatchObject({ code: '42501' })
    await client.end()
    await expect(signIn({ ...one, database: 'other' }, password)).rejects.toMatchObject({ code: '42501' })
  })

  test('a read-only account reads on the standby, and does not get into the primary', async () => {
    const one = standbyAccount()
    const provisioner = open()
    expect(await provisioner.hasReached(await provisioner.ensureAccount(one, password))).toBe(true)
    const client = await signIn(one, password)
    expect((await client.query('select * from app.orders')).rowCount).toBeGreaterThan(0)
    await expect(client.query('insert into app.orders values (3)')).rejects.toMatchObject({ code: '25006' })
    await client.end()
    await expect(signIn({ ...one, target: 'primary' }, password)).rejects.toMatchObject({ code: '28000' })
  })

  test('what goes beyond the groups is found', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    await cluster.sql('primary', `grant pg_read_all_data to ${one.name}; alter role ${one.name} createdb`)
    const found = (await listed(provisioner)).find(other => other.name === one.name)
    expect(found?.unexpected).toEqual(['can make databases', 'is a member of pg_read_all_data'])
  })

  test('so is what it owns, who acts as it, and rights that it could give away', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    await provisioner.ensureAccount(account({ group: '30000_dev' }), password)
    for (const statement of [
      'create role colleague',
      `grant ${one.name} to colleague`,
      `grant gatehouse_30000_dev_rw to ${one.name} with admin option`,
      `create table app.owned (id int); alter table app.owned owner to ${one.name}`,
      `grant select on pg_authid to ${one.name}`,
    ])
      await cluster.sql('primary', statement, 'app')
    const found = (await listed(provisioner)).find(other => other.name === one.name)
    expect(found?.unexpected).toEqual([
      'is a member of several groups: gatehouse_10000_dev_rw, gatehouse_30000_dev_rw',
      'can let others into gatehouse_30000_dev_rw',
      'lets colleague act as it',
      'has rights of its own on 1 object',
      'owns 1 object',
    ])
    expect(found?.validUntil).toEqual(one.validUntil)
    await cluster.sql('primary', `revoke select on pg_authid from ${one.name}`, 'app')
    await provisioner.dropAccount(one)
  })

  test('a superuser is no account that one could take over', async () => {
    await expect(open().adopt('postgres', 4711)).rejects.toMatchObject(kind('not-ours'))
    await expect(open().adopt('nobody_here', 4711)).rejects.toMatchObject(kind('missing'))
  })

  test('a group of that name that somebody else has made is not used', async () => {
    await cluster.sql('primary', 'create role gatehouse_taken_rw nologin')
    const made = open().ensureAccount(account({ group: 'taken' }), password)
    await expect(made).rejects.toMatchObject(kind('not-ours'))
  })
})

describe('what others have put into a database', () => {
  test('never runs with the rights of the portal', async () => {
    for (const statement of [
      'set role app_owner',
      'create schema trap',
      'create table trap.caught (who text)',
      'grant usage on schema trap to public',
      'grant insert on trap.caught to public',
      `create function trap.hashtext(text) returns int language sql as $$insert into trap.caught values (current_user); select 1$$`,
      `create function trap.pg_get_userbyid(oid) returns name language sql as $$insert into trap.caught values (current_user); select current_user$$`,
      'alter database app set search_path = trap, pg_catalog',
    ])
      await cluster.sql('primary', statement.replace(/^set role.*/, 'select 1'), 'app')
    try {
      const one = account()
      const provisioner = open()
      await provisioner.ensureAccount(one, password)
      await provisioner.dropAccount(one)
      expect(await cluster.sql('primary', 'select * from trap.caught', 'app')).toEqual([])
    } finally {
      await cluster.sql('primary', 'alter database app reset search_path')
      await cluster.sql('primary', 'drop schema trap cascade', 'app')
    }
  })

  test('or is set for it, does not keep the portal from its work', async () => {
    await cluster.sql('primary', 'alter database app set default_transaction_read_only = on')
    const one = account()
    await open().ensureAccount(one, password)
    await cluster.sql('primary', 'alter database app reset default_transaction_read_only')
    expect(await open().proves(one, password)).toBe('proven')
  })
})

describe('what the portal may not grant', () => {
  test('is told with the statement that lets it: PostgreSQL itself only warns', async () => {
    for (const statement of [
      'create role foreign_owner',
      'create database foreign_one owner foreign_owner',
      'revoke connect on database foreign_one from public',
      'grant connect on database foreign_one to gatehouse',
    ])
      await cluster.sql('primary', statement)
    await expect(
      open().ensureAccount(account({ database: 'foreign_one', group: 'foreign' }), password),
    ).rejects.toMatchObject({
      ...kind('denied'),
      message: expect.stringContaining('grant "foreign_owner" to "gatehouse";'),
    })
  })

  test('never by becoming a superuser', async () => {
    await cluster.sql('primary', 'create database of_postgres')
    await cluster.sql('primary', 'revoke connect on database of_postgres from public')
    await cluster.sql('primary', 'grant connect on database of_postgres to gatehouse')
    const owners = ['app_owner']
    const one = account({ database: 'of_postgres', group: 'of_postgres', owners })
    await expect(open().ensureAccount(one, password)).rejects.toMatchObject({
      ...kind('denied'),
      message: expect.stringContaining('alter database "of_postgres" owner to "app_owner";'),
    })
    const asked = { asset: '10000-DEV', group: 'of_postgres', database: 'of_postgres', production: false }
    for (const named of [owners, []]) {
      const lines = await open().check([{ ...asked, owners: named }])
      const said = lines.map(line => line.says).join('\n')
      expect(said).toContain('a superuser owns databases or tables of assets')
      expect(said).not.toContain('grant "postgres"')
    }
    await cluster.sql('primary', 'drop database of_postgres')
  })

  test('on a schema public that is closed keeps nobody out of the others', async () => {
    await cluster.sql('primary', 'create database shut owner app_owner')
    await cluster.sql('primary', 'revoke connect on database shut from public')
    // As it is made up to version 14, and closed by hand.
    await cluster.sql('primary', 'alter schema public owner to postgres', 'shut')
    await cluster.sql('primary', 'revoke all on schema public from public, pg_database_owner', 'shut')
    await cluster.sql(
      'primary',
      'set role app_owner; create schema app; create table app.one (id int)',
      'shut',
    )
    const one = account({ database: 'shut', group: 'shut' })
    await open().ensureAccount(one, password)
    const client = await signIn(one, password)
    await client.query('insert into app.one values (1)')
    await client.end()
    await open().dropAccount(one)
  })

  test('on a schema public with tables of the owner is told', async () => {
    await cluster.sql(
      'primary',
      'create table public.two (id int); alter table two owner to app_owner',
      'shut',
    )
    await expect(
      open().ensureAccount(account({ database: 'shut', group: 'shut' }), password),
    ).rejects.toMatchObject({
      ...kind('denied'),
      message: expect.stringContaining('alter schema "public" owner to "pg_database_owner";'),
    })
    await cluster.sql('primary', 'alter schema public owner to pg_database_owner', 'shut')
    await open().ensureAccount(account({ database: 'shut', group: 'shut' }), password)
  })
})

describe('options', () => {
  test('limit the sessions of an account', async () => {
    const one = account()
    await open({ options: { connectionLimit: 1 } }).ensureAccount(one, password)
    const first = await signIn(one, password)
    await expect(signIn(one, password)).rejects.toMatchObject({ code: '53300' })
    await first.end()
  })

  test('that are not PostgreSQL’s are told', () => {
    expect(() => open({ options: { connectSeconds: 'long' } })).toThrow(
      expect.objectContaining(kind('failed')),
    )
  })
})

describe('a rule of the server for passwords', () => {
  test('that one breaks makes it refused', async () => {
    await cluster.sql('primary', `alter role gatehouse set session_preload_libraries = 'passwordcheck'`)
    try {
      const one = account({ name: 'dbsrv_likeitsname1' })
      await expect(open().ensureAccount(one, new Secret(one.name))).rejects.toMatchObject(kind('refused'))
      await open().ensureAccount(one, password)
      await expect(open().changePassword(one, new Secret(one.name))).rejects.toMatchObject(kind('refused'))
      expect(await open().proves(one, password)).toBe('proven')
    } finally {
      await cluster.sql('primary', 'alter role gatehouse reset session_preload_libraries')
    }
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

  test('it can be moved, and nothing else with it', async () => {
    const one = account({ validUntil: days(-1) })
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    await provisioner.extend({ ...one, validUntil: days(7) })
    expect(await provisioner.proves(one, password)).toBe('proven')
  })
})

describe('what it owned', () => {
  test('is given to the group, and said', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    await cluster.sql(
      'primary',
      `create table app.left_behind (id int); alter table app.left_behind owner to ${one.name}`,
      'app',
    )
    const { notes } = await provisioner.dropAccount(one)
    expect(notes).toEqual(['1 object in app now belongs to gatehouse_10000_dev_rw. (table app.left_behind)'])
    const rows = await cluster.sql<{ owner: string }>(
      'primary',
      `select pg_get_userbyid(relowner) as owner from pg_class where relname = 'left_behind'`,
      'app',
    )
    expect(rows).toEqual([{ owner: 'gatehouse_10000_dev_rw' }])
  })

  test.each([
    ['is gone', 'drop database leaving'],
    ['lets nobody in any more', 'alter database leaving with allow_connections false'],
  ])('elsewhere is given away too where its own database %s', async (_, statement) => {
    await cluster.sql('primary', 'create database leaving owner app_owner')
    await cluster.sql('primary', 'revoke connect on database leaving from public')
    const one = account({ database: 'leaving', group: 'leaving' })
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    const elsewhere = `create table app.of_leaver (id int); alter table app.of_leaver owner to ${one.name}`
    await cluster.sql('primary', elsewhere, 'app')
    try {
      await cluster.sql('primary', statement)
      const { notes } = await provisioner.dropAccount(one)
      expect(notes).toEqual(['1 object in app now belongs to gatehouse_leaving_rw. (table app.of_leaver)'])
      expect(await provisioner.whoHas(one.name)).toBe('free')
    } finally {
      await cluster.sql('primary', 'drop table app.of_leaver', 'app')
      await cluster.sql('primary', 'drop database if exists leaving')
    }
  })

  test('never goes to a read-only group, whose members would come to write it', async () => {
    const one = standbyAccount({ group: '20000_prd' })
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    await cluster.sql(
      'primary',
      `create table app.of_reader (id int); alter table app.of_reader owner to ${one.name}`,
      'app',
    )
    const { notes } = await provisioner.dropAccount(one)
    expect(notes).toEqual(['1 object in app now belongs to gatehouse_20000_prd_rw. (table app.of_reader)'])
  })

  test('gives the portal no rights that last', async () => {
    // Up to version 15 every membership carries all rights, and whoever makes a role is no member of it.
    const effective = cluster.version < 16 ? 'true' : '(m.inherit_option or m.set_option)'
    const joined = await cluster.sql(
      'primary',
      `select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid
        where m.member = 'gatehouse'::regrole and ${effective}
          and g.rolname not in ('app_owner', 'pg_signal_backend')`,
    )
    expect(joined).toEqual([])
  })

  test('where the portal may not take something back the server’s words are told', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    await cluster.sql('primary', `grant connect on database other to ${one.name}`)
    await expect(provisioner.dropAccount(one)).rejects.toMatchObject({
      ...kind('failed'),
      message: expect.stringContaining('privileges for database other'),
    })
    await cluster.sql('primary', `revoke connect on database other from ${one.name}`)
    await provisioner.dropAccount(one)
  })

  test('a transaction that it has prepared is told: it could come later', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    const client = await signIn(one, password)
    await client.query(`begin; insert into app.orders values (7); prepare transaction 'left'`)
    await client.end()
    await expect(provisioner.dropAccount(one)).rejects.toMatchObject({
      ...kind('failed'),
      message: expect.stringContaining(`rollback prepared 'left';`),
    })
    await cluster.sql('primary', `rollback prepared 'left'`, 'app')
    await provisioner.dropAccount(one)
  })
})

describe('a role that somebody has dropped by hand', () => {
  test.each(['lockAccount', 'dropAccount'] as const)('%s ends its session, which lives on', async verb => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    const session = await signIn(one, password)
    await cluster.sql('primary', `drop role ${one.name}`)
    expect((await session.query('select 1')).rowCount).toBe(1)
    await provisioner[verb](one)
    await expect(session.query('select 1')).rejects.toThrow()
  })
})

describe('a standby that lags', () => {
  test('is waited for, a little; nothing is gone before it is gone there', async () => {
    const one = standbyAccount()
    const provisioner = open()
    await provisioner.hasReached(await provisioner.ensureAccount(one, password))
    const session = await signIn(one, password)
    await cluster.pauseReplay()
    try {
      const position = await provisioner.changePassword(one, new Secret('AnotherOne123456'))
      expect(await provisioner.hasReached(position)).toBe(false)
      // As the issue of recovery has it: the old one still works there, the new one not yet.
      expect(await provisioner.proves(one, new Secret('AnotherOne123456'))).toBe('refused')
      expect(await provisioner.proves(one, password)).toBe('proven')
      await expect(provisioner.dropAccount(one)).rejects.toMatchObject(kind('lagging'))
      expect((await session.query('select 1')).rowCount).toBe(1)
    } finally {
      await cluster.resumeReplay()
    }
    await provisioner.dropAccount(one)
    await expect(session.query('select 1')).rejects.toThrow()
    expect(await fixture().exists(one.name, 'standby')).toBe(false)
  })

  test('a session on the standby does not outlive the role', async () => {
    const one = standbyAccount()
    const provisioner = open()
    await provisioner.hasReached(await provisioner.ensureAccount(one, password))
    const session = await signIn(one, password)
    await provisioner.dropAccount(one)
    await expect(session.query('select 1')).rejects.toThrow()
  })
})

/** Another session that has its hands on the account's role; resolves when the portal waits for it. */
async function inTheWayOf(one: Account) {
  const blocker = await cluster.connect('primary')
  await blocker.query(`begin; alter role ${one.name} connection limit 5`)
  return {
    isWaitedFor: () =>
      expect
        .poll(() =>
          cluster.sql(
            'primary',
            `select 1 from pg_stat_activity where application_name = 'gatehouse:${one.mark}' and wait_event_type = 'Lock'`,
          ),
        )
        .toHaveLength(1),
    end: async () => {
      await blocker.query('rollback')
      await blocker.end()
    },
  }
}

describe('work of a process that is gone', () => {
  test('a statement that waits for a lock is ended, and does not come later', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    const other = await inTheWayOf(one)
    const lost = provisioner.changePassword(one, new Secret('NeverToArrive1234')).catch(error => error)
    await other.isWaitedFor()
    await open().endOwnWork(one)
    await other.end()
    expect(await lost).toMatchObject(kind('unreachable'))
    expect(await provisioner.proves(one, password)).toBe('proven')
  })
})

/** Hands on what the server says, up to so many bytes or until it is told to stop; then nothing, for ever. */
async function fallingSilent(after: number) {
  const sockets = new Set<Socket>()
  let left = after
  const proxy = createServer(client => {
    const server = connectTcp(cluster.port, cluster.host)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(server)
    server.on('data', (chunk: Buffer) => {
      client.write(chunk.subarray(0, Math.max(0, left)))
      left -= chunk.length
    })
  })
  await new Promise<void>(resolve => proxy.listen(0, cluster.host, resolve))
  const address = proxy.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    stop: () => {
      left = 0
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    },
  }
}

describe('a server that stops in the middle', () => {
  const impatient = { connectSeconds: 0.3, answerSeconds: 1 }

  test.each([
    ['the handshake', 100],
    ['signing in', 1100],
  ])('of %s is given up', async (_where, bytes) => {
    const proxy = await fallingSilent(bytes)
    const provisioner = open({ port: proxy.port, standby: null, options: impatient })
    await expect(provisioner.whoHas('dbsrv_x')).rejects.toMatchObject(kind('unreachable'))
    proxy.close()
  })

  test('of an answer is given up', async () => {
    const one = account()
    await open().ensureAccount(one, password)
    const other = await inTheWayOf(one)
    const proxy = await fallingSilent(Number.POSITIVE_INFINITY)
    const provisioner = open({ port: proxy.port, standby: null, options: impatient })
    const change = provisioner.changePassword(one, password).catch(error => error)
    await other.isWaitedFor()
    proxy.stop()
    await other.end()
    expect(await change).toMatchObject(kind('unreachable'))
    proxy.close()
  })

  test('keeps nobody who is done with it', async () => {
    const one = account()
    const provisioner = open()
    await provisioner.ensureAccount(one, password)
    const other = await inTheWayOf(one)
    const waiting = provisioner.changePassword(one, password).catch(error => error)
    await other.isWaitedFor()
    await provisioner.close()
    expect(await waiting).toMatchObject(kind('unreachable'))
    await other.end()
  })
})

describe('TLS', () => {
  test('refused is told, and nothing is sent', async () => {
    const said: Buffer[] = []
    const plain = createServer(socket =>
      socket.on('data', chunk => {
        said.push(chunk)
        socket.write('N')
      }),
    )
    await new Promise<void>(resolve => plain.listen(0, cluster.host, resolve))
    const address = plain.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(open({ port, standby: null }).whoHas('dbsrv_x')).rejects.toMatchObject({
      ...kind('untrusted'),
      message: expect.stringContaining('refuses TLS'),
    })
    expect(Buffer.concat(said)).toHaveLength(8)
    plain.close()
  })

  /** What a server answers to the first eight bytes, and what it does over TLS after that. */
  async function answering(answer: string, secure: (socket: TLSSocket) => void = () => {}) {
    const { certificate: cert, key } = await cluster.authority.issue()
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write(answer)
        if (answer !== 'S') return
        const over = new TLSSocket(socket, { isServer: true, cert, key })
        over.on('error', () => {})
        secure(over)
      })
    })
    await new Promise<void>(resolve => server.listen(0, cluster.host, resolve))
    onTestFinished(() => void server.close())
    return (server.address() as AddressInfo).port
  }
  const asked = (port: number) => open({ port, standby: null }).whoHas('dbsrv_x')

  test.each([
    ['HTTP/1.1 400 Bad Request', 'what answers there is no PostgreSQL. Is it the right port?'],
    ['SSSS', 'what answers there is no PostgreSQL. Is it the right port?'],
  ])('of what says %s is not thought of', async (answer, words) => {
    const port = await answering(answer)
    await expect(asked(port)).rejects.toMatchObject({ message: `localhost:${port}: ${words}` })
  })

  test('that can’t be begun is told in words', async () => {
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write('S')
        socket.once('data', () => socket.write('what is this that you have sent'))
      })
    })
    await new Promise<void>(resolve => server.listen(0, cluster.host, resolve))
    const { port } = server.address() as AddressInfo
    await expect(asked(port)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^localhost:\d+: TLS can’t be begun with what answers there: [a-z ]+\. Is it the right port\?$/,
      ),
    })
    server.close()
  })

  test('of a server that sends without end is given up before it fills the memory', async () => {
    let sent = 0
    const port = await answering('S', socket => {
      const chunk = Buffer.alloc(2 ** 18)
      const more = () => {
        while (!socket.destroyed && sent < 2 ** 30) {
          sent += chunk.length
          if (!socket.write(chunk)) return void socket.once('drain', more)
        }
      }
      socket.once('data', () => {
        socket.write(Buffer.from([0x52, 0x7f, 0xff, 0xff, 0xff]))
        more()
      })
    })
    await expect(asked(port)).rejects.toMatchObject({
      message: `localhost:${port}: the server sends more than it was asked for.`,
    })
    expect(sent).toBeLessThan(2 ** 25)
  })

  test.each([
    ['one that has expired', async () => cluster.authority.issue({ to: new Date('2021-01-01') })],
    ['one for another name', async () => cluster.authority.issue({ hosts: ['db.example.com'] })],
    ['one that somebody else has signed', async () => (await makeAuthority('Somebody else')).issue()],
  ])('a certificate is not believed: %s', async (_what, issue) => {
    await cluster.useCertificate('primary', await issue())
    try {
      await expect(open().whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted'))
      await expect(open().certificate('primary')).rejects.toMatchObject(kind('untrusted'))
    } finally {
      await cluster.useCertificate('primary', await cluster.authority.issue())
    }
  })

  test('a pinned one is believed, and no other', async () => {
    const own = await makeSelfSigned({ to: new Date('2090-01-01') })
    await cluster.useCertificate('primary', own)
    try {
      const pin = new X509Certificate(own.certificate).fingerprint256
      const pinned = open({ standby: null, trust: { ca: null, pin, standbyPin: null } })
      expect(await pinned.whoHas('dbsrv_x')).toBe('free')
      expect((await pinned.certificate('primary'))?.expiresAt.getFullYear()).toBe(2090)
      const wrong = open({ standby: null, trust: { ca: null, pin: '0'.repeat(64), standbyPin: null } })
      await expect(wrong.whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted'))
    } finally {
      await cluster.useCertificate('primary', await cluster.authority.issue())
    }
  })

  test.each([
    ['is for another name', () => makeSelfSigned({ hosts: ['db.example.com'] })],
    ['an authority has signed', async () => (await makeAuthority('Somebody else')).issue()],
  ])('a pinned one is believed, but not handed out where %s: clients could not use it', async (why, make) => {
    const own = await make()
    await cluster.useCertificate('primary', own)
    try {
      const pin = new X509Certificate(own.certificate).fingerprint256
      const pinned = open({ standby: null, trust: { ca: null, pin, standbyPin: null } })
      expect(await pinned.whoHas('dbsrv_x')).toBe('free')
      await expect(pinned.certificate('primary')).rejects.toMatchObject({
        ...kind('untrusted'),
        message: expect.stringContaining(why),
      })
    } finally {
      await cluster.useCertificate('primary', await cluster.authority.issue())
    }
  })

  test('without anything to believe it by nothing is sent', async () => {
    const blind = open({ trust: { ca: null, pin: null, standbyPin: null } })
    await expect(blind.whoHas('dbsrv_x')).rejects.toMatchObject(kind('untrusted'))
  })

  test('clients get the CA, and when the first of the chain ends', async () => {
    const found = await open().certificate('standby')
    expect(found?.pem.trim()).toBe(cluster.authority.certificate.trim())
    expect(found?.expiresAt.getFullYear()).toBe(2120)
  })
})

describe('the check', () => {
  const databases = [
    { asset: '10000-DEV', database: 'app', group: '10000_dev', owners: ['app_owner'], production: false },
    { asset: '10000-PRD', database: 'app', group: '10000_prd', owners: ['app_owner'], production: true },
  ]
  const bad = (lines: readonly CheckLine[]) => lines.filter(line => line.level === 'failed')

  test('finds nothing to say where all is as it should be, and leaves nothing behind', async () => {
    expect(bad(await open().check(databases))).toEqual([])
    const left = await cluster.sql(
      'primary',
      `select rolname from pg_roles where rolname like 'gatehouse\\_check%'`,
    )
    expect(left).toEqual([])
  })

  test('shows the REVOKE for a database that everybody may connect to', async () => {
    await cluster.sql('primary', 'grant connect on database other to public')
    const found = bad(await open().check(databases))
    await cluster.sql('primary', 'revoke connect on database other from public')
    expect(found.map(line => line.says).join('\n')).toContain(
      'revoke connect on database "other" from public;',
    )
    expect(found.map(line => line.says).join('\n')).toContain('gets into the database other')
  })

  test('notices that read-only accounts get into the primary, or not into the standby', async () => {
    await cluster.useHba('primary', [])
    await cluster.useHba('standby', hbaLines('gatehouse'))
    try {
      const before = bad(await open().check(databases))
      expect(before.map(line => line.says).join('\n')).toContain('gets into the primary')
      await cluster.useHba('primary', hbaLines('gatehouse'))
      const after = bad(await open().check(databases))
      expect(after.map(line => line.says).join('\n')).toContain('does not get into the standby')
    } finally {
      await cluster.useHba('primary', hbaLines('gatehouse'))
      await cluster.useHba('standby', [])
    }
  })

  test('notices a pg_hba.conf that asks for no password', async () => {
    await cluster.useHba('primary', [
      'hostssl all +gatehouse_10000_dev_rw 127.0.0.1/32 trust',
      ...hbaLines('gatehouse'),
    ])
    try {
      expect(bad(await open().check(databases)).map(line => line.says)).toEqual([
        expect.stringContaining('Accounts get into app with any password'),
      ])
    } finally {
      await cluster.useHba('primary', hbaLines('gatehouse'))
    }
  })

  test('notices a standby that is halted, and tables of others', async () => {
    await cluster.sql('primary', 'create table app.of_postgres (id int)', 'app')
    // As it is up to version 14.
    await cluster.sql('primary', 'grant create on schema public to public', 'app')
    await cluster.pauseReplay()
    try {
      const lines = await open().check(databases)
      expect(bad(lines).map(line => line.says)).toEqual([
        'It is halted: on the standby, let a superuser run: select pg_wal_replay_resume();',
      ])
      expect(lines.find(line => line.what === 'Database of 10000-DEV')).toMatchObject({
        level: 'warning',
        says: expect.stringMatching(
          /but on none of postgres, which also own tables there\..*revoke create on schema public from public;/,
        ),
      })
    } finally {
      await cluster.resumeReplay()
      await cluster.sql('primary', 'revoke create on schema public from public', 'app')
      await cluster.sql('primary', 'drop table app.of_postgres', 'app')
    }
  })

  test('can be made twice at once, and takes away what an earlier one has left', async () => {
    await cluster.sql('primary', 'create role gatehouse_check_0123 login')
    await cluster.sql('primary', `comment on role gatehouse_check_0123 is 'gatehouse check'`)
    await cluster.sql('primary', 'grant gatehouse_check_0123 to gatehouse with admin option')
    const checks = await Promise.all([open().check(databases), open().check(databases)])
    expect(checks.flatMap(bad)).toEqual([])
    const left = `select rolname from pg_roles where rolname like 'gatehouse\\_check%'`
    expect(await cluster.sql('primary', left)).toEqual([])
  })

  test('shows what to run before the portal’s own database is closed', async () => {
    await cluster.sql('primary', 'grant connect on database postgres, template1 to public')
    await cluster.sql('primary', 'revoke connect on database postgres from gatehouse')
    const [open1] = bad(await open().check(databases))
    await cluster.sql('primary', 'grant connect on database postgres to gatehouse')
    await cluster.sql('primary', 'revoke connect on database postgres, template1 from public')
    expect(open1?.says).toContain(
      'grant connect on database "postgres" to "gatehouse"; revoke connect on database "postgres" from public; revoke connect on database "template1" from public;',
    )
  })

  test('says which rights are missing', async () => {
    await cluster.sql('primary', 'revoke pg_signal_backend from gatehouse')
    const found = bad(await open().check(databases))
    await cluster.sql('primary', 'grant pg_signal_backend to gatehouse')
    expect(found[0]?.says).toContain('grant pg_signal_backend to "gatehouse";')
  })
})

test('what is to be copied can be pasted, whatever a database is called', () => {
  const to = { account: 'dbsrv_x', host: 'db.example.com', port: 5432, database: 'app' }
  expect(postgresql.connectionStrings(to).map(one => one.text)).toEqual([
    'postgresql://dbsrv_x@db.example.com:5432/app?sslmode=verify-full&sslrootcert=gatehouse-ca.pem',
    "psql 'host=db.example.com port=5432 dbname=app user=dbsrv_x sslmode=verify-full sslrootcert=gatehouse-ca.pem'",
    'jdbc:postgresql://db.example.com:5432/app?user=dbsrv_x&sslmode=verify-full&sslrootcert=gatehouse-ca.pem',
  ])
  const odd = postgresql.connectionStrings({ ...to, host: '::1', database: `a'b $(c)` }).map(one => one.text)
  expect(odd[0]).toBe(
    "postgresql://dbsrv_x@[::1]:5432/a'b%20%24(c)?sslmode=verify-full&sslrootcert=gatehouse-ca.pem",
  )
  expect(odd[1]).toBe(
    String.raw`psql 'host=::1 port=5432 dbname='\''a\'\''b $(c)'\'' user=dbsrv_x sslmode=verify-full sslrootcert=gatehouse-ca.pem'`,
  )
})

test('the verifier is that of RFC 5803', () => {
  // Computed by PostgreSQL itself: `create role x password 'pencil'` with this salt.
  expect(scramVerifier(new Secret('pencil'), Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  )
})

/** Last, because nothing brings the pair back. */
test('a standby that was promoted proves nothing any more', async () => {
  const one = standbyAccount()
  const provisioner = open()
  expect(await provisioner.hasReached(await provisioner.ensureAccount(one, password))).toBe(true)
  const before = await provisioner.identify()
  await cluster.promote()
  expect(await provisioner.identify()).not.toEqual(before)
  for (const late of [() => provisioner.proves(one, password), () => provisioner.hasReached('0/0')])
    await expect(late()).rejects.toMatchObject({
      ...kind('failed'),
      message: expect.stringContaining('promoted'),
    })
  await expect(provisioner.dropAccount(one)).rejects.toMatchObject(kind('failed'))
})
