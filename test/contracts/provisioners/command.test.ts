import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { command } from '../../../src/provisioners/command/command.ts'
import { db2 } from '../../../src/provisioners/db2/db2.ts'
import type { Account, ServerAccess } from '../../../src/provisioners/provisioner.ts'
import { Secret } from '../../../src/secret.ts'
import { movableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/quiet-log.ts'
import { kind, listed, type ProvisionerFixture, provisionerContract } from './contract.ts'

/** The systems behind these two can't be had here: programs of the tests stand in for them, and say so. */
const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-accounts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const program = (name: string) => path.resolve('test/contracts/programs', name)
const stateOf = (engine: string) => path.join(folder, `${engine}.json`)
const statements = path.join(folder, 'db2.sql')
const deps = {
  clock: movableClock(new Date().toISOString()),
  log: quietLog,
  environment: { PATH: '/usr/bin:/bin' },
}

const accountArgv = (engine: string, ...more: string[]) => [
  process.execPath,
  program('account-system.mjs'),
  stateOf(engine),
  '{{verb}}',
  '{{name}}',
  '{{mark}}',
  '{{until}}',
  ...more,
]
const optionsOf = {
  command: { program: accountArgv('command') },
  db2: {
    account: accountArgv('db2'),
    grants: [process.execPath, program('db2-stand-in.mjs'), statements],
  },
}

const access = (engine: 'command' | 'db2', options: object = optionsOf[engine]): ServerAccess => ({
  name: 'main',
  host: 'db.example.com',
  port: 22,
  standby: null,
  adminName: 'db2inst1',
  adminPassword: new Secret('the portal 4711'),
  trust: { ca: null, pin: null, standbyPin: null },
  options: { ...options },
})
const definitions = { command, db2 }
const open = (engine: 'command' | 'db2', options?: object) =>
  definitions[engine].open(access(engine, options), deps)

type State = Record<string, { mark: number | null; password: string; until: string; locked: boolean }>
const read = (engine: string): State =>
  existsSync(stateOf(engine)) ? (JSON.parse(readFileSync(stateOf(engine), 'utf8')) as State) : {}

let number = 0
function account(overrides: Partial<Account> = {}): Account {
  number += 1
  return {
    name: `dbsrv_c${number}`,
    mark: number,
    database: 'APPDB',
    group: '10000_dev',
    owners: ['maximo'],
    readOnly: false,
    target: 'primary',
    validUntil: new Date(Date.now() + 372 * 86_400_000),
    ...overrides,
  }
}

const fixture = (engine: 'command' | 'db2'): ProvisionerFixture => ({
  engine,
  open: () => open(engine),
  account,
  makeForeign: async name => {
    const state = { ...read(engine), [name]: { mark: null, password: 'x', until: '', locked: false } }
    writeFileSync(stateOf(engine), JSON.stringify(state))
  },
  exists: async name => read(engine)[name] !== undefined,
})

describe('a program of one’s own', () => provisionerContract(() => fixture('command')))
describe('Db2, by a stand-in', () => provisionerContract(() => fixture('db2')))

describe('a program', () => {
  const password = new Secret('Zz9%^*_+aB3dE5gH7jK')

  test('can refuse a password; its words come without it', async () => {
    const made = open('command').ensureAccount(account(), new Secret('Forbidden123456789'))
    await expect(made).rejects.toMatchObject(kind('refused'))
    await expect(made).rejects.toThrow('The password [secret] is forbidden.')
  })

  test('says that a password is too old', async () => {
    const one = account({ validUntil: new Date(Date.now() - 86_400_000) })
    const provisioner = open('command')
    await provisioner.ensureAccount(one, password)
    expect(await provisioner.proves(one, password)).toBe('expired')
    await provisioner.extend({ ...one, validUntil: new Date(Date.now() + 86_400_000) })
    expect(await provisioner.proves(one, password)).toBe('proven')
  })

  test.each([
    ['is not there', ['/no/such/program', '{{verb}}'], 'failed', 'can’t be started'],
    ['fails without a word', ['/bin/false', '{{verb}}'], 'failed', 'ended with 1'],
    ['says what nobody understands', ['/bin/echo', '{{verb}}'], 'failed', 'not understood'],
    ['never ends', ['/bin/sleep', '60'], 'unreachable', 'did not end within 1 s'],
  ])('that %s is a reason to read', async (_what, argv, word, says) => {
    const asked = open('command', { program: argv, seconds: 1 }).whoHas('dbsrv_x')
    await expect(asked).rejects.toMatchObject(kind(word as 'failed'))
    await expect(asked).rejects.toThrow(says)
  })

  test('gets no password in its arguments or its environment', async () => {
    const file = path.join(folder, 'seen')
    const spy = [
      '/bin/sh',
      '-c',
      'env > "$0"; echo "$@" >> "$0"; cat > /dev/null; echo free',
      file,
      '{{name}}',
    ]
    await open('command', { program: spy }).whoHas('dbsrv_x')
    const seen = readFileSync(file, 'utf8')
    expect(seen).toContain('dbsrv_x')
    expect(seen).not.toContain('the portal 4711')
  })

  test('a value can’t become an option', async () => {
    const asked = open('command', { program: ['/bin/echo', '{{name}}'] }).whoHas('--help')
    await expect(asked).rejects.toThrow('can’t be passed to a program')
  })

  test.each([
    ['a placeholder that there is none of', { program: ['/bin/true', '{{password}}'] }],
    ['a program that depends on who asks', { program: ['{{name}}'] }],
    ['nothing at all', { program: [] }],
    ['an option that there is none of', { program: ['/bin/true'], shell: true }],
  ])('its options are refused: %s', (_what, options) => {
    expect(command.options.safeParse(options).success).toBe(false)
  })
})

describe('Db2', () => {
  test('gives a role its rights on every schema of the owners, and the account the role', async () => {
    const one = account({ name: 'dbsrv_db2a', readOnly: true })
    await open('db2').ensureAccount(one, new Secret('Zz9%^*_+aB3dE5gH7jK'))
    const said = readFileSync(statements, 'utf8')
    expect(said).toContain('GRANT CONNECT ON DATABASE TO ROLE GATEHOUSE_10000_DEV_RO\n')
    expect(said).toContain('GRANT SELECTIN ON SCHEMA MAXIMO TO ROLE GATEHOUSE_10000_DEV_RO\n')
    expect(said).toContain('GRANT ROLE GATEHOUSE_10000_DEV_RO TO USER DBSRV_DB2A\n')
    expect(said).not.toContain('Zz9%')
  })

  test('gives away what the account owned, and says so', async () => {
    const one = account({ name: 'dbsrv_owner' })
    const provisioner = open('db2')
    await provisioner.ensureAccount(one, new Secret('Zz9%^*_+aB3dE5gH7jK'))
    expect((await provisioner.dropAccount(one)).notes).toEqual([
      'Table "APP"."LEFT_BEHIND" was given to db2inst1.',
    ])
    expect(readFileSync(statements, 'utf8')).toContain(
      'TRANSFER OWNERSHIP OF TABLE "APP"."LEFT_BEHIND" TO USER DB2INST1 PRESERVE PRIVILEGES\n',
    )
  })

  test('gives away what it owned and nothing else, whatever that is called', async () => {
    const provisioner = open('db2')
    const dropped = async (name: string) => {
      const one = account({ name })
      await provisioner.ensureAccount(one, new Secret('Zz9%^*_+aB3dE5gH7jK'))
      return provisioner.dropAccount(one)
    }
    await dropped('dbsrv_crook')
    await expect(dropped('dbsrv_break')).rejects.toThrow('can’t be passed on')
    const said = readFileSync(statements, 'utf8')
    expect(said).toContain('TRANSFER OWNERSHIP OF TABLE "PAY.ROLL"."A""B" TO USER')
    expect(said).not.toContain('OF TABLE "PAY"."ROLL"')
  })

  test('lets nobody put a statement into a name', async () => {
    for (const name of ["x'; DROP TABLE t; --", 'x"y', 'ä'])
      await expect(
        open('db2').ensureAccount(account({ name }), new Secret('Zz9%^*_+aB3dE5gH7jK')),
      ).rejects.toMatchObject(kind('failed'))
    expect((await listed(open('db2'))).some(one => one.name.includes('DROP'))).toBe(false)
  })

  test('is checked by asking both programs', async () => {
    const databases = [
      { asset: '10000-DEV', database: 'APPDB', group: 'dev', owners: ['maximo'], production: false },
    ]
    expect(await open('db2').check(databases)).toEqual([
      { level: 'ok', what: '10000-DEV', says: 'DB2 v11.5.9.0 answers, and so does the script for accounts.' },
    ])
  })
})
