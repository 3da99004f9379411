import { describe, expect, test } from 'vitest'
import { command } from '../../src/provisioners/command/command.ts'
import { db2 } from '../../src/provisioners/db2/db2.ts'
import type { Account, ServerAccess } from '../../src/provisioners/provisioner.ts'
import { Secret } from '../../src/secret.ts'
import { testCertificate, testKey } from '../support/certificate.ts'
import { movableClock } from '../support/clock.ts'
import { quietLog } from '../support/quiet-log.ts'

const admin = 'Adm;n "of" the 4711\tserver'
const deps = {
  clock: movableClock(new Date().toISOString()),
  log: quietLog,
  environment: { PATH: '/usr/bin:/bin' },
}
const access = (options: object): ServerAccess => ({
  name: 'main',
  host: 'db.example.com',
  port: 22,
  standby: null,
  adminName: 'db2inst1',
  adminPassword: new Secret(admin),
  trust: { ca: null, pin: null, standbyPin: null },
  options: { ...options },
})
const shell = (script: string, more: object = {}) =>
  command.open(access({ program: ['/bin/sh', '-c', script], seconds: 3, ...more }), deps)

const account: Account = {
  name: 'dbsrv_app',
  mark: 1,
  database: 'APPDB',
  group: '10000_dev',
  owners: ['maximo'],
  readOnly: false,
  target: 'primary',
  validUntil: null,
}
const password = new Secret('Zz9%^*_+aB3dE5gH7jK')
const databases = [{ asset: '10000-DEV', database: 'APPDB', group: 'dev', owners: [], production: false }]

/** What they print is read, stored and shown; what was told to them on standard input must not be in it. */
describe('a program that repeats its standard input', () => {
  const withoutSecrets = async (said: Promise<unknown>) => {
    const text = JSON.stringify(await said.catch((error: Error) => error.message))
    expect(text).toContain('[secret]')
    for (const part of ['4711', 'Adm;n', 'Zz9%', 'aB3dE5']) expect(text).not.toContain(part)
  }

  test.each([
    ['an answer that is not understood', () => shell('cat').whoHas('dbsrv_x')],
    ['the point in a history', () => shell('cat').changePassword(account, password)],
    ['what the check says', () => shell('cat').check(databases)],
    ['the name of a system', () => shell('cat | tail -n 1').identify()],
    ['last words', () => shell('cat >&2; exit 1').proves(account, password)],
    ['last words, cut', () => shell('tail -n 1 | tr "\\t" " " >&2; exit 1').proves(account, password)],
  ])('tells nobody: %s', (_what, said) => withoutSecrets(said()))

  test.each([
    ['JSON', 'JSON.stringify(text)'],
    ['an address', 'encodeURIComponent(text)'],
    ['base64', 'Buffer.from("user:" + text).toString("base64")'],
    ['doubled quotes', "text.replaceAll('\"', '\"\"')"],
  ])('tells nobody, written as %s', async (_what, form) => {
    const script = `const text = require('fs').readFileSync(0, 'utf8').split('\\n')[1]; console.error(${form}); process.exit(1)`
    const asked = command
      .open(access({ program: [process.execPath, '-e', script], seconds: 5 }), deps)
      .whoHas('dbsrv_x')
    await expect(asked).rejects.toThrow(/\[secret\]/)
    await expect(asked).rejects.not.toThrow(/4711|Adm/)
  })

  test('tells nobody what db2 -v prints', async () => {
    const options = { account: ['/bin/echo', 'free'], grants: ['/bin/cat'], seconds: 3 }
    const lines = await db2.open(access(options), deps).check(databases)
    expect(JSON.stringify(lines)).not.toMatch(/4711|Adm;n/)
  })
})

test('a program that leaves something behind, such as a connection to be used again, is not waited for', async () => {
  const began = Date.now()
  expect(await shell('echo free; setsid sleep 25 &').whoHas('dbsrv_x')).toBe('free')
  expect(Date.now() - began).toBeLessThan(3000)
})

test('a program that is late is given up, whatever it has started', async () => {
  const began = Date.now()
  const asked = shell('setsid sleep 25 & sleep 25', { seconds: 1 }).whoHas('dbsrv_x')
  await expect(asked).rejects.toMatchObject({ kind: 'unreachable' })
  expect(Date.now() - began).toBeLessThan(3000)
})

test('a certificate is shown without the key that it was stored with', async () => {
  const script = `cat <<'END'\n${testKey}${testCertificate}END`
  const shown = await shell(script).certificate('primary')
  expect(shown?.pem).toBe(testCertificate)
})
