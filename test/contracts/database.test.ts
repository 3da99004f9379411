import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { isUniqueViolation } from '../../db/errors.ts'
import { dialects, type OpenDatabase } from '../../db/open.ts'
import { onBothEngines } from '../support/engines.ts'

const setting = (open: OpenDatabase, name: string, value: string) =>
  open.db.insertInto('settings').values({ name, value }).execute()

const names = async (query: { execute(): Promise<{ name: string }[]> }) =>
  (await query.execute()).map(row => row.name)

onBothEngines('both databases give the same answers', (engine, open) => {
  beforeEach(async () => {
    await open().db.deleteFrom('settings').execute()
    await open().db.deleteFrom('jobs').execute()
  })

  const addJob = (values: { payload?: string; unique_key?: string; finished_at?: string } = {}) =>
    open()
      .db.insertInto('jobs')
      .values({ name: 'nothing', payload: '{}', run_at: 'now', created_at: 'now', ...values })
      .returning(['id', 'state', 'attempts', 'max_attempts', 'payload', 'fence'])
      .executeTakeFirstOrThrow()

  test('ids, counts, sums and large numbers are numbers', async () => {
    const job = await addJob()
    expect(typeof job.id).toBe('number')
    await open().db.updateTable('jobs').set({ fence: Number.MAX_SAFE_INTEGER }).execute()
    const row = await open()
      .db.selectFrom('jobs')
      .select(({ fn }) => [
        fn.countAll().as('count'),
        fn.sum('max_attempts').as('sum'),
        fn.max('fence').as('max'),
      ])
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ count: 1, sum: 8, max: Number.MAX_SAFE_INTEGER })
  })

  test('defaults are filled in and given back', async () => {
    expect(await addJob()).toMatchObject({ state: 'queued', attempts: 0, max_attempts: 8, fence: 0 })
  })

  test('JSON stays the text that was written', async () => {
    expect((await addJob({ payload: '{ "b":1, "a":[true] }' })).payload).toBe('{ "b":1, "a":[true] }')
  })

  test('an id is never given twice, not even after its row was deleted', async () => {
    const first = await addJob()
    await open().db.deleteFrom('jobs').where('id', '=', first.id).execute()
    expect((await addJob()).id).toBeGreaterThan(first.id)
  })

  test('bytes and every kind of text come back as they were', async () => {
    const texts = ['', ' ', 'Ärger 🚦', "'; drop table jobs; --", '%_\\', 'x'.repeat(300_000)]
    for (const [i, text] of texts.entries()) await setting(open(), String(i), text)
    const rows = await open().db.selectFrom('settings').select('value').orderBy('name').execute()
    expect(rows.map(row => row.value)).toEqual(texts)
    const blob = sql.raw(dialects[engine].words.blob)
    const bytes = await sql<{ data: Uint8Array }>`
      select cast(${Buffer.from([0, 1, 255])} as ${blob}) as data`.execute(open().db)
    expect([...(bytes.rows[0]?.data ?? [])]).toEqual([0, 1, 255])
  })

  test('text is ordered by its bytes, whatever the language of the server', async () => {
    for (const name of ['zebra', 'Äpfel', '_a', 'Zebra', 'a-b', 'ab', 'a b', '10000-DEV'])
      await setting(open(), name, '')
    const query = open().db.selectFrom('settings').select('name').orderBy('name')
    expect(await names(query)).toEqual(['10000-DEV', 'Zebra', '_a', 'a b', 'a-b', 'ab', 'zebra', 'Äpfel'])
    expect(await names(query.where('name', '>', 'Z').where('name', '<', 'a'))).toEqual(['Zebra', '_a'])
  })

  test('like tells upper from lower case and takes escaped signs literally', async () => {
    for (const name of ['Up1', 'up2', '50%', '500', 'a_b', 'axb', 'c\\d']) await setting(open(), name, '')
    const like = (pattern: string) =>
      names(
        open()
          .db.selectFrom('settings')
          .select('name')
          .where(sql<boolean>`name like ${pattern} escape '\\'`)
          .orderBy('name'),
      )
    expect(await like('up%')).toEqual(['up2'])
    expect(await like('50\\%')).toEqual(['50%'])
    expect(await like('a\\_b')).toEqual(['a_b'])
    expect(await like('c\\\\d')).toEqual(['c\\d'])
    expect(await like('%0%')).toEqual(['50%', '500'])
  })

  test('rows without a value stand where the query says', async () => {
    await addJob({ unique_key: 'b', finished_at: '2026-01-02' })
    await addJob({ unique_key: 'c' })
    await addJob({ unique_key: 'a', finished_at: '2026-01-01' })
    const keys = async (direction: 'asc' | 'desc', nulls: 'nullsFirst' | 'nullsLast') => {
      const rows = await open()
        .db.selectFrom('jobs')
        .select('unique_key')
        .orderBy('finished_at', order => order[direction]()[nulls]())
        .execute()
      return rows.map(row => row.unique_key).join('')
    }
    expect(await keys('asc', 'nullsLast')).toBe('abc')
    expect(await keys('asc', 'nullsFirst')).toBe('cab')
    expect(await keys('desc', 'nullsLast')).toBe('bac')
  })

  test('a conditional update changes one row for one of two who try', async () => {
    const { id } = await addJob()
    const claim = () =>
      open()
        .db.updateTable('jobs')
        .set({ state: 'running', worker_id: 'w', lease_until: 'later' })
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .executeTakeFirstOrThrow()
    const changed = (await Promise.all([claim(), claim()])).map(result => Number(result.numUpdatedRows))
    expect(changed.sort()).toEqual([0, 1])
  })

  test('an update can choose its rows by a subquery and give them back', async () => {
    const first = await addJob()
    await addJob()
    const row = await open()
      .db.updateTable('jobs')
      .set({ last_error: 'seen' })
      .where('id', '=', eb =>
        eb.selectFrom('jobs').select('id').where('state', '=', 'queued').orderBy('id').limit(1),
      )
      .returning('id')
      .executeTakeFirst()
    expect(row).toEqual({ id: first.id })
  })

  test('insert or update in one statement', async () => {
    const put = (value: string) =>
      open()
        .db.insertInto('settings')
        .values({ name: 'x', value })
        .onConflict(conflict =>
          conflict.column('name').doUpdateSet(eb => ({ value: eb.ref('excluded.value') })),
        )
        .execute()
    await put('one')
    await put('two')
    const rows = await open().db.selectFrom('settings').selectAll().execute()
    expect(rows).toEqual([{ name: 'x', value: 'two' }])
  })

  test('a taken key is told from other failures', async () => {
    await setting(open(), 'x', '')
    const taken = await setting(open(), 'x', '').catch((error: unknown) => error)
    const other = await sql`select * from nowhere`.execute(open().db).catch((error: unknown) => error)
    expect([isUniqueViolation(taken), isUniqueViolation(other)]).toEqual([true, false])
  })

  test('a transaction that throws leaves nothing behind, and the next one works', async () => {
    const attempt = open()
      .db.transaction()
      .execute(async tx => {
        await tx.insertInto('settings').values({ name: 'x', value: '' }).execute()
        throw new Error('changed my mind')
      })
    await expect(attempt).rejects.toThrow('changed my mind')
    await open()
      .db.transaction()
      .execute(tx => tx.insertInto('settings').values({ name: 'y', value: '' }).execute())
    expect(await names(open().db.selectFrom('settings').select('name'))).toEqual(['y'])
  })

  test('a savepoint undoes a part of a transaction', async () => {
    const tx = await open().db.startTransaction().execute()
    await tx.insertInto('settings').values({ name: 'x', value: 'kept' }).execute()
    const attempt = await tx.savepoint('try').execute()
    await expect(
      attempt.insertInto('settings').values({ name: 'x', value: 'again' }).execute(),
    ).rejects.toThrow()
    await attempt.rollbackToSavepoint('try').execute()
    await tx.commit().execute()
    expect(await open().db.selectFrom('settings').selectAll().execute()).toEqual([
      { name: 'x', value: 'kept' },
    ])
  })

  test('a value of the wrong type is refused', async () => {
    const insert = sql`insert into jobs (name, payload, run_at, created_at, attempts)
      values ('nothing', '{}', 'now', 'now', ${'many'})`
    await expect(insert.execute(open().db)).rejects.toThrow(/integer|bigint/i)
  })
})
