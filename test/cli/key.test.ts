import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { runCommand } from '../../src/cli/run-command.ts'
import { systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import type { Db } from '../../src/deps.ts'
import { Secret } from '../../src/secret.ts'
import { keyRing } from '../../src/vault/key-ring.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'
import { buildPrograms, gatehouse, type Running, start, temporaryFolder } from '../support/gatehouse.ts'
import { masterKey, testMasterKey } from '../support/vault.ts'

/** The program itself, from the first key to the second; each test goes on where the one before has ended. */
const place = temporaryFolder()
const file = path.join(place.folder, 'master.key')
const env = { DATA_DIR: place.folder, PORT: '0' }
let portal: Running
let stored: string

const serve = async () => {
  portal = start('gatehouse', ['serve'], env)
  await portal.line(/Gatehouse is at/)
}
const stop = async () => {
  portal.kill('SIGTERM')
  return portal.ended
}
const keyInFile = () => masterKey(readFileSync(file, 'utf8'))
async function onVault<T>(work: (vault: Vault, db: Db) => Promise<T>) {
  const { db, engine, close } = await openDatabase(readConfig(env))
  const result = await work(createVault(keyRing(keyInFile(), engine), systemClock), db)
  await close()
  return result
}

beforeAll(() => buildPrograms())
afterAll(async () => {
  portal?.kill('SIGKILL')
  await portal?.ended
  place.remove()
})

test('the first start makes a key and says so', async () => {
  await serve()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await portal.line(/"level":40,.+A master key was made: .+ Back it up apart from the database/)
  stored = await onVault((vault, db) => vault.store(db, 'account:1', new Secret('hush-4711')))
})

test('key rotate replaces it while the portal runs, and says what to do next', async () => {
  const former = keyInFile().id
  const { status, out, err } = await gatehouse(['key', 'rotate'], env)
  expect([status, err]).toEqual([0, ''])
  const next = keyInFile().id
  expect(next).not.toBe(former)
  expect(out).toContain(
    `All stored passwords (1) are encrypted with the master key ${next}, none with ${former}.\n`,
  )
  expect(out).toContain(`The former is kept as ${file}.previous`)
  expect(out).toContain('Then start every process of the portal again.')
  expect(await onVault(async (vault, db) => (await vault.open(db, 'account:1', stored)).expose())).toBe(
    'hush-4711',
  )
})

test('run again while the portal still has the former key, it names who has it', async () => {
  const { status, out, err } = await gatehouse(['key', 'rotate'], env)
  expect([status, out]).toEqual([1, ''])
  expect(err).toMatch(/^gatehouse: The rotation to .+ because process \d+ on .+ may work with it\. .+\n$/)
})

test('the start with the new key ends the rotation', async () => {
  expect(await stop()).toMatchObject({ status: 0, err: '' })
  await serve()
  await portal.line(/"level":30,.+The rotation of the master key is complete: .+ opens nothing any more/)
})

test('without the key the portal does not start any more, and makes none', async () => {
  await stop()
  const { id } = keyInFile()
  rmSync(file)
  const { status, out, err } = await gatehouse(['serve'], env)
  expect([status, out]).toEqual([1, ''])
  expect(err).toMatch(
    new RegExp(
      `^gatehouse: Passwords are stored \\(1\\), but there is no key .+ Bring the master key ${id} back.+\\n$`,
    ),
  )
  const wrong = await gatehouse(['serve'], { ...env, MASTER_KEY: testMasterKey })
  expect(wrong).toMatchObject({ status: 1, out: '' })
  expect(wrong.err).toBe(
    `gatehouse: MASTER_KEY is the master key ${masterKey(testMasterKey).id}, but the stored passwords are encrypted with ${id}. Give that one.\n`,
  )
  expect(existsSync(file)).toBe(false)
})

test('two portals that start at once in one empty folder make one key', async () => {
  const { folder, remove } = temporaryFolder()
  const both = [1, 2].map(() => start('gatehouse', ['serve'], { ...env, DATA_DIR: folder }))
  onTestFinished(async () => {
    for (const one of both) one.kill('SIGKILL')
    for (const one of both) await one.ended
    remove()
  })
  for (const one of both) await one.line(/Gatehouse is at/)
  for (const one of both) one.kill('SIGTERM')
  const printed = (await Promise.all(both.map(one => one.ended))).map(({ out }) => out).join('')
  const { db, close } = await openDatabase(readConfig({ DATA_DIR: folder }))
  const keys = await db.selectFrom('master_keys').select('id').execute()
  const workers = await db.selectFrom('workers').select('master_key').execute()
  await close()
  const { id } = masterKey(readFileSync(path.join(folder, 'master.key'), 'utf8'))
  expect(printed.split('A master key was made')).toHaveLength(2)
  expect(keys).toEqual([{ id }])
  expect(workers).toEqual([{ master_key: id }, { master_key: id }])
})

test('config redacts both keys', async () => {
  const shown = await gatehouse(['config'], {
    ...env,
    MASTER_KEY: testMasterKey,
    NEW_MASTER_KEY: testMasterKey,
  })
  expect(shown.out).toContain('\nMASTER_KEY=[secret]\nNEW_MASTER_KEY=[secret]\n')
  expect(shown.out).not.toContain(testMasterKey.slice(0, 8))
})

test('a command of two words is told from those of one', async () => {
  const ran: string[] = []
  const command = (name: string) => ({ summary: '', run: async () => ran.push(name) })
  const commands = { serve: command('serve'), 'key rotate': command('key rotate') }
  const complaint = async (name: string, ...args: string[]) => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const umask = process.umask()
    await runCommand(commands, name, args)
    process.umask(umask)
    const said = written.mock.calls.join('')
    written.mockRestore()
    return said
  }
  expect([await complaint('serve'), await complaint('key', 'rotate')]).toEqual(['', ''])
  expect(ran).toEqual(['serve', 'key rotate'])
  expect(await complaint('key')).toMatch(/There is no command “key”\. Use one of: serve, key rotate\./)
  expect(await complaint('key', 'turn')).toMatch(/There is no command “key turn”/)
  expect(await complaint('key', 'rotate', '--now')).toMatch(
    /“key rotate” takes nothing more, but was given “--now”/,
  )
  expect(await complaint('serve', 'now')).toMatch(/“serve” takes nothing more, but was given “now”/)
  expect(await complaint('constructor')).toMatch(/There is no command “constructor”/)
  expect(ran).toHaveLength(2)
})
