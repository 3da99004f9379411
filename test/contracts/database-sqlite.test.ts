import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sqliteFile } from '../../db/dialects/sqlite.ts'
import { DatabaseError, openDatabase } from '../../db/open.ts'
import { readConfig } from '../../src/config.ts'
import { newId } from '../../src/ids.ts'
import { type FreshDatabase, freshDatabase } from '../support/engines.ts'
import { startProgram } from '../support/program.ts'

describe('the SQLite file', () => {
  let fresh: FreshDatabase
  beforeEach(async () => {
    fresh = await freshDatabase('sqlite')
  })
  afterEach(() => fresh.close())

  const pragma = async (name: string) => {
    const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(fresh.open.db)
    return Object.values(rows[0] ?? {})[0]
  }

  test('survives power loss: write-ahead log, synchronous FULL; foreign keys are on', async () => {
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
    expect(await pragma('busy_timeout')).toBe(5000)
  })

  test('SQLITE_SYNCHRONOUS=NORMAL trades that for speed', async () => {
    const faster = await openDatabase(readConfig({ ...fresh.env, SQLITE_SYNCHRONOUS: 'NORMAL' }))
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(faster.db)
    await faster.close()
    expect(rows).toEqual([{ synchronous: 1 }])
  })

  test('two processes that read and then write in one transaction both get through', async () => {
    const programs = [1, 2].map(() => startProgram('test/contracts/programs/count.ts', ['300'], fresh.env))
    expect(await Promise.all(programs.map(program => program.ended()))).toEqual([0, 0])
    expect(await fresh.open.db.selectFrom('settings').select('value').execute()).toEqual([{ value: '600' }])
  })

  test('a transaction takes the write lock at its beginning', async () => {
    const other = await openDatabase(fresh.config)
    await sql`pragma busy_timeout = 0`.execute(other.db)
    const tx = await fresh.open.db.startTransaction().execute()
    await expect(other.db.transaction().execute(async () => {})).rejects.toThrow(/locked/)
    await tx.rollback().execute()
    await other.db.transaction().execute(async () => {})
    await other.close()
  })

  test('keeps answering when more statements were used than it remembers', async () => {
    for (let i = 0; i < 700; i++) {
      const { rows } = await sql<{ n: number }>`select ${sql.lit(i)} + ${1} as n`.execute(fresh.open.db)
      expect(rows).toEqual([{ n: i + 1 }])
    }
  })
})

describe('the log of the SQLite file', () => {
  const MiB = 2 ** 20
  let fresh: FreshDatabase
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    fresh = await freshDatabase('sqlite')
  })
  afterEach(async () => {
    await fresh.close()
    vi.useRealTimers()
  })

  const sizeOf = (ending: string) =>
    statSync(`${sqliteFile(fresh.config)}${ending}`, { throwIfNoEntry: false })?.size ?? 0
  const write = async (mebibytes: number, key: string) => {
    for (let n = 0; n < mebibytes; n++)
      await fresh.open.db
        .insertInto('settings')
        .values({ name: `${key} ${n}`, value: 'x'.repeat(MiB) })
        .execute()
  }

  test('is moved into the database beside the commits and begun anew when it is long', async () => {
    await write(40, 'first')
    expect(sizeOf('')).toBeLessThan(MiB)
    vi.advanceTimersByTime(1000)
    await vi.waitFor(() => expect(sizeOf('')).toBeGreaterThan(40 * MiB), { timeout: 20_000 })
    await vi.waitFor(
      async () => {
        vi.advanceTimersByTime(1000)
        await fresh.open.db.updateTable('settings').set({ value: newId() }).execute()
        expect(await framesInLog()).toBeLessThan(8192)
      },
      { timeout: 20_000 },
    )
  })

  test('keeps nobody from closing the database, who has nothing else to wait for', async () => {
    const program = startProgram('test/contracts/programs/close-long-log.ts', [], fresh.env)
    expect([await program.ended(), program.lines]).toEqual([7, ['closed']])
  })

  /** Asked in a way that moves nothing. */
  const framesInLog = async () => {
    const { rows } = await sql<{ log: number }>`pragma wal_checkpoint(noop)`.execute(fresh.open.db)
    return rows[0]?.log
  }

  test('stays below 64 MiB and a transaction when nobody moves it', async () => {
    await write(80, 'first')
    expect(sizeOf('-wal')).toBeLessThan(70 * MiB)
    expect(sizeOf('')).toBeGreaterThan(60 * MiB)
  })

  test('is gone when the last one has closed the file, with all that it held in the database', async () => {
    await write(40, 'kept')
    vi.advanceTimersByTime(1000)
    await fresh.open.close()
    expect(sizeOf('-wal')).toBe(0)
    fresh.open = await openDatabase(fresh.config)
    const rows = await fresh.open.db.selectFrom('settings').select('name').execute()
    expect(rows).toHaveLength(40)
  })
})

describe('a data folder', () => {
  let place: string
  beforeEach(() => {
    place = mkdtempSync(path.join(tmpdir(), 'gatehouse-folder-'))
  })
  afterEach(() => rmSync(place, { recursive: true, force: true }))

  test('is made when it is missing, for its owner alone', async () => {
    const folder = path.join(place, 'a', 'b')
    const open = await openDatabase(readConfig({ DATA_DIR: folder }))
    await open.close()
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(folder, 'gatehouse.sqlite')).mode & 0o777).toBe(0o600)
  })

  test('that can not be one is named, with what to do', async () => {
    const file = path.join(place, 'file')
    writeFileSync(file, '')
    const attempt = openDatabase(readConfig({ DATA_DIR: path.join(file, 'data') }))
    await expect(attempt).rejects.toBeInstanceOf(DatabaseError)
    await expect(attempt).rejects.toThrow(
      `The data folder ${path.join(file, 'data')} can't be used (ENOTDIR). Set DATA_DIR to a folder this user may write to.`,
    )
  })

  test('with a folder in the place of the file is refused in the same words', async () => {
    mkdirSync(path.join(place, 'gatehouse.sqlite'))
    await expect(openDatabase(readConfig({ DATA_DIR: place }))).rejects.toThrow(
      `The data folder ${place} can't be used (EISDIR).`,
    )
  })

  test('with something else under the name of the file is left alone', async () => {
    writeFileSync(
      path.join(place, 'gatehouse.sqlite'),
      'a letter to my aunt, long enough to be read\n'.repeat(9),
    )
    await expect(openDatabase(readConfig({ DATA_DIR: place }))).rejects.toThrow(
      /gatehouse\.sqlite is not a database of Gatehouse\. Move it away, or set DATA_DIR to another folder\.$/,
    )
  })
})
