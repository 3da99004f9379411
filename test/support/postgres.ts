import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '../../scripts/free-port.ts'
import { binariesFor, createPrimary, ownFolder, surroundings } from '../../scripts/postgres/server.ts'
import { quickFolder } from './quick-folder.ts'

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
  const folder = ownFolder(mkdtempSync(path.join(quickFolder(), 'gatehouse-postgres-')))
  const binaries = binariesFor(folder)
  const password = randomBytes(12).toString('hex')
  const data = path.join(folder, 'data')
  createPrimary(binaries, data, password)
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

/** fsync=off: nothing of a test has to survive a power failure. */
const serverCommand = (binaries: string, data: string, port: number) => [
  path.join(binaries, 'postgres'),
  ...['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
  ...[
    'fsync=off',
    // Its workers would stand in the way of whoever copies the template.
    'autovacuum=off',
    'full_page_writes=off',
    'wal_level=minimal',
    'max_wal_senders=0',
    'jit=off',
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
