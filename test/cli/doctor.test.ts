import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../db/open.ts'
import { checkDatabaseServers } from '../../src/cli/doctor-servers.ts'
import { keyAtHand } from '../../src/cli/doctor-vault.ts'
import { systemClock } from '../../src/clock.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { checkLinesOf, checkStateOf } from '../../src/database-accounts/server-states.ts'
import { keyRing } from '../../src/vault/key-ring.ts'
import { createVault } from '../../src/vault/vault.ts'
import { addDatabaseServer, addServerWithPassword, serverNow } from '../support/database-servers.ts'
import { buildPrograms, gatehouse, type Running, start, temporaryFolder } from '../support/gatehouse.ts'
import { hangingServer } from '../support/hanging-server.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'

/** The portal runs all the while, on the same database. */
let cluster: PostgresCluster
let portal: Running
let open: OpenDatabase
let config: Config
const place = temporaryFolder()
const env = { DATA_DIR: place.folder, PORT: '0', LOG_LEVEL: 'silent' }
const deps = () => ({ db: open.db, clock: systemClock })
const doctor = () => gatehouse(['doctor'], env)

beforeAll(async () => {
  const [started] = await Promise.all([startPostgresCluster({ standby: false }), buildPrograms()])
  cluster = started
  await cluster.sql('primary', 'grant connect on database postgres to public')
  portal = start('gatehouse', ['serve'], env)
  await portal.line(/Gatehouse is at/)
  config = readConfig(env)
  open = await openDatabase(config)
}, 120_000)
afterAll(async () => {
  portal?.kill('SIGTERM')
  await portal?.ended
  await open?.close()
  await cluster?.stop()
  place.remove()
})

test('without any database server it has nothing to say about them', async () => {
  const { status, out } = await doctor()
  expect([status, out]).toEqual([
    0,
    expect.stringMatching(/^ok +Master key: [0-9a-f]{16}, nothing is stored yet$/m),
  ])
})

test('a server that fails is told line by line, with what to run, and the exit status says so', async () => {
  const key = keyAtHand(config)
  if (!key) throw new Error('The portal has made no key.')
  const vault = createVault(keyRing(key, open.engine), systemClock)
  const id = await addServerWithPassword({ ...deps(), vault }, cluster.superuser.password, {
    name: 'Main',
    host: cluster.host,
    port: cluster.port,
    admin_name: cluster.superuser.name,
    ca: cluster.authority.certificate,
    identity: JSON.stringify({ primary: 'yesterday', standby: null }),
    suspended_at: new Date().toISOString(),
    suspended_why: 'it was promoted, restored from a backup or replaced',
  })
  const { status, out } = await doctor()
  expect(status).toBe(1)
  expect(out).toMatch(/^ok +Master key: [0-9a-f]{16} opens the stored passwords$/m)
  expect(out).toMatch(
    new RegExp(`^ok +Main, Primary: PostgreSQL ${cluster.version} answers over TLSv1\\.3`, 'm'),
  )
  expect(out).toMatch(/^WARNING Main, Rights of the portal’s account: postgres is a superuser/m)
  expect(out).toMatch(/^FAILED +Main, Databases open to everybody: .*postgres/m)
  expect(out).not.toContain(cluster.superuser.password)
  expect((await serverNow(deps(), id)).suspended_at).not.toBeNull()
})

test('passing, it lifts the suspension as “Check now” does', async () => {
  await cluster.sql('primary', 'revoke connect on database postgres from public')
  const { status, out, err } = await doctor()
  expect([status, err]).toEqual([0, ''])
  expect(out).not.toContain('FAILED')
  const server = await open.db.selectFrom('database_servers').selectAll().executeTakeFirstOrThrow()
  expect(server.suspended_at).toBeNull()
  expect(checkStateOf(server)).toBe('passed with warnings')
  expect(server.identity).not.toContain('yesterday')
  const trail = await open.db
    .selectFrom('audit_events')
    .select('verb')
    .where('subject_type', '=', 'database-server')
    .execute()
  expect(trail.map(row => row.verb)).toEqual(['database-server suspension lifted'])
})

test('a server that hangs is given up, the others are checked all the same', async () => {
  const silent = await hangingServer()
  const id = await addDatabaseServer(deps(), {
    name: 'Silent',
    host: '127.0.0.1',
    port: silent.port,
    credential: 'file:/proc/self/comm',
    ca: cluster.authority.certificate,
  })
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  expect(await checkDatabaseServers(config, 300)).toBe(false)
  printed.mockRestore()
  await silent.close()
  expect(checkLinesOf(await serverNow(deps(), id)).map(line => line.says)).toEqual([
    'Silent has not answered for 0.3 seconds.',
  ])
  await open.db.updateTable('database_servers').set({ status: 'RETIRED' }).where('id', '=', id).execute()
})

test('a password that can’t be had is told with the way to it, never with what it is', async () => {
  const id = await addDatabaseServer(deps(), { name: 'Referring', credential: 'file:/dev/zero' })
  const { status, out } = await doctor()
  expect(status).toBe(1)
  expect(out).toMatch(/^FAILED +Referring, Connection: The secret file:\/dev\/zero is no regular file/m)
  await open.db.updateTable('database_servers').set({ status: 'RETIRED' }).where('id', '=', id).execute()
})

test('a key that is missing is told, and none is made', async () => {
  const file = path.join(place.folder, 'master.key')
  rmSync(file)
  const { status, out } = await doctor()
  expect(status).toBe(1)
  expect(out).toMatch(/^FAILED +Master key: .*there is no key/m)
  expect(keyAtHand(config)).toBeNull()
})
