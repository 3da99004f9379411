import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { after, minutes } from '../../src/clock.ts'
import { type Config, readConfig } from '../../src/config.ts'
import type { Db } from '../../src/deps.ts'
import { registerWorker, retireWorker } from '../../src/jobs/workers.ts'
import { Secret } from '../../src/secret.ts'
import { keyRing } from '../../src/vault/key-ring.ts'
import type { MasterKey } from '../../src/vault/master-key.ts'
import { createVault } from '../../src/vault/vault.ts'
import { movableClock } from '../support/clock.ts'
import { engines, type FreshDatabase, freshDatabase } from '../support/engines.ts'
import { temporaryFolder } from '../support/gatehouse.ts'
import { newKeyText, refusal, startedKey } from '../support/keys.ts'
import { masterKey } from '../support/vault.ts'

/** Which master key a process starts with, and when it does not start at all. */
describe.each(engines)('the master key at a start (%s)', engine => {
  let fresh: FreshDatabase
  let db: Db
  let config: Config
  let file: string
  let clock: ReturnType<typeof movableClock>
  beforeEach(async () => {
    fresh = await freshDatabase(engine)
    ;({ config } = fresh)
    db = fresh.open.db
    file = path.join(config.DATA_DIR, 'master.key')
    clock = movableClock()
  })
  afterEach(() => fresh.close())

  const given = (env: Record<string, string>) => readConfig({ ...fresh.env, ...env })
  const start = (to = config) => startedKey(to, db, clock)
  const refused = (to = config) => refusal(to, db, clock)
  const keys = () => db.selectFrom('master_keys').select(['id', 'successor']).orderBy('id').execute()
  const vaultOf = (key: MasterKey) => createVault(keyRing(key, engine), clock)
  const storeUnder = (key: MasterKey) => vaultOf(key).store(db, 'server:1', new Secret('hush'))
  const here = () => config.WORKER_HOST

  describe('where nothing is stored', () => {
    test('one is made, for this user alone, and that is said once', async () => {
      const first = await start()
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(readFileSync(file, 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
      expect(first.logged).toEqual([
        expect.objectContaining({
          level: 40,
          msg: `A master key was made: ${file}. Back it up apart from the database; without it stored passwords are lost.`,
        }),
      ])
      const second = await start()
      expect([second.key.id, second.logged]).toEqual([first.key.id, []])
      expect(await keys()).toEqual([{ id: first.key.id, successor: null }])
      expect(readdirSync(config.DATA_DIR).filter(name => name.startsWith('master.key'))).toEqual([
        'master.key',
      ])
    })

    test('a log of errors alone has it too', async () => {
      const { logged } = await startedKey(config, db, clock, 'error')
      expect(logged).toMatchObject([{ level: 50, msg: expect.stringContaining('A master key was made') }])
    })

    test('a file that is there is never written over', async () => {
      const text = newKeyText()
      writeFileSync(file, text, { mode: 0o600 })
      expect((await start()).key.id).toBe(masterKey(text).id)
      expect(readFileSync(file, 'utf8')).toBe(text)
    })

    test('what a crash has left of one that was being made does no harm', async () => {
      writeFileSync(`${file}.tmp`, 'half')
      const { key } = await start()
      expect(masterKey(readFileSync(file, 'utf8')).id).toBe(key.id)
      expect(existsSync(`${file}.tmp`)).toBe(false)
    })

    test('a key that is given is taken, from an option or from the file it names', async () => {
      const text = newKeyText()
      const keyFile = path.join(config.DATA_DIR, 'given')
      writeFileSync(keyFile, `${text}\n`, { mode: 0o600 })
      expect(await start(given({ MASTER_KEY: text }))).toMatchObject({ key: masterKey(text), logged: [] })
      expect((await start(given({ MASTER_KEY_FILE: keyFile }))).key.id).toBe(masterKey(text).id)
      expect((await start(given({ MASTER_KEY: Buffer.from(text, 'base64').toString('hex') }))).key.id).toBe(
        masterKey(text).id,
      )
      expect(existsSync(file)).toBe(false)
    })

    test('another may take its place: a lost file, another option, and back again', async () => {
      const first = await start()
      rmSync(file)
      clock.advance(minutes(2))
      const second = await start()
      expect(second.key.id).not.toBe(first.key.id)
      expect(second.logged[0]?.msg).toContain(
        `It takes the place of the master key ${first.key.id}, under which nothing is stored.`,
      )
      clock.advance(minutes(2))
      const back = await start(given({ MASTER_KEY: newKeyText() }))
      clock.advance(minutes(2))
      expect((await start()).key.id).toBe(second.key.id)
      await storeUnder(second.key)
      expect((await keys()).filter(row => row.successor === null)).toHaveLength(1)
      await expect(storeUnder(back.key)).rejects.toThrow(`this process was started with ${back.key.id}`)
    })

    test('but not while a process works with it, or is about to', async () => {
      const { key } = await start()
      const other = given({ MASTER_KEY: newKeyText() })
      expect(await refused(other)).toMatch(
        new RegExp(
          `^The portal's master key is ${key.id}, with which a process that began to start at .+ works`,
        ),
      )
      await registerWorker(db, clock, 'w1', 'other-host', key.id)
      clock.advance(minutes(5))
      expect(await refused(other)).toMatch(
        /with which process \d+ on other-host, last seen at .+ works; it is not at MASTER_KEY\. Give this process the same key: copy master\.key, or set MASTER_KEY\.$/,
      )
      await retireWorker(db, clock, 'w1')
      expect(await refused(other)).toMatch(/^started with/)
    })

    test('a process of this machine that was killed counts as gone at once', async () => {
      const { key } = await start()
      await registerWorker(db, clock, 'w1', here(), key.id)
      const child = execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' })
      await db
        .updateTable('workers')
        .set({ pid: Number(child) })
        .execute()
      rmSync(file)
      expect((await start()).key.id).not.toBe(key.id)
    })
  })

  test('of nodes that start at once with folders of their own, one makes the key, and the others say whose it is', async () => {
    if (engine === 'sqlite') return expect(config.DATABASE_URL).toBeUndefined()
    const folders = [1, 2, 3, 4].map(() => temporaryFolder())
    const nodes = await Promise.all(
      folders.map(async ({ folder }) => {
        const own = given({ DATA_DIR: folder })
        return { own, open: await openDatabase(own) }
      }),
    )
    const outcomes = await Promise.all(nodes.map(({ own, open }) => refusal(own, open.db, clock)))
    const [row, ...more] = await keys()
    expect(more).toEqual([])
    expect(outcomes.filter(words => words === `started with ${row?.id}`)).toHaveLength(1)
    expect(outcomes.filter(words => words.startsWith(`The portal's master key is ${row?.id}`))).toHaveLength(
      3,
    )
    const made = folders.flatMap(({ folder }) => readdirSync(folder).filter(name => name.includes('key')))
    expect(made).toEqual(['master.key'])
    await Promise.all(nodes.map(({ open }) => open.close()))
    for (const { remove } of folders) remove()
  })

  test('of processes that start at once in one folder, all have the same key', async () => {
    const opened = engine === 'sqlite' ? [] : await Promise.all([1, 2, 3].map(() => openDatabase(config)))
    const started = await Promise.all(
      [db, ...opened.map(open => open.db)].map(one => startedKey(config, one, clock)),
    )
    expect(new Set(started.map(({ key }) => key.id)).size).toBe(1)
    expect(started.flatMap(({ logged }) => logged)).toHaveLength(1)
    expect(await keys()).toHaveLength(1)
    await Promise.all(opened.map(open => open.close()))
  })

  describe('where passwords are stored', () => {
    let right: MasterKey
    beforeEach(async () => {
      right = (await start()).key
      await storeUnder(right)
      clock.advance(minutes(30))
    })

    test('a missing key stops the start, and none is made', async () => {
      rmSync(file)
      expect(await refused()).toBe(
        `Passwords are stored (1), but there is no key to read them: MASTER_KEY is not set, and ${file} is not there. Bring the master key ${right.id} back from its backup.`,
      )
      expect(existsSync(file)).toBe(false)
    })

    test.each(['MASTER_KEY', 'MASTER_KEY_FILE', 'master.key'])(
      'a wrong one in %s stops it and says which it is and which is wanted',
      async place => {
        const text = newKeyText()
        const named = path.join(config.DATA_DIR, 'named')
        writeFileSync(place === 'master.key' ? file : named, text)
        const value = { MASTER_KEY: text, MASTER_KEY_FILE: named }[place]
        const where = { MASTER_KEY: 'MASTER_KEY', MASTER_KEY_FILE: `MASTER_KEY_FILE (${named})` }[place]
        expect(await refused(given(value ? { [place]: value } : {}))).toBe(
          `${where ?? file} is the master key ${masterKey(text).id}, but the stored passwords are encrypted with ${right.id}. Give that one.`,
        )
      },
    )

    test('the right one from another place will do', async () => {
      const text = readFileSync(file, 'utf8')
      rmSync(file)
      expect((await start(given({ MASTER_KEY: text }))).key.id).toBe(right.id)
    })

    test('a check value that was altered stops it', async () => {
      await db
        .updateTable('master_keys')
        .set({ check_value: Buffer.alloc(60, 1) })
        .execute()
      expect(await refused()).toMatch(/was altered or restored in part\. Restore the whole database/)
    })
  })

  describe('a key file', () => {
    test.each<[string, (at: string) => void, RegExp]>([
      [
        'that is empty',
        at => writeFileSync(at, '\n'),
        /is empty\. Bring the master key back from its backup/,
      ],
      ['that is a folder', at => mkdirSync(at), /is no regular file/],
      ['that is a pipe', at => execFileSync('mkfifo', [at]), /is no regular file/],
      ['that holds something else', at => writeFileSync(at, 'hush-4711'), /is no master key: it has to be/],
      ['that is far too large', at => writeFileSync(at, 'A'.repeat(5000)), /is no master key/],
      ['that is a link to nowhere', at => symlinkSync('/nowhere/key', at), /can't be read \(ENOENT\)/],
    ])('%s is told, not shown', async (_title, make, words) => {
      make(file)
      const said = await refused()
      expect(said).toMatch(words)
      expect(said.startsWith(file) || said.startsWith(`The master key ${file}`)).toBe(true)
      expect(said).not.toContain('hush')
      expect(await keys()).toEqual([])
    })

    test('where none can be written is told', async () => {
      rmSync(config.DATA_DIR, { recursive: true })
      if (engine === 'sqlite') mkdirSync(config.DATA_DIR)
      const nowhere = { ...config, DATA_DIR: path.join(config.DATA_DIR, 'not-there') }
      expect(await refused(nowhere)).toMatch(/^The master key can't be written to .+ \(ENOENT\)/)
      expect(await keys()).toEqual([])
    })

    test('that others may read is warned of, with what closes it', async () => {
      const { key } = await start()
      chmodSync(file, 0o640)
      expect((await start()).logged).toEqual([
        expect.objectContaining({
          level: 40,
          msg: `The master key ${file} can be read by other users of this machine. Close it: chmod 600 ${file}`,
        }),
      ])
      const named = path.join(config.DATA_DIR, 'named')
      writeFileSync(named, readFileSync(file), { mode: 0o640 })
      const own = given({ MASTER_KEY_FILE: named })
      expect(await start(own)).toMatchObject({ key: { id: key.id }, logged: [] })
      chmodSync(named, 0o644)
      expect((await start(own)).logged[0]?.msg).toContain(`chmod o= ${named}`)
    })

    test.each(['', 'hush-4711', 'A'.repeat(42), 'g'.repeat(64), `${newKeyText()}${newKeyText()}`])(
      'MASTER_KEY=%s is no key',
      async text => {
        const said = await refused(given({ MASTER_KEY: text }))
        if (text === '') expect(said).toMatch(/^started with/)
        else expect(said).toMatch(/^MASTER_KEY is no master key: it has to be base64 of 32 bytes/)
        expect(said).not.toContain('hush')
      },
    )
  })

  test('a start is remembered with its time, a worker with its key', async () => {
    const { key } = await start()
    const at = clock.instant()
    clock.advance(minutes(3))
    await start()
    const row = await db.selectFrom('master_keys').select('used_at').executeTakeFirstOrThrow()
    expect(row.used_at).toBe(after(at, minutes(3)))
    expect(vaultOf(key).startedWith).toBe(key.id)
  })
})
