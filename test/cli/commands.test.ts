import { statSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { options } from '../../src/config.ts'
import { buildPrograms, gatehouse, temporaryFolder } from '../support/gatehouse.ts'

let place: ReturnType<typeof temporaryFolder>
let env: Record<string, string>

beforeAll(() => buildPrograms())
beforeEach(() => {
  place = temporaryFolder()
  env = { DATA_DIR: place.folder, PORT: '0', LOG_LEVEL: 'silent' }
})
afterEach(() => place.remove())

test('config prints every option, secrets redacted', async () => {
  const { status, out } = await gatehouse(['config'], {
    ...env,
    DATABASE_URL: 'postgres://gate:hush@db/gate',
    PUBLIC_URL: 'https://portal.example.com/',
  })
  expect(status).toBe(0)
  expect(
    out
      .trim()
      .split('\n')
      .map(line => line.split('=')[0]),
  ).toEqual(Object.keys(options))
  expect(out).toContain('DATABASE_URL=[secret]\n')
  expect(out).toContain('PUBLIC_URL=https://portal.example.com\n')
  expect(out).not.toContain('hush')
})

test('migrate applies everything once', async () => {
  const first = await gatehouse(['migrate'], env)
  expect(first.out).toContain('Applied 0001-people\n')
  const second = await gatehouse(['migrate'], env)
  expect(second).toMatchObject({ status: 0, out: 'The database is up to date.\n' })
})

test('the database is readable by its owner alone', async () => {
  const folder = path.join(place.folder, 'data')
  await gatehouse(['migrate'], { ...env, DATA_DIR: folder })
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(path.join(folder, 'gatehouse.sqlite')).mode & 0o777).toBe(0o600)
})

test('doctor looks at folder, database and mail server', async () => {
  const well = await gatehouse(['doctor'], env)
  expect(well.status).toBe(0)
  expect(well.out).toMatch(/^ok +Database: sqlite 3\./m)
  const ill = await gatehouse(['doctor'], { ...env, SMTP_URL: 'smtp://127.0.0.1:1' })
  expect(ill.status).toBe(1)
  expect(ill.out).toMatch(/^FAILED +Mail server: .*ECONNREFUSED/m)
})

test('version and help answer', async () => {
  expect((await gatehouse(['--version'], env)).out).toMatch(/^gatehouse \d+\.\d+\.\d+\n$/)
  expect((await gatehouse(['help'], env)).out).toMatch(/^ {2}serve +Runs the portal/m)
})
