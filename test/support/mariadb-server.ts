import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Connection, createConnection } from 'mariadb'
import { freePort } from '../../scripts/free-port.ts'
import { type Authority, type Certified, makeAuthority } from '../../scripts/postgres/certificates.ts'
import type { Flavour } from './mariadb-flavours.ts'

export type NodeName = 'primary' | 'standby'

/** A real MariaDB or MySQL with TLS, and a real replica that is read-only and follows it by GTID. */
export interface MariadbPair {
  host: string
  port: number
  standby: { host: string; port: number }
  superuser: { name: string; password: string }
  authority: Authority
  /** Runs SQL as the superuser. */
  sql<R>(on: NodeName, query: string): Promise<R[]>
  /** A connection of the superuser that stays open; the caller ends it. */
  connect(on: NodeName): Promise<Connection>
  /** The standby goes on receiving, and stops doing the same. */
  pauseReplica(): Promise<void>
  resumeReplica(): Promise<void>
  /** Waits until the standby has what the primary has. */
  caughtUp(): Promise<void>
  /** Another certificate, from the next connection on. */
  useCertificate(on: NodeName, certificate: Certified, issuer?: Authority): Promise<void>
  /** Every statement that the server was sent. */
  generalLog(on: NodeName): string
  stop(): Promise<void>
}

/** Stops the server with this process, however that ends: a killed test run leaves nothing behind. */
const keeper =
  '"$@" 2>>"$LOG" & server=$!; read -r word; kill -TERM $server; wait $server; [ "$word" = keep ] || rm -rf "$FOLDER"'

/** Root starts neither of them as root. */
const asRoot = process.getuid?.() === 0
const asUser = ({ user }: Flavour) => (asRoot ? [`--user=${user}`] : [])

interface Node {
  name: NodeName
  folder: string
  port: number
  process: ChildProcess | null
}

export async function startMariadbPair(flavour: Flavour): Promise<MariadbPair> {
  const folder = mkdtempSync(path.join(quickFolder(), 'gatehouse-mariadb-'))
  const superuser = { name: 'root', password: randomBytes(12).toString('hex') }
  const authority = await makeAuthority()
  const node = async (name: NodeName): Promise<Node> => ({
    name,
    folder: path.join(folder, name),
    port: await freePort(),
    process: null,
  })
  const nodes = { primary: await node('primary'), standby: await node('standby') }
  createData(flavour, folder, superuser.password)
  for (const one of Object.values(nodes)) {
    cpSync(path.join(folder, 'new'), one.folder, { recursive: true })
    writeCertificate(one, await authority.issue(), authority)
  }
  rmSync(path.join(folder, 'new'), { recursive: true })
  own(flavour, folder)
  const connect = async (on: NodeName) => {
    const client = await createConnection({
      host: '127.0.0.1',
      port: nodes[on].port,
      user: superuser.name,
      password: superuser.password,
      bigIntAsNumber: true,
      // Whatever certificate a test has given it.
      ssl: { rejectUnauthorized: false },
    })
    client.on('error', () => {})
    return client
  }
  const sql = async <R>(on: NodeName, query: string): Promise<R[]> => {
    const client = await connect(on)
    try {
      return await client.query<R[]>(query)
    } finally {
      await client.end()
    }
  }
  for (const one of Object.values(nodes)) start(flavour, folder, one)
  for (const name of ['primary', 'standby'] as const)
    await answering(flavour, nodes[name], () => connect(name))
  await sql('standby', flavour.follow(nodes.primary.port, superuser.name, superuser.password))
  await sql('standby', 'start replica')
  return {
    host: 'localhost',
    port: nodes.primary.port,
    standby: { host: 'localhost', port: nodes.standby.port },
    superuser,
    authority,
    sql,
    connect,
    pauseReplica: async () => void (await sql('standby', 'stop replica sql_thread')),
    resumeReplica: async () => void (await sql('standby', 'start replica sql_thread')),
    caughtUp: async () => {
      const [now] = await sql<{ at: string }>('primary', flavour.position)
      await sql('standby', flavour.waitFor(now?.at ?? ''))
    },
    useCertificate: async (on, certificate, issuer = authority) => {
      writeCertificate(nodes[on], certificate, issuer)
      own(flavour, folder)
      await sql(on, flavour.reloadCertificate)
    },
    generalLog: on => readFileSync(path.join(nodes[on].folder, 'general.log'), 'utf8'),
    stop: async () => {
      await ended(nodes.standby, 'keep')
      await ended(nodes.primary, 'gone')
    },
  }
}

/** Made once, copied for each: both begin with the same accounts. */
function createData(flavour: Flavour, folder: string, password: string): void {
  mkdirSync(path.join(folder, 'new'))
  own(flavour, folder)
  flavour.createData(path.join(folder, 'new', 'data'), asUser(flavour))
  const statements = [
    'set sql_log_bin = 0',
    `create user if not exists root@'%' identified by '${password}'`,
    `grant all on *.* to root@'%' with grant option`,
    ...flavour.onStart,
    'flush privileges',
  ]
  writeFileSync(path.join(folder, 'new', 'first.sql'), statements.map(one => `${one};\n`).join(''))
}

const own = ({ user }: Flavour, folder: string) => {
  if (asRoot) execFileSync('chown', ['-R', `${user}:`, folder])
}

/** MySQL takes none that its CA has not signed. */
function writeCertificate({ folder }: Node, { key, certificate }: Certified, issuer: Authority): void {
  writeFileSync(path.join(folder, 'server.key'), key, { mode: 0o600 })
  writeFileSync(path.join(folder, 'server.crt'), certificate)
  writeFileSync(path.join(folder, 'ca.crt'), issuer.certificate)
}

/** Nothing of a test has to survive a power failure. */
const settings = [
  '--innodb-buffer-pool-size=16M',
  '--innodb-flush-method=nosync',
  '--innodb-flush-log-at-trx-commit=0',
  '--sync-binlog=0',
  '--skip-name-resolve',
  '--bind-address=127.0.0.1',
  '--require-secure-transport=ON',
  '--log-bin=bin',
  '--general-log=ON',
]

function start(flavour: Flavour, folder: string, node: Node): void {
  const file = (name: string) => path.join(node.folder, name)
  const words = [
    '--no-defaults',
    ...asUser(flavour),
    `--datadir=${file('data')}`,
    `--socket=${file('s.sock')}`,
    `--pid-file=${file('pid')}`,
    `--port=${node.port}`,
    `--init-file=${file('first.sql')}`,
    `--general-log-file=${file('general.log')}`,
    `--ssl-cert=${file('server.crt')}`,
    `--ssl-key=${file('server.key')}`,
    `--ssl-ca=${file('ca.crt')}`,
    `--server-id=${node.name === 'primary' ? 1 : 2}`,
    ...(node.name === 'standby' ? ['--read-only=ON'] : []),
    ...settings,
    ...flavour.settings,
  ]
  node.process = spawn('/bin/sh', ['-c', keeper, 'sh', flavour.server, ...words], {
    env: { PATH: process.env.PATH, FOLDER: folder, LOG: file('error.log') },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
}

async function answering({ name }: Flavour, node: Node, connect: () => Promise<Connection>): Promise<void> {
  for (let attempt = 0; ; attempt += 1)
    try {
      return await (await connect()).end()
    } catch (error) {
      const log = path.join(node.folder, 'error.log')
      if (attempt === 400 || node.process?.exitCode !== null)
        throw new Error(`${name} does not start: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`, {
          cause: error,
        })
      await new Promise(resolve => setTimeout(resolve, 25))
    }
}

const ended = ({ process: child }: Node, word: string) =>
  new Promise<void>(resolve => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.stdin?.end(`${word}\n`)
  })

/** In memory where there is room. */
function quickFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2 ** 30 ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}
