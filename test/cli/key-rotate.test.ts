import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { CommandError } from '../../src/cli/command.ts'
import { rotateKey } from '../../src/cli/key-rotation.ts'
import { minutes } from '../../src/clock.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import type { Db } from '../../src/deps.ts'
import { registerWorker, retireWorker } from '../../src/jobs/workers.ts'
import { Secret } from '../../src/secret.ts'
import { keyRing } from '../../src/vault/key-ring.ts'
import type { MasterKey } from '../../src/vault/master-key.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'
import { movableClock } from '../support/clock.ts'
import { engines, type FreshDatabase, freshDatabase } from '../support/engines.ts'
import { newKeyText, refusal, startedKey } from '../support/keys.ts'
import { startProgram } from '../support/program.ts'
import { masterKey } from '../support/vault.ts'

/** More than one batch. */
const many = 60

describe.each(engines)('a new master key (%s)', engine => {
  let fresh: FreshDatabase
  let db: Db
  let file: string
  let former: MasterKey
  let ids: string[]
  /** Of a process that was started before, and goes on. */
  let running: Vault
  let clock: ReturnType<typeof movableClock>
  /** Where the keys come from: MASTER_KEY and NEW_MASTER_KEY, or nothing for the data folder. */
  let options: Record<string, string>

  beforeEach(async () => {
    fresh = await freshDatabase(engine)
    db = fresh.open.db
    file = path.join(fresh.config.DATA_DIR, 'master.key')
    // With the wall clock: programs have that one.
    clock = movableClock(new Date(Date.now() - minutes(30)).toISOString())
    options = {}
  })
  afterEach(() => fresh.close())

  const env = () => ({ ...fresh.env, ...options })
  const config = () => readConfig(env())
  const vaultOf = (key: MasterKey) => createVault(keyRing(key, engine), clock)

  async function begin(inOptions: boolean, count = 3) {
    if (inOptions) options = { MASTER_KEY: newKeyText() }
    former = (await startedKey(config(), db, clock)).key
    clock.advance(minutes(30))
    running = vaultOf(former)
    ids = []
    for (let n = 0; n < count; n += 1)
      ids.push(await running.store(db, `account:${n}`, new Secret(`hush ${n}`)))
    if (inOptions) options.NEW_MASTER_KEY = newKeyText()
  }

  async function rotate(checkpoint?: (name: string) => Promise<void> | void): Promise<string[]> {
    const said: string[] = []
    await rotateKey({ db, config: config(), clock, say: line => said.push(line), checkpoint })
    return said
  }
  const refused = () =>
    rotate().then(
      said => `done: ${said.join(' ')}`,
      error =>
        error instanceof CommandError || error instanceof ConfigError ? error.message : `${error.stack}`,
    )
  const opened = async (vault: Vault) => {
    const texts: string[] = []
    for (const [n, id] of ids.entries()) texts.push((await vault.open(db, `account:${n}`, id)).expose())
    return texts
  }
  const all = () => ids.map((_, n) => `hush ${n}`)
  const counts = async () => {
    const rows = await db
      .selectFrom('secrets')
      .select(['key_id', eb => eb.fn.countAll<number>().as('count')])
      .groupBy('key_id')
      .execute()
    return Object.fromEntries(rows.map(row => [row.key_id, row.count]))
  }
  const rows = () => db.selectFrom('master_keys').selectAll().execute()
  const current = async () => (await rows()).find(row => row.successor === null)?.id ?? ''
  const keyFiles = () =>
    readdirSync(fresh.config.DATA_DIR)
      .filter(name => name.startsWith('master.key'))
      .sort()
  const inFile = (of = file) => masterKey(readFileSync(of, 'utf8'))
  const verbs = async () =>
    (await db.selectFrom('audit_events').select('verb').orderBy('id').execute()).map(row => row.verb)
  /** What an operator does next. */
  const takeNewKey = () => {
    options = options.NEW_MASTER_KEY ? { MASTER_KEY: options.NEW_MASTER_KEY } : {}
  }

  describe.each([
    ['in the data folder', false],
    ['in options', true],
  ])('%s', (_title, inOptions) => {
    test('takes the place of the former while the portal goes on, and is said with what is to be done', async () => {
      await begin(inOptions, many)
      const said = await rotate()
      const next = await current()
      expect(next).not.toBe(former.id)
      expect(await counts()).toEqual({ [next]: many })
      expect(said).toContain(
        `All stored passwords (${many}) are encrypted with the master key ${next}, none with ${former.id}.`,
      )
      expect(said.join('\n')).toMatch(inOptions ? /give the new key as MASTER_KEY/ : /back it up apart/)
      expect(said.at(-1)).toMatch(/start every process of the portal again/)
      expect(said.join('\n')).not.toContain(options.MASTER_KEY ?? inFile().key.export().toString('base64'))
      expect(await opened(running)).toEqual(all())
      ids.push(await running.store(db, `account:${many}`, new Secret(`hush ${many}`)))
      expect(await counts()).toEqual({ [next]: many + 1 })
      takeNewKey()
      const restarted = await startedKey(config(), db, clock)
      expect(restarted.key.id).toBe(next)
      expect(await opened(vaultOf(restarted.key))).toEqual(all())
      expect(await verbs()).toEqual([
        'master-key rotation begun',
        'master-key rotation ended',
        'master-key link cut',
      ])
    })

    test('the former leads to it until no process is left that was started with it', async () => {
      await begin(inOptions)
      await registerWorker(db, clock, 'w1', 'other-host', former.id)
      await rotate()
      takeNewKey()
      const first = await startedKey(config(), db, clock)
      expect(first.logged[0]?.msg).toMatch(
        new RegExp(
          `^The former master key ${former.id} still leads to the new one, because process \\d+ on other-host`,
        ),
      )
      expect(await refused()).toMatch(
        /complete except that .+ still leads to it, because process \d+ on other-host, last seen at .+ may work with it/,
      )
      expect(await opened(running)).toEqual(all())
      await retireWorker(db, clock, 'w1')
      expect(await refused()).toMatch(
        new RegExp(`^done: The rotation .+ ${former.id} opens nothing any more`),
      )
      await expect(vaultOf(former).open(db, 'account:0', ids[0] ?? '')).rejects.toThrow('does not have')
      // A process that had found the way goes on all the same.
      expect(await opened(running)).toEqual(all())
      expect((await rows()).every(row => row.successor_sealed === null)).toBe(true)
    })

    test('a process that has not been seen for long keeps the link no longer', async () => {
      await begin(inOptions)
      await registerWorker(db, clock, 'w1', 'other-host', former.id)
      await rotate()
      takeNewKey()
      clock.advance(minutes(11))
      expect((await startedKey(config(), db, clock)).logged).toEqual([
        expect.objectContaining({
          level: 30,
          msg: `The rotation of the master key is complete: ${former.id} opens nothing any more.`,
        }),
      ])
    })

    test('a start with the former works while it leads there, and warns; afterwards it is refused', async () => {
      await begin(inOptions)
      const before = options
      const text = inOptions ? '' : readFileSync(file, 'utf8')
      await rotate()
      const next = await current()
      options = inOptions ? before : { MASTER_KEY: text }
      const again = await startedKey(config(), db, clock)
      expect(again.key.id).toBe(former.id)
      expect(again.logged).toEqual([
        expect.objectContaining({
          level: 40,
          msg: `MASTER_KEY is the former master key ${former.id}. It works only until the rotation is complete: give the new one, ${next}, and start again.`,
        }),
      ])
      expect(await opened(vaultOf(again.key))).toEqual(all())
      clock.advance(minutes(2))
      options = inOptions ? { MASTER_KEY: before.NEW_MASTER_KEY ?? '' } : {}
      await startedKey(config(), db, clock)
      options = inOptions ? before : { MASTER_KEY: text }
      expect(await refusal(config(), db, clock)).toMatch(
        new RegExp(
          `^MASTER_KEY is the master key ${former.id}, which ${next} has replaced \\(.+Z\\)\\. Give the master key ${next}\\.$`,
        ),
      )
      expect(await refused()).toMatch(/^MASTER_KEY is the master key .+ has replaced/)
    })

    test.each([
      'rotation begun',
      'some rewrapped',
      ...(inOptions
        ? []
        : ['new key kept', 'all rewrapped', 'rotation ended', 'former key kept', 'new key in place']),
    ])('killed at “%s”, everything opens, and the next run goes on to the same new key', async point => {
      await begin(inOptions, many)
      const killed = startProgram('test/contracts/programs/rotate-key.ts', [], { ...env(), CRASH_AT: point })
      expect(await killed.ended()).toBe('SIGKILL')
      clock.set(new Date().toISOString())
      const prepared = options.NEW_MASTER_KEY
        ? masterKey(options.NEW_MASTER_KEY).id
        : inFile(existsSync(`${file}.next`) ? `${file}.next` : file).id
      if (point !== 'new key kept') expect(await current()).toBe(prepared)
      expect(await opened(running)).toEqual(all())
      // Restarted in the middle of it, with what is there.
      const restarted = await startedKey(config(), db, clock)
      expect(await opened(vaultOf(restarted.key))).toEqual(all())
      // That start has ended it.
      if (point !== 'new key in place') await rotate()
      expect(await counts()).toEqual({ [prepared]: many })
      expect(await current()).toBe(prepared)
      takeNewKey()
      clock.advance(minutes(2))
      const after = await startedKey(config(), db, clock)
      expect(after.key.id).toBe(prepared)
      expect(await opened(vaultOf(after.key))).toEqual(all())
      if (!inOptions) expect(keyFiles()).toEqual(['master.key', 'master.key.previous'])
      expect((await rows()).every(row => row.successor_sealed === null && row.rotating_by === null)).toBe(
        true,
      )
    })

    test('of two rotations at once the second is refused, and the first ends', async () => {
      await begin(inOptions)
      const first = startProgram('test/contracts/programs/rotate-key.ts', [], {
        ...env(),
        HOLD_AT: 'some rewrapped',
      })
      onTestFinished(() => first.kill('SIGKILL'))
      await first.says('holds at some rewrapped')
      clock.set(new Date().toISOString())
      expect(await refused()).toMatch(
        /^Another “gatehouse key rotate” is under way \(process \d+ on .+\)\. Wait until it has ended/,
      )
      first.kill('SIGUSR2')
      expect(await first.ended()).toBe(0)
      expect(await counts()).toEqual({ [await current()]: 3 })
    })

    test('what is stored in the middle of it ends under the new key', async () => {
      await begin(inOptions, many)
      await rotate(async () => {
        const n = ids.length
        ids.push(await running.store(db, `account:${n}`, new Secret(`hush ${n}`)))
      })
      expect(await counts()).toEqual({ [await current()]: ids.length })
      expect(ids.length).toBeGreaterThan(many + 4)
      expect(await opened(running)).toEqual(all())
    })

    test('twice after each other makes two new keys, and what is stored opens', async () => {
      await begin(inOptions)
      for (let round = 0; round < 2; round += 1) {
        await rotate()
        takeNewKey()
        running = vaultOf((await startedKey(config(), db, clock)).key)
        if (inOptions) options.NEW_MASTER_KEY = newKeyText()
        clock.advance(minutes(2))
      }
      expect(await opened(running)).toEqual(all())
      expect(await rows()).toHaveLength(3)
      if (!inOptions)
        expect(keyFiles()).toEqual(['master.key', 'master.key.previous', `master.key.previous-${former.id}`])
    })

    test('what can’t be opened is named, and the rotation not called done', async () => {
      await begin(inOptions)
      await db
        .updateTable('secrets')
        .set({ wrapped_key: Buffer.alloc(61, 1) })
        .where('id', '=', ids[1] ?? '')
        .execute()
      const words = await refused()
      expect(words).toMatch(/^1 stored passwords can't be opened with the key they name: account:1\./)
      expect(await counts()).toEqual({ [former.id]: 1, [await current()]: 2 })
      await running.forget(db, 'account:1')
      expect(await refused()).toMatch(/^done: Going on with the rotation .+ All stored passwords \(2\)/)
    })

    test('with nothing stored it is done all the same', async () => {
      await begin(inOptions, 0)
      expect((await rotate()).join('\n')).toContain('All stored passwords (0)')
      expect(await current()).not.toBe(former.id)
    })

    test('without a database in which a portal has started there is nothing to replace', async () => {
      if (inOptions) options = { MASTER_KEY: newKeyText(), NEW_MASTER_KEY: newKeyText() }
      expect(await refused()).toBe(
        'There is no master key to replace: the portal makes one at its first start.',
      )
    })
  })

  describe('in the data folder', () => {
    test('it takes the place of the file at one stroke; the former is kept', async () => {
      await begin(false)
      const seen: string[] = []
      await rotate(name => {
        seen.push(`${name}: ${keyFiles().join(' ')}, ${inFile().id === former.id ? 'former' : 'new'}`)
      })
      expect(seen).toEqual([
        'new key kept: master.key master.key.next, former',
        'rotation begun: master.key master.key.next, former',
        'some rewrapped: master.key master.key.next, former',
        'some rewrapped: master.key master.key.next, former',
        'all rewrapped: master.key master.key.next, former',
        'rotation ended: master.key master.key.next, former',
        'former key kept: master.key master.key.next master.key.previous, former',
        'new key in place: master.key master.key.previous, new',
      ])
      expect(inFile(`${file}.previous`).id).toBe(former.id)
      for (const name of keyFiles())
        expect(statSync(path.join(fresh.config.DATA_DIR, name)).mode & 0o777).toBe(0o600)
    })

    test('a new key that was lost on the way is had from the former', async () => {
      await begin(false)
      await rotate(name => {
        if (name === 'rotation begun') throw new CommandError('stopped')
      }).catch(() => {})
      const next = await current()
      writeFileSync(`${file}.next`, newKeyText())
      await rotate()
      expect(inFile().id).toBe(next)
      expect(await counts()).toEqual({ [next]: 3 })
    })

    test('another node that still has the former gets the new one by running it there', async () => {
      await begin(false)
      const text = readFileSync(file, 'utf8')
      await rotate()
      const next = inFile().id
      writeFileSync(file, text)
      rmSync(`${file}.previous`)
      const said = await rotate()
      expect(said[0]).toBe(`Going on with the rotation from the master key ${former.id} to ${next}.`)
      expect([inFile().id, keyFiles()]).toEqual([next, ['master.key', 'master.key.previous']])
    })

    test('NEW_MASTER_KEY, and a key file that is a link, are refused', async () => {
      await begin(false)
      options = { NEW_MASTER_KEY: newKeyText() }
      expect(await refused()).toMatch(/^NEW_MASTER_KEY belongs to MASTER_KEY/)
      options = {}
      const text = readFileSync(file)
      rmSync(file)
      writeFileSync(`${file}-elsewhere`, text)
      symlinkSync(`${file}-elsewhere`, file)
      expect(await refused()).toMatch(/is a link, which a new key would take the place of/)
      expect(await current()).toBe(former.id)
    })
  })

  describe('in options', () => {
    test('the new one has to be given, be new, and stay the same', async () => {
      await begin(true)
      const next = options.NEW_MASTER_KEY ?? ''
      const give = (text?: string) => {
        options = { MASTER_KEY: options.MASTER_KEY ?? '', ...(text ? { NEW_MASTER_KEY: text } : {}) }
      }
      give()
      expect(await refused()).toMatch(/^NEW_MASTER_KEY is not set\. Make a key \(openssl rand -base64 32\)/)
      give('hush-4711')
      expect(await refused()).toBe(
        'NEW_MASTER_KEY is no master key: it has to be base64 of 32 bytes (openssl rand -base64 32).',
      )
      give(options.MASTER_KEY)
      expect(await refused()).toMatch(/^done: The master key .+ is in use, nothing is to be done/)
      give(next)
      await rotate(name => {
        if (name === 'some rewrapped') throw new CommandError('stopped')
      }).catch(() => {})
      give(newKeyText())
      expect(await refused()).toMatch(
        new RegExp(`^A rotation to the master key ${masterKey(next).id} has begun, but NEW_MASTER_KEY is `),
      )
      give()
      expect(await refused()).toMatch(/^NEW_MASTER_KEY is not set/)
      give(next)
      expect(await refused()).toMatch(/^done: Going on/)
    })

    test('a key that was in use before is refused', async () => {
      await begin(true)
      const old = options.MASTER_KEY ?? ''
      await rotate()
      takeNewKey()
      await startedKey(config(), db, clock)
      options.NEW_MASTER_KEY = old
      expect(await refused()).toMatch(
        /^NEW_MASTER_KEY is the master key .+, which was in use before\. Make a new one/,
      )
    })

    test('a start with the new one before everything is under it is refused, with the way on', async () => {
      await begin(true)
      const before = options
      await rotate(name => {
        if (name === 'rotation begun') throw new CommandError('stopped')
      }).catch(() => {})
      takeNewKey()
      expect(await refusal(config(), db, clock)).toMatch(
        new RegExp(
          `^3 stored passwords are still encrypted with the former master key ${former.id}, which .+ “gatehouse key rotate” to its end`,
        ),
      )
      expect(await refused()).toMatch(
        /^3 stored passwords are still encrypted with .+ Run this with the former key/,
      )
      options = before
      const again = await startedKey(config(), db, clock)
      expect(again.logged[0]?.msg).toMatch(
        /is being replaced by .+ run it again: it goes on where it ended\.$/,
      )
      await rotate()
      expect(await opened(running)).toEqual(all())
    })
  })

  test('it waits for whoever is just storing something under the former, so that nothing stays there', async () => {
    // SQLite has one writer at a time.
    if (engine === 'sqlite') return expect(fresh.open.pool).toBeUndefined()
    await begin(false)
    const stored = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    const storing = db.transaction().execute(async tx => {
      ids.push(await running.store(tx, 'account:3', new Secret('hush 3')))
      stored.resolve()
      await commit.promise
    })
    await stored.promise
    const rotating = rotate()
    await expect.poll(waiting).toBe(1)
    expect(await counts()).toEqual({ [former.id]: 3 })
    commit.resolve()
    await Promise.all([storing, rotating])
    expect(await counts()).toEqual({ [await current()]: 4 })
    expect(await opened(running)).toEqual(all())
  })

  const waiting = async () => {
    const { rows: found } = await sql<{ count: number }>`
      select count(*) as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    return found[0]?.count
  }

  test('a link that was altered leads nowhere', async () => {
    await begin(false)
    const text = readFileSync(file, 'utf8')
    await rotate()
    await db
      .updateTable('master_keys')
      .set({ successor_sealed: Buffer.alloc(61, 1) })
      .where('id', '=', former.id)
      .execute()
    await expect(vaultOf(masterKey(text)).open(db, 'account:0', ids[0] ?? '')).rejects.toThrow(
      /^The way from the master key .+ can't be read: it was altered/,
    )
  })
})
