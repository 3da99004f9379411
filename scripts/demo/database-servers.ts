import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { hbaLines } from '../../src/provisioners/postgresql/hba.ts'
import { freePort } from '../free-port.ts'
import { makeAuthority } from '../postgres/certificates.ts'
import {
  asNobody,
  binariesFor,
  copyToStandby,
  createPrimary,
  ownFolder,
  serverArguments,
  surroundings,
  writeCertificate,
  writeHba,
} from '../postgres/server.ts'

/** The demo's PostgreSQL with its standby, as it is remembered for this user alone. */
export interface DemoDatabases {
  /** Where the server's own user may enter. */
  folder: string
  ports: { primary: number; standby: number }
  superPassword: string
  /** Of the account that the portal works with. */
  portalPassword: string
  ca: string
}

export const portalAccount = 'gatehouse'
const memory = (folder: string) => path.join(folder, 'demo-databases.json')
const parts = ['primary', 'standby'] as const
type Part = (typeof parts)[number]

/** One database an environment, owned by its application. */
export const demoDatabases = [
  { asset: '10000-DEV', database: 'harbour_dev', owner: 'harbour_dev_owner' },
  { asset: '10000-TST', database: 'harbour_tst', owner: 'harbour_tst_owner' },
  { asset: '10000-PRD', database: 'harbour_prd', owner: 'harbour_prd_owner' },
  { asset: '20000-DEV', database: 'meadow_dev', owner: 'meadow_dev_owner' },
] as const

export const rememberedDatabases = (folder: string): DemoDatabases | undefined =>
  existsSync(memory(folder)) ? (JSON.parse(readFileSync(memory(folder), 'utf8')) as DemoDatabases) : undefined

/** Makes both servers if they are not there, and starts what does not run. */
export async function startDatabases(folder: string): Promise<DemoDatabases> {
  const known = rememberedDatabases(folder)
  if (!known) return makeDatabases(folder)
  for (const part of parts) await startPart(known, part)
  return known
}

export function stopDatabases(folder: string): void {
  const known = rememberedDatabases(folder)
  if (!known) return
  for (const part of ['standby', 'primary'] as const)
    if (isRunning(known, part)) control(known, 'stop', '-D', dataOf(known, part), '-m', 'fast', '-w')
}

export function removeDatabases(folder: string): void {
  const known = rememberedDatabases(folder)
  if (!known) return
  stopDatabases(folder)
  rmSync(known.folder, { recursive: true, force: true })
  rmSync(memory(folder), { force: true })
}

async function makeDatabases(folder: string): Promise<DemoDatabases> {
  const authority = await makeAuthority('Gatehouse demo CA')
  const made: DemoDatabases = {
    folder: placeFor(folder),
    ports: { primary: await freePort(), standby: await freePort() },
    superPassword: randomBytes(18).toString('base64url'),
    portalPassword: randomBytes(18).toString('base64url'),
    ca: authority.certificate,
  }
  // What a start that was broken off has left.
  rmSync(made.folder, { recursive: true, force: true })
  mkdirSync(made.folder, { recursive: true, mode: 0o711 })
  if (asNobody.uid) chmodSync(made.folder, 0o711)
  ownFolder(path.join(made.folder, 'data'))
  const primary = dataOf(made, 'primary')
  createPrimary(binariesFor(made.folder), primary, made.superPassword)
  writeCertificate(primary, await authority.issue())
  writeHba(primary, hbaLines(portalAccount))
  await startPart(made, 'primary')
  await fill(made)
  const standby = dataOf(made, 'standby')
  await copyToStandby({ data: primary, port: made.ports.primary, admin: adminOf(made, 'postgres') }, standby)
  writeCertificate(standby, await authority.issue())
  writeHba(standby)
  await startPart(made, 'standby')
  // Last: what is remembered is whole.
  writeFileSync(memory(folder), `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  return made
}

/** Below /root, say, the server's own user could not enter: one place a data folder then. */
function placeFor(folder: string): string {
  if (!asNobody.uid) return path.join(folder, 'databases')
  const name = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 12)
  return path.join('/var/tmp', `gatehouse-demo-databases-${name}`)
}

const dataOf = ({ folder }: DemoDatabases, part: Part) => path.join(folder, 'data', part)
const pidFile = (known: DemoDatabases, part: Part) => path.join(dataOf(known, part), 'postmaster.pid')

function isRunning(known: DemoDatabases, part: Part): boolean {
  if (!existsSync(pidFile(known, part))) return false
  try {
    control(known, 'status', '-D', dataOf(known, part))
    return true
  } catch {
    return false
  }
}

async function startPart(known: DemoDatabases, part: Part): Promise<void> {
  if (isRunning(known, part)) return
  const data = dataOf(known, part)
  const words = serverArguments({ data, port: known.ports[part] }).slice(2)
  const options = words.map(word => (word === '' ? "''" : word)).join(' ')
  control(
    known,
    'start',
    '-D',
    data,
    '-l',
    path.join(known.folder, 'data', `${part}.log`),
    '-w',
    '-o',
    options,
  )
}

function control(known: DemoDatabases, ...words: string[]): void {
  execFileSync(path.join(binariesFor(known.folder), 'pg_ctl'), ['-s', ...words], {
    ...surroundings,
    stdio: 'ignore',
  })
}

const adminOf = (known: DemoDatabases, database: string): pg.ClientConfig => ({
  host: 'localhost',
  port: known.ports.primary,
  user: 'postgres',
  password: known.superPassword,
  database,
  ssl: { ca: known.ca },
})

/** The account of the portal, with the rights that the help page asks for, and a table to look at in each database. */
async function fill(known: DemoDatabases): Promise<void> {
  await sql(known, 'postgres', [
    `create role ${portalAccount} login createrole password '${known.portalPassword}'`,
    `grant pg_signal_backend to ${portalAccount}`,
    `grant connect on database postgres to ${portalAccount}`,
    'revoke connect on database postgres, template1 from public',
    ...demoDatabases.flatMap(({ database, owner }) => [
      `create role ${owner}`,
      `grant ${owner} to ${portalAccount} with inherit true, set true`,
      `create database ${database} owner ${owner}`,
      `revoke connect on database ${database} from public`,
    ]),
  ])
  for (const { asset, database, owner } of demoDatabases)
    await sql(known, database, [
      `set role ${owner}`,
      'create schema work',
      'create table work.orders (id int primary key, asset text not null, summary text not null, due date not null)',
      `insert into work.orders select n, '${asset}', 'Work order ' || n, date '2026-01-01' + n from generate_series(1, 50) n`,
    ])
}

async function sql(known: DemoDatabases, database: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client(adminOf(known, database))
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
