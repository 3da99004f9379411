import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { readConfig } from '../../src/config.ts'
import { buildPrograms, type Ended, gatehouse, temporaryFolder } from '../support/gatehouse.ts'

/** What keeps the portal from starting is said in one sentence: which option, what is wrong, what is right. */
let place: ReturnType<typeof temporaryFolder>
let env: Record<string, string>

beforeAll(() => buildPrograms())
beforeEach(() => {
  place = temporaryFolder()
  env = { DATA_DIR: place.folder, PORT: '0', LOG_LEVEL: 'silent' }
})
afterEach(() => place.remove())

function expectWords(ended: Ended, ...words: (string | RegExp)[]) {
  expect(ended.status).toBe(1)
  expect(ended.err).toMatch(/^gatehouse: .+\n$/)
  for (const word of words) expect(ended.err).toMatch(word)
}

describe('a wrong option', () => {
  test.each([
    ['PORT', 'http', 'whole number from 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'debug, info, warn, error, silent'],
    ['PUBLIC_URL', 'portal', 'https://portal.example.com'],
    ['PUBLIC_URL', 'http://portal.example.com', 'ALLOW_HTTP=1'],
    ['ALLOW_HTTP', 'yes', 'Use 1 or 0'],
    ['SMTP_URL_FILE', '/nowhere/smtp', 'readable file'],
  ])('%s=%s', async (name, value, right) => {
    expectWords(await gatehouse(['serve'], { ...env, [name]: value }), name.replace('_FILE', ''), right)
  })

  test('a value and its file, both', async () => {
    const both = { ...env, MAIL_FROM: 'a@example.com', MAIL_FROM_FILE: '/dev/null' }
    expectWords(await gatehouse(['serve'], both), 'MAIL_FROM', 'only one')
  })
})

test('a port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  try {
    expectWords(await gatehouse(['serve'], { ...env, PORT: String(port) }), `Port ${port}`, 'set PORT')
  } finally {
    other.close()
  }
})

test('an address that is not of this machine', async () => {
  expectWords(await gatehouse(['serve'], { ...env, HOST: '192.0.2.1' }), 'HOST is “192.0.2.1”')
})

test('a data folder that is a file', async () => {
  const file = path.join(place.folder, 'file')
  writeFileSync(file, '')
  expectWords(await gatehouse(['serve'], { ...env, DATA_DIR: file }), 'DATA_DIR', 'not a folder')
})

test('a data folder where none can be made', async () => {
  expectWords(
    await gatehouse(['serve'], { ...env, DATA_DIR: '/proc/gatehouse' }),
    '/proc/gatehouse',
    'DATA_DIR',
  )
})

test('a data folder that holds another file of that name', async () => {
  writeFileSync(path.join(place.folder, 'gatehouse.sqlite'), 'not a database, but long enough to look at')
  expectWords(await gatehouse(['serve'], env), 'is not a database of Gatehouse')
})

describe.each(['sqlite', 'postgres'])('a database changed by a newer version (%s)', engine => {
  test('is refused', async () => {
    const to =
      engine === 'sqlite' ? env : { ...env, DATABASE_URL: inject('postgres').replace('DATABASE', 'postgres') }
    await pretendNewer(to)
    expectWords(await gatehouse(['serve'], to), 'newer version', '9999-later')
  })
})

async function pretendNewer(env: Record<string, string>) {
  const open = await openDatabase(readConfig(env))
  await migrate(open)
  await sql`insert into migrations (name, applied_at) values ('9999-later', '2100-01-01T00:00:00.000Z')`.execute(
    open.db,
  )
  await open.close()
}

test('a PostgreSQL that does not answer', async () => {
  const ended = await gatehouse(['serve'], { ...env, DATABASE_URL: 'postgres://gate:hush@127.0.0.1:1/gate' })
  expectWords(ended, 'DATABASE_URL', "can't be reached")
  expect(ended.err).not.toContain('hush')
})

test('an option where the command takes none', async () => {
  expectWords(await gatehouse(['serve', '--port', '8080'], env), '“--port 8080”', 'PORT=8080')
})

test('a command that does not exist', async () => {
  expectWords(await gatehouse(['surf'], env), '“surf”', 'serve, worker, migrate')
})
