import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Connection, createConnection } from 'mariadb'
import { freePort } from '../../scripts/free-port.ts'
import { type Authority, type Certified, makeAuthority } from '../../scripts/postgres/certificates.ts'
import { mariadbPrograms, notRun } from './mariadb-programs.ts'

export type NodeName = 'primary' | 'standby'

/** A real MariaDB with TLS, and a real replica that is read-only and follows it by GTID. */
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
  useCertificate(on: NodeName, certificate: Certified): Promise<void>
  /** Every statement that the server was sent. */
  generalLog(on: NodeName): string
  stop(): Promise<void>
}

/** Stops the server with this process, however that ends: a killed test run leaves nothing behind. */
const keeper =
  '"$@" 2>>"$LOG" & server=$!; read -r word; kill -TERM $server; wait $server; [ "$word" = keep ] || rm -rf "$FOLDER"'

/** As root MariaDB is given a user of its own, which its package makes. */
const asRoot = process.getuid?.() === 0
const asUser = asRoot ? ['--user=mysql'] : []

interface Node {
  name: NodeName
  folder: string
  port: number
  process: ChildProcess | null
}

export async function startMariadbPair(): Promise<MariadbPair> {
  const programs = mariadbPrograms()
  if (!programs) throw new Error(notRun)
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
  createData(programs.installer, folder, superuser.password)
  for (const one of Object.values(nodes)) {
    cpSync(path.join(folder, 'new'), one.folder, { recursive: true })
    writeCertificate(one, await authority.issue(), authority)
  }
  rmSync(path.join(folder, 'new'), { recursive: true })
  own(folder)
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
  for (const one of Object.values(nodes)) start(programs.server, folder, one)
  for (const name of ['primary', 'standby'] as const) await answering(nodes[name], () => connect(name))
  await follow(sql, nodes.primary.port, superuser)
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
      const [at] = await sql<{ at: string }>('primary', 'select @@global.gtid_binlog_pos as at')
      await sql('standby', `select master_gtid_wait('${at?.at}', 10)`)
    },
    useCertificate: async (on, certificate) => {
      writeCertificate(nodes[on], certificate, authority)
      own(folder)
      await sql(on, 'flush ssl')
    },
    generalLog: on => readFileSync(path.join(nodes[on].folder, 'general.log'), 'utf8'),
    stop: async () => {
      await ended(nodes.standby, 'keep')
      await ended(nodes.primary, 'gone')
    },
  }
}

/** Made once, copied for each: both begin with the same accounts. */
function createData(installer: string, folder: string, password: string): void {
  own(folder)
  const data = path.join(folder, 'new', 'data')
  execFileSync(
    installer,
    [
      '--no-defaults',
      ...asUser,
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--innodb-log-file-size=8M',
      '--innodb-flush-method=nosync',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  // Run at every start: an account that was changed by hand is not what tests rely on.
  writeFileSync(
    path.join(folder, 'new', 'first.sql'),
    [
      'set sql_log_bin = 0;',
      `create user if not exists root@'%' identified by '${password}';`,
      `grant all on *.* to root@'%' with grant option;`,
      `delete from mysql.global_priv where user = '' or (user = 'root' and host <> '%');`,
      'flush privileges;',
    ].join('\n'),
  )
}

const own = (folder: string) => {
  if (asRoot) execFileSync('chown', ['-R', 'mysql:', folder])
}

function writeCertificate({ folder }: Node, { key, certificate }: Certified, authority: Authority): void {
  writeFileSync(path.join(folder, 'server.key'), key, { mode: 0o600 })
  writeFileSync(path.join(folder, 'server.crt'), certificate)
  writeFileSync(path.join(folder, 'ca.crt'), authority.certificate)
}

/** Nothing of a test has to survive a power failure. */
const settings = [
  '--innodb-log-file-size=8M',
  '--innodb-buffer-pool-size=16M',
  '--innodb-flush-method=nosync',
  '--innodb-flush-log-at-trx-commit=0',
  '--sync-binlog=0',
  '--performance-schema=OFF',
  '--skip-name-resolve',
  '--bind-address=127.0.0.1',
  '--require-secure-transport=ON',
  '--log-bin=bin',
  '--gtid-strict-mode=ON',
  '--general-log=ON',
  '--plugin-load-add=auth_ed25519',
]

function start(server: string, folder: string, node: Node): void {
  const file = (name: string) => path.join(node.folder, name)
  const words = [
    '--no-defaults',
    ...asUser,
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
  ]
  node.process = spawn('/bin/sh', ['-c', keeper, 'sh', server, ...words], {
    env: { PATH: process.env.PATH, FOLDER: folder, LOG: file('error.log') },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
}

async function answering(node: Node, connect: () => Promise<Connection>): Promise<void> {
  for (let attempt = 0; ; attempt += 1)
    try {
      return await (await connect()).end()
    } catch (error) {
      const log = path.join(node.folder, 'error.log')
      if (attempt === 400 || node.process?.exitCode !== null)
        throw new Error(`MariaDB does not start: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`, {
          cause: error,
        })
      await new Promise(resolve => setTimeout(resolve, 25))
    }
}

async function follow(
  sql: MariadbPair['sql'],
  port: number,
  { name, password }: MariadbPair['superuser'],
): Promise<void> {
  await sql(
    'standby',
    `change master to master_host = '127.0.0.1', master_port = ${port}, master_user = '${name}',
      master_password = '${password}', master_ssl = 1, master_ssl_verify_server_cert = 0,
      master_use_gtid = slave_pos, master_connect_retry = 1`,
  )
  await sql('standby', 'start replica')
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
