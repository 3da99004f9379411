import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { freePort } from '../../scripts/free-port.ts'
import { type Authority, type Certified, makeAuthority } from '../../scripts/postgres/certificates.ts'
import {
  binariesFor,
  copyToStandby,
  createPrimary,
  ownFolder,
  serverArguments,
  surroundings,
  writeCertificate,
  writeHba,
} from '../../scripts/postgres/server.ts'
import { hbaLines } from '../../src/provisioners/postgresql/hba.ts'
import { quickFolder } from './quick-folder.ts'

/** What tests call the portal's own account on it; the superuser serves as well. */
export const portalAccount = 'gatehouse'

export type NodeName = 'primary' | 'standby'

/** A real PostgreSQL with TLS, and a real standby that streams from it. */
export interface PostgresCluster {
  host: string
  port: number
  /** 18, for example. */
  version: number
  /** Null: it was started without one. */
  standby: { host: string; port: number } | null
  superuser: { name: string; password: string }
  /** What signs the certificates of both. */
  authority: Authority
  /** Runs SQL as the superuser. */
  sql<R extends pg.QueryResultRow>(on: NodeName, query: string, database?: string): Promise<R[]>
  /** A connection of the superuser that stays open; the caller ends it. */
  connect(on: NodeName, database?: string): Promise<pg.Client>
  /** The standby goes on receiving, and stops replaying. */
  pauseReplay(): Promise<void>
  resumeReplay(): Promise<void>
  promote(): Promise<void>
  /** Another certificate, from the next connection on. */
  useCertificate(on: NodeName, certificate: Certified): Promise<void>
  /** Lines before all others of its pg_hba.conf. */
  useHba(on: NodeName, first: readonly string[]): Promise<void>
  halt(on: NodeName): Promise<void>
  start(on: NodeName): Promise<void>
  /** All that a server has logged. */
  log(on: NodeName): string
  stop(): Promise<void>
}

/** Runs a server until its own standard input ends, which it does with this process, however that ends. */
const serverKeeper = '"$@" 2>>"$LOG" & server=$!; read -r _; kill -INT $server; wait $server'
/** The same for the folder, whichever servers run or have run: a killed test run leaves nothing behind. */
const folderKeeper =
  'read -r _; for _ in 1 2 3 4 5 6 7 8 9; do rm -rf "$FOLDER" 2>/dev/null && exit; sleep 0.5; done'

interface Node {
  data: string
  port: number
  process: ChildProcess | null
}

/** Those of another version, to run the same tests against it. */
const otherBinaries = process.env.TEST_POSTGRES_BINARIES

/** `standby: false` saves its time; `settings` are of the primary and the standby. */
export async function startPostgresCluster({
  standby: withStandby = true,
  settings = [],
}: {
  standby?: boolean
  settings?: readonly string[]
} = {}): Promise<PostgresCluster> {
  const folder = ownFolder(mkdtempSync(path.join(quickFolder(), 'gatehouse-cluster-')))
  const folders = keep([folderKeeper], { FOLDER: folder })
  const binaries = binariesFor(folder, otherBinaries)
  const superuser = { name: 'postgres', password: randomBytes(12).toString('hex') }
  const authority = await makeAuthority()
  const nodes = new Map<NodeName, Node>()
  const node = (on: NodeName): Node => {
    const found = nodes.get(on)
    if (!found) throw new Error(`The cluster has no ${on}.`)
    return found
  }
  const logOf = (on: NodeName) => path.join(folder, `${on}.log`)

  const primary = { data: path.join(folder, 'primary'), port: await freePort(), process: null }
  nodes.set('primary', primary)
  createPrimary(binaries, primary.data, superuser.password)
  writeCertificate(primary.data, await authority.issue())
  writeHba(primary.data, hbaLines(portalAccount))

  const start = async (on: NodeName) => {
    const { data, port } = node(on)
    const words = serverArguments({ data, port }, [
      'fsync=off',
      'full_page_writes=off',
      'autovacuum=off',
      ...settings,
    ])
    const server = [serverKeeper, 'sh', path.join(binaries, 'postgres'), ...words]
    node(on).process = keep(server, { LOG: logOf(on) })
    await answering(() => connect(on))
  }
  const connect = async (on: NodeName, database = 'postgres') => {
    const client = new pg.Client(adminOf(node(on).port, superuser, authority, database))
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const sql = async <R extends pg.QueryResultRow>(on: NodeName, query: string, database?: string) => {
    const client = await connect(on, database)
    try {
      return (await client.query<R>(query)).rows
    } finally {
      await client.end()
    }
  }
  const halt = (on: NodeName) => ended(nodes.get(on)?.process)

  await start('primary')
  // As on every server that is to pass the check: `initdb` opens it to everybody.
  await sql('primary', 'revoke connect on database template1 from public')
  if (withStandby) {
    const standby = { data: path.join(folder, 'standby'), port: await freePort(), process: null }
    const admin = adminOf(primary.port, superuser, authority, 'postgres')
    await copyToStandby({ ...primary, admin }, standby.data)
    writeCertificate(standby.data, await authority.issue())
    writeHba(standby.data)
    nodes.set('standby', standby)
    await start('standby')
  }
  const [running] = await sql<{ version: number }>(
    'primary',
    `select current_setting('server_version_num')::int / 10000 as version`,
  )
  const reload = (on: NodeName) => sql(on, 'select pg_reload_conf()')
  return {
    host: 'localhost',
    port: primary.port,
    version: running?.version ?? 0,
    standby: withStandby ? { host: 'localhost', port: node('standby').port } : null,
    superuser,
    authority,
    sql,
    connect,
    pauseReplay: async () => void (await sql('standby', 'select pg_wal_replay_pause()')),
    resumeReplay: async () => void (await sql('standby', 'select pg_wal_replay_resume()')),
    promote: async () => void (await sql('standby', 'select pg_promote()')),
    useCertificate: async (on, certificate) => {
      writeCertificate(node(on).data, certificate)
      await reload(on)
    },
    useHba: async (on, first) => {
      writeHba(node(on).data, first)
      await reload(on)
    },
    halt,
    start,
    log: on => (existsSync(logOf(on)) ? readFileSync(logOf(on), 'utf8') : ''),
    stop: async () => {
      await halt('standby')
      await halt('primary')
      await ended(folders)
    },
  }
}

const keep = (script: readonly string[], words: Readonly<Record<string, string>>): ChildProcess =>
  spawn('/bin/sh', ['-c', ...script], {
    ...surroundings,
    env: { ...surroundings.env, PATH: process.env.PATH, ...words },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })

const ended = (keeper: ChildProcess | null | undefined): Promise<void> =>
  new Promise(resolve => {
    if (!keeper || keeper.exitCode !== null || keeper.signalCode !== null) return resolve()
    keeper.once('exit', () => resolve())
    keeper.stdin?.end()
  })

const adminOf = (
  port: number,
  { name, password }: PostgresCluster['superuser'],
  authority: Authority,
  database: string,
): pg.ClientConfig => ({
  host: 'localhost',
  port,
  user: name,
  password,
  database,
  // Whatever certificate a test has given it.
  ssl: { ca: authority.certificate, rejectUnauthorized: false },
})

async function answering(connect: () => Promise<pg.Client>): Promise<void> {
  for (let attempt = 0; ; attempt += 1)
    try {
      return await (await connect()).end()
    } catch (error) {
      if (attempt === 400) throw error
      await new Promise(resolve => setTimeout(resolve, 25))
    }
}
