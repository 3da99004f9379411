import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import type { Db } from '../../src/deps.ts'
import { rememberedCount } from '../../src/remembered-counts.ts'
import { engines, type FreshDatabase, freshDatabase } from '../support/engines.ts'

describe.each(engines)('a remembered count (%s)', engine => {
  let fresh: FreshDatabase
  afterEach(() => fresh.close())

  const open = async () => {
    fresh = await freshDatabase(engine)
    const { db } = fresh.open
    return {
      db,
      count: (prefix = '') => rememberedCount({ db, engine }, prefix, () => customersLike(db, `${prefix}%`)),
    }
  }
  const customersLike = async (db: Db, pattern: string) => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from customers where id like ${pattern}`.execute(db)
    return Number(rows[0]?.count)
  }
  const customer = (id: string) => ({ id, name: `Customer ${id}`, created_at: '2026-03-02T09:00:00.000Z' })

  test('is right after each row that comes, changes or goes', async () => {
    const { db, count } = await open()
    expect(await count()).toBe(0)
    await db.insertInto('customers').values(customer('10000')).execute()
    expect([await count(), await count()]).toEqual([1, 1])
    await db.updateTable('customers').set({ id: '20000' }).execute()
    expect([await count('1'), await count('2')]).toEqual([0, 1])
    await db.deleteFrom('customers').execute()
    expect(await count()).toBe(0)
  })

  test('is right after what another process writes', async () => {
    const { count } = await open()
    expect(await count()).toBe(0)
    const other = await openDatabase(fresh.config)
    await other.db.insertInto('customers').values(customer('10000')).execute()
    await other.close()
    expect(await count()).toBe(1)
  })

  test('is right after a transaction that was taken back', async () => {
    const { db, count } = await open()
    const refused = db.transaction().execute(async tx => {
      await tx.insertInto('customers').values(customer('10000')).execute()
      throw new Error('taken back')
    })
    await expect(refused).rejects.toThrow('taken back')
    expect(await count()).toBe(0)
  })
})
