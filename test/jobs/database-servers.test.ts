import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findForgottenAccesses } from '../../src/access/forgotten-accesses.ts'
import { minutes } from '../../src/clock.ts'
import { accountBinding, accountOfAccess } from '../../src/database-accounts/accounts.ts'
import { checkServer, lookAtDatabaseServers } from '../../src/database-accounts/check-server.ts'
import { whyNoDatabaseAccount } from '../../src/database-accounts/offer.ts'
import { checkLinesOf, checkStateOf } from '../../src/database-accounts/server-states.ts'
import { checkNow } from '../../src/database-accounts/server-status.ts'
import { settleSuspension } from '../../src/database-accounts/server-suspension.ts'
import { changeServer } from '../../src/database-accounts/server-verbs.ts'
import { findServer } from '../../src/database-accounts/servers.ts'
import type { Lease } from '../../src/jobs/lease.ts'
import { hbaLines } from '../../src/provisioners/postgresql/hba.ts'
import { schemaPublic } from '../../src/provisioners/postgresql/rights.ts'
import { accessMails, accessState, accessTrail, approved } from '../support/accesses.ts'
import { endingAuthority } from '../support/authorities.ts'
import {
  addAssetDatabase,
  addDatabaseAccount,
  addDatabaseServer,
  addServerWithPassword,
  serverNow,
} from '../support/database-servers.ts'
import { engines } from '../support/engines.ts'
import { hangingServer } from '../support/hanging-server.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { workOff } from '../support/work-off.ts'
import { createWorld, type World } from '../support/world.ts'

/** A real primary with a real standby, checked, watched and promoted. */
let cluster: PostgresCluster
const adminPassword = 'the portal 4711'

beforeAll(async () => {
  cluster = await startPostgresCluster()
  for (const statement of [
    'create role app_owner',
    `create role gatehouse login createrole password '${adminPassword}'`,
    'grant pg_signal_backend to gatehouse',
    'grant app_owner to gatehouse',
    'create database app owner app_owner',
    'grant connect on database postgres to gatehouse',
  ])
    await cluster.sql('primary', statement)
  for (const statement of schemaPublic) await cluster.sql('primary', statement, 'app')
}, 60_000)
afterAll(() => cluster?.stop())

const newWorld = (engine: (typeof engines)[number]) =>
  createWorld(engine, { start: new Date().toISOString() })

const addServer = (world: World, over: Parameters<typeof addServerWithPassword>[2] = {}) =>
  addServerWithPassword(world.deps, adminPassword, {
    host: cluster.host,
    port: cluster.port,
    standby_host: cluster.standby?.host,
    standby_port: cluster.standby?.port,
    ca: cluster.authority.certificate,
    identity: null,
    checked_at: null,
    looked_at: null,
    ...over,
  })

const check = async (world: World, id: number) => {
  await checkNow(world.deps, world.actor('OPERATOR01'), id)
  await workOff(world)
  return serverNow(world.deps, id)
}
const look = async (world: World, id: number) => {
  await lookAtDatabaseServers(world.deps)
  await workOff(world)
  return serverNow(world.deps, id)
}
const why = (world: World, id = '10000-DEV') =>
  whyNoDatabaseAccount(world.deps.db, { id, class: id.endsWith('PRD') ? 'PRODUCTION' : 'NON_PRODUCTION' })
const operatorsMails = async (world: World) =>
  (await world.mails())
    .filter(mail => mail.template === 'database-server-suspended')
    .map(mail => mail.to_person)
const serverTrail = async (world: World) =>
  (
    await world.deps.db
      .selectFrom('audit_events')
      .select(['verb', 'actor_id'])
      .where('subject_type', '=', 'database-server')
      .orderBy('id')
      .execute()
  ).map(({ verb, actor_id }) => `${verb.replace('database-server ', '')} by ${actor_id ?? 'the portal'}`)

/** Approved, made on the server and proven. */
async function grantAccount(world: World, serverId: number, name: string, asset = '10000-DEV') {
  const id = await approved(world.deps, {
    asset_id: asset,
    access_type: 'database-service-account',
    database_account: name,
    database_server_id: serverId,
  })
  await findForgottenAccesses(world.deps)
  await workOff(world)
  expect(await accessState(world, id)).toBe('APPROVED')
  return id
}

/** With the password that is shown. */
async function signsIn(world: World, accessId: number): Promise<boolean> {
  const account = await accountOfAccess(world.deps.db, accessId)
  if (!account?.secret_id) throw new Error('It has no password.')
  const password = await world.deps.vault.open(world.deps.db, accountBinding(account.id), account.secret_id)
  const server = await findServer(world.deps.db, account.server_id)
  const standby = account.target === 'standby'
  const client = new pg.Client({
    host: (standby ? server?.standby_host : server?.host) ?? '',
    port: (standby ? server?.standby_port : server?.port) ?? 0,
    user: account.name,
    password: password.expose(),
    database: account.database_name,
    ssl: { ca: cluster.authority.certificate },
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

describe.each(engines)('A database server (%s)', engine => {
  let world: World
  let id: number
  beforeAll(async () => {
    world = await newWorld(engine)
    await cluster.sql('primary', 'grant connect on database app, postgres to public')
    id = await addServer(world)
    await addAssetDatabase(world.deps, id, '10000-DEV', { owners: '["app_owner"]' })
  })
  afterAll(() => world.close())

  test('is offered only when a check has passed; one that fails shows what to run', async () => {
    expect(await why(world)).toBe(
      'The database server of 10000-DEV has not passed its check yet. Try again later.',
    )
    const failed = await check(world, id)
    expect(checkStateOf(failed)).toBe('failed')
    expect(failed).toMatchObject({ identity: null, check_asked_at: null, checked_at: world.clock.instant() })
    const says = checkLinesOf(failed)
      .map(line => line.says)
      .join('\n')
    expect(says).toMatch(/revoke connect on database "?app"? from public/i)
    await cluster.sql('primary', 'revoke connect on database app, postgres from public')
    const passed = await check(world, id)
    expect([checkStateOf(passed), checkLinesOf(passed).filter(line => line.level === 'failed')]).toEqual([
      'passed',
      [],
    ])
    expect(passed.identity).not.toBeNull()
    expect(await why(world)).toBeNull()
    expect(JSON.stringify(passed)).not.toContain(adminPassword)
  })

  test('says the same of itself at every look', async () => {
    const before = await serverNow(world.deps, id)
    world.clock.advance(300_000)
    const after = await look(world, id)
    expect(after).toEqual({ ...before, looked_at: world.clock.instant() })
  })

  test('that is another one than before is suspended with its accounts, and operators are told once', async () => {
    const access = await grantAccount(world, id, `dbsrv_${engine}`)
    const { identity } = await serverNow(world.deps, id)
    // As if it were yesterday's backup.
    await world.deps.db
      .updateTable('database_servers')
      .set({ identity: '{"primary":"1","standby":null}' })
      .execute()
    for (const _ of [1, 2]) await look(world, id)
    expect(await serverNow(world.deps, id)).toMatchObject({
      suspended_why: 'it was promoted, restored from a backup or replaced',
      suspended_at: expect.any(String),
    })
    expect(await operatorsMails(world)).toEqual(['OPERATOR01'])
    expect(await accessState(world, access)).toBe('SUSPENDED')
    expect(await signsIn(world, access)).toBe(false)
    expect((await accessMails(world, access)).at(-1)).toBe('access-suspended to USER02')
    expect(await why(world)).toContain('is being checked by the operators: it was promoted')
    await world.deps.db.updateTable('database_servers').set({ identity }).execute()
    await look(world, id)
    expect((await serverNow(world.deps, id)).suspended_at).not.toBeNull()
  })

  test('gives them back when the check that an operator asks for has passed, not before', async () => {
    const [{ id: access = 0 } = {}] = await world.deps.db
      .selectFrom('accesses')
      .select('id')
      .where('status', '=', 'SUSPENDED')
      .execute()
    await cluster.sql('primary', 'grant connect on database app to public')
    await check(world, id)
    expect(await accessState(world, access)).toBe('SUSPENDED')
    await cluster.sql('primary', 'revoke connect on database app from public')
    const server = await check(world, id)
    expect(server).toMatchObject({ suspended_at: null, suspended_why: '' })
    expect(await accessState(world, access)).toBe('APPROVED')
    expect(await signsIn(world, access)).toBe(true)
    expect((await accessTrail(world, access)).slice(-1)).toEqual(['resumed'])
    expect(await serverTrail(world)).toEqual([
      ...Array(2).fill('check asked for by OPERATOR01'),
      'suspended by the portal',
      ...Array(2).fill('check asked for by OPERATOR01'),
      'suspension lifted by OPERATOR01',
    ])
  })

  test('what a re-validation has suspended meanwhile is not given back', async () => {
    const [{ id: access = 0 } = {}] = await world.deps.db
      .selectFrom('accesses')
      .select('id')
      .where('status', '=', 'APPROVED')
      .where('database_account', 'is not', null)
      .execute()
    const { identity } = await serverNow(world.deps, id)
    await world.deps.db
      .updateTable('accesses')
      .set({ status: 'SUSPENDED', reason: 'Not re-validated by the deadline.' })
      .where('id', '=', access)
      .execute()
    await world.deps.db
      .updateTable('database_servers')
      .set({ identity: '{"primary":"1","standby":null}' })
      .execute()
    await look(world, id)
    await check(world, id)
    expect(await accessState(world, access)).toBe('SUSPENDED')
    expect((await serverNow(world.deps, id)).identity).toBe(identity)
  })

  test('that does not answer, refuses the password or is not to be believed is told, and nothing is suspended', async () => {
    const silent = await hangingServer()
    const facts = async () => {
      const { name, host, port, standby_host, standby_port, admin_name, ca, pin, standby_pin } =
        await serverNow(world.deps, id)
      return { name, host, port, standby_host, standby_port, admin_name, ca, pin, standby_pin, options: {} }
    }
    const set = async (changes: object) => {
      const { version } = await serverNow(world.deps, id)
      const more = { ...(await facts()), ...changes }
      const result = await changeServer(world.deps, world.actor('OPERATOR01'), id, version, more, {
        kind: 'keep',
      })
      expect(result.ok).toBe(true)
      await workOff(world)
      return serverNow(world.deps, id)
    }
    const right = await facts()
    for (const [changes, words] of [
      [{ port: 1, standby_host: null, standby_port: null }, /refuse|reach|answer/i],
      [{ admin_name: 'somebody' }, /password|somebody/i],
      [{ ca: null, pin: 'ab'.repeat(32) }, /pinned/],
      [{ ca: endingAuthority }, /not signed by the stored CA|expired/],
    ] as const) {
      const server = await set({ ...right, ...changes })
      expect(checkStateOf(server)).toBe('failed')
      expect(
        checkLinesOf(server)
          .map(line => line.says)
          .join('\n'),
      ).toMatch(words)
      expect(server.suspended_at).toBeNull()
      expect(await why(world)).toContain('did not pass its last check')
    }
    await world.deps.db.updateTable('database_servers').set({ port: silent.port }).execute()
    const server = await serverNow(world.deps, id)
    const found = await checkServer(world.deps, server, { accept: true, limit: 200 })
    expect(found.lines.map(line => line.says)).toEqual(['db-one has not answered for 0.2 seconds.'])
    await silent.close()
    expect(checkStateOf(await set(right))).toBe('passed')
    expect(await why(world)).toBeNull()
  })
})

/** No server is asked: only what becomes of their accesses. */
describe.each(engines)('The check of a database server (%s)', engine => {
  let world: World
  beforeEach(async () => {
    world = await newWorld(engine)
  })
  afterEach(() => world.close())

  test('fails on a server that is entered already under another name', async () => {
    const id = await addServer(world)
    await addAssetDatabase(world.deps, id, '10000-DEV', { database_name: 'app', owners: '["app_owner"]' })
    expect(checkStateOf(await check(world, id))).toBe('passed')
    const twin = await addServer(world, { name: 'Twin' })
    await addAssetDatabase(world.deps, twin, '10000-TST', { database_name: 'app', owners: '["app_owner"]' })
    const found = await check(world, twin)
    expect([checkStateOf(found), found.identity]).toEqual(['failed', null])
    expect(checkLinesOf(found).filter(line => line.level === 'failed')).toEqual([
      {
        level: 'failed',
        what: 'Which server it is',
        says: `It is the same server as ${(await serverNow(world.deps, id)).name}, which is entered already. Use that one, and retire this one.`,
      },
    ])
    expect(checkStateOf(await check(world, id))).toBe('passed')
  })

  test('that failed is done again by itself once the server answers, but not all the time', async () => {
    const id = await addServer(world)
    await addAssetDatabase(world.deps, id, '10000-DEV', { database_name: 'app', owners: '["app_owner"]' })
    await check(world, id)
    const failed = JSON.stringify([{ level: 'failed', what: 'Connection', says: 'no answer' }])
    await world.deps.db.updateTable('database_servers').set({ check_result: failed }).execute()
    world.clock.advance(minutes(9))
    expect(checkStateOf(await look(world, id))).toBe('failed')
    world.clock.advance(minutes(2))
    expect(checkStateOf(await look(world, id))).toBe('passed')
  })
})

describe.each(engines)('Many accounts on a suspended server (%s)', engine => {
  test('are suspended, and given back once, in parts that may be begun again', async () => {
    const world = await createWorld(engine)
    const { deps } = world
    const id = await addDatabaseServer(deps)
    for (let n = 0; n < 60; n += 1)
      await addDatabaseAccount(deps, { serverId: id, name: `dbsrv_n${n}`, access: { granted_at: null } })
    const lease = { guard: async () => {} } as unknown as Lease
    const set = (values: object) =>
      deps.db.updateTable('database_servers').set(values).where('id', '=', id).execute()
    const states = async () =>
      deps.db
        .selectFrom('accesses')
        .where('database_account', 'is not', null)
        .select(eb => ['status', 'pending_status', eb.fn.countAll<number>().as('count')])
        .groupBy(['status', 'pending_status'])
        .execute()
    await set({ suspended_at: world.clock.instant(), suspended_why: 'it was promoted' })
    for (const _ of [1, 2]) await settleSuspension(deps, id, lease)
    expect(await states()).toEqual([{ status: 'SUSPENDED', pending_status: 'SUSPENDING', count: 60 }])
    await set({ suspended_at: null })
    for (const _ of [1, 2]) await settleSuspension(deps, id, lease)
    expect(await states()).toEqual([{ status: 'SUSPENDED', pending_status: 'RESUMING', count: 60 }])
    expect((await serverNow(deps, id)).suspended_why).toBe('')
    await world.close()
  })
})

/** Last, because nothing brings the pair back. */
describe('A failover', () => {
  let world: World
  let id: number
  let access: number
  let other: number
  beforeAll(async () => {
    world = await newWorld('sqlite')
    await cluster.sql('primary', 'revoke connect on database app, postgres from public')
    id = await addServer(world)
    await addAssetDatabase(world.deps, id, '10000-PRD', { owners: '["app_owner"]' })
    await addAssetDatabase(world.deps, id, '10000-DEV', { owners: '["app_owner"]' })
    await check(world, id)
    access = await grantAccount(world, id, 'dbsrv_failover', '10000-PRD')
    other = await grantAccount(world, id, 'dbsrv_other', '10000-DEV')
  })
  afterAll(() => world.close())

  test('while the primary is away is noticed at the standby: its accounts are suspended', async () => {
    await cluster.halt('primary')
    const away = await look(world, id)
    expect(away).toMatchObject({ look_error: 'The primary does not answer.', suspended_at: null })
    await cluster.promote()
    const server = await look(world, id)
    expect(server.suspended_at).not.toBeNull()
    expect(await operatorsMails(world)).toEqual(['OPERATOR01'])
    // Locked as soon as there is a primary to do it on.
    expect(await accessState(world, access)).toMatch(/^SUSPENDED, /)
  })

  test('a check on what was the pair does not pass', async () => {
    const server = await check(world, id)
    expect(checkStateOf(server)).toBe('failed')
    expect(server.suspended_at).not.toBeNull()
  })

  test('with the present primary entered and its pg_hba.conf in order the check passes, and accounts come back', async () => {
    const server = await serverNow(world.deps, id)
    await cluster.useHba('standby', hbaLines('gatehouse'))
    const facts = {
      name: server.name,
      host: cluster.standby?.host ?? '',
      port: cluster.standby?.port ?? 0,
      standby_host: null,
      standby_port: null,
      admin_name: server.admin_name,
      ca: server.ca,
      pin: null,
      standby_pin: null,
      options: {},
    }
    const saved = await changeServer(world.deps, world.actor('OPERATOR01'), id, server.version, facts, {
      kind: 'keep',
    })
    expect(saved).toMatchObject({ ok: true, value: { moved: 2 } })
    await workOff(world)
    expect(await serverNow(world.deps, id)).toMatchObject({ suspended_at: null, suspended_why: '' })
    expect((await serverTrail(world)).at(-1)).toBe('suspension lifted by OPERATOR01')
    expect(await accessState(world, other)).toBe('APPROVED')
    expect(await signsIn(world, other)).toBe(true)
    // Nothing is read-only on a standby that is not there.
    expect(await accessState(world, access)).toContain('10000-PRD has no high availability (HADR) any more.')
    expect(await why(world, '10000-PRD')).toContain('has no high availability (HADR)')
  })
})
