import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MigrationError, migrate } from '../../db/migrate.ts'
import { migrations } from '../../db/migrations/index.ts'
import { run } from '../../db/migrations/migration.ts'
import { engines, type FreshDatabase, freshDatabase } from '../support/engines.ts'
import { startProgram } from '../support/program.ts'

const names = migrations.map(migration => migration.name)
const start = (fresh: FreshDatabase, ...args: string[]) =>
  startProgram('test/contracts/programs/migrate.ts', args, fresh.env)

describe.each(engines)('migrations (%s)', engine => {
  let fresh: FreshDatabase
  beforeEach(async () => {
    fresh = await freshDatabase(engine, { empty: true })
  })
  afterEach(() => fresh.close())

  const appliedNames = async () => {
    const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(
      fresh.open.db,
    )
    return rows.map(row => row.name)
  }

  test('are numbered in the order of the list', () => {
    expect(names).toEqual([...names].sort())
    expect(new Set(names.map(name => name.slice(0, 4))).size).toBe(names.length)
  })

  test('are applied once, and a second start applies nothing', async () => {
    const said: string[] = []
    expect(await migrate(fresh.open, name => said.push(name))).toEqual(names)
    expect(said).toEqual(names)
    expect(await migrate(fresh.open)).toEqual([])
    expect(await appliedNames()).toEqual(names)
  })

  test('are shared by processes that start at the same moment', async () => {
    const programs = [1, 2, 3].map(() => start(fresh))
    expect(await Promise.all(programs.map(program => program.ended()))).toEqual([0, 0, 0])
    expect(programs.flatMap(program => program.lines).sort()).toEqual(names)
  })

  test.each(['0001-people', '0004-service-requests', '0009-built-in-actions'])(
    'leave nothing of %s behind when the process is killed in the middle of it',
    async name => {
      const program = start(fresh, name)
      await program.says('in the middle')
      program.kill('SIGKILL')
      expect(await program.ended()).toBe('SIGKILL')

      expect(await migrate(fresh.open)).toEqual(names.slice(names.indexOf(name)))
      expect(await appliedNames()).toEqual(names)
      expect(await fresh.open.db.selectFrom('actions').select('id').execute()).toHaveLength(3)
    },
  )

  test('wait for a process that is in the middle of one', async () => {
    const program = start(fresh, '0004-service-requests')
    await program.says('in the middle')
    const second = start(fresh)
    // Nothing tells that it waits. Killing the first is right both before and after it has begun to.
    program.kill('SIGKILL')
    expect(await second.ended()).toBe(0)
    expect(second.lines).toEqual(names.slice(names.indexOf('0004-service-requests')))
  })

  test('undo the whole of one that fails, and say which', async () => {
    const broken = {
      name: '9999-broken',
      up: (tx: Parameters<typeof run>[0]) =>
        run(tx, 'create table half (id integer)', 'create table half (id integer)'),
    }
    const attempt = migrate(fresh.open, () => {}, [...migrations, broken])
    await expect(attempt).rejects.toThrow(/^The change 9999-broken could not be made to the database: /)
    await expect(sql`select 1 from half`.execute(fresh.open.db)).rejects.toThrow(/half/)
    expect(await appliedNames()).toEqual(names)
  })

  test('refuse a database that a newer program has changed', async () => {
    const newer = [...migrations, { name: '9999-later', up: async () => {} }]
    await migrate(fresh.open, () => {}, newer)
    const attempt = migrate(fresh.open)
    await expect(attempt).rejects.toBeInstanceOf(MigrationError)
    await expect(attempt).rejects.toThrow(
      'The database was changed by a newer version of Gatehouse (9999-later), which this one does not know.',
    )
  })
})
