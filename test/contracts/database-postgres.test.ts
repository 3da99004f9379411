import { sql } from 'kysely'
import { describe, expect, inject, test } from 'vitest'
import { DatabaseError, openDatabase } from '../../db/open.ts'
import { readConfig } from '../../src/config.ts'
import type { Db } from '../../src/deps.ts'
import { freshDatabase } from '../support/engines.ts'

const address = () => inject('postgres')
const backends = async (db: Db, pid: number | undefined) => {
  const { rows } = await sql`select 1 from pg_stat_activity where pid = ${pid}::int`.execute(db)
  return rows.length
}
const opening = (url: string) => openDatabase(readConfig({ DATABASE_URL: url }))

describe('PostgreSQL', () => {
  test('is read and written through a pool, under our name and with limits on waiting', async () => {
    const fresh = await freshDatabase('postgres')
    const { rows } = await sql`select current_setting('application_name') as name,
      current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle`.execute(fresh.open.db)
    expect(rows).toEqual([{ name: 'gatehouse', lock: '20s', statement: '1min', idle: '15s' }])
    await fresh.close()
  })

  test('goes on after the server has ended its idle connections', async () => {
    const fresh = await freshDatabase('postgres')
    const { pool } = fresh.open
    if (!pool) throw new Error('PostgreSQL comes with its pool.')
    const dropped = new Promise(resolve => pool.once('error', resolve))
    const victim = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(fresh.open.db)
    const other = await opening(address().replace('DATABASE', 'postgres'))
    await sql`select pg_terminate_backend(${victim.rows[0]?.pid}::int)`.execute(other.db)
    await other.close()
    await dropped
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(fresh.open.db)
    expect(rows).toEqual([{ one: 1 }])
    await fresh.close()
  })

  test('loses the transaction, and nothing else, when its connection ends between two statements', async () => {
    const fresh = await freshDatabase('postgres')
    const other = await opening(address().replace('DATABASE', 'postgres'))
    const transaction = fresh.open.db.transaction().execute(async tx => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await sql`select pg_terminate_backend(${rows[0]?.pid}::int)`.execute(other.db)
      await expect.poll(() => backends(other.db, rows[0]?.pid)).toBe(0)
      await sql`select 1`.execute(tx)
    })
    await expect(transaction).rejects.toThrow()
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(fresh.open.db)
    expect(rows).toEqual([{ one: 1 }])
    await other.close()
    await fresh.close()
  })

  test('closes a connection that does not answer, and goes on with another', async () => {
    const open = await opening(`${address().replace('DATABASE', 'postgres')}?query_timeout=2000`)
    await expect(sql`select pg_sleep(600)`.execute(open.db)).rejects.toThrow('Query read timeout')
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(open.db)
    expect(rows).toEqual([{ one: 1 }])
    await open.close()
  })

  test('a wrong password, a missing database and a server that is away are told apart, without the password', async () => {
    const wrong = address().replace(/:[^:@/]+@/, ':not-the-password@')
    await expect(opening(wrong.replace('DATABASE', 'postgres'))).rejects.toThrow(
      'PostgreSQL refused the user or password of DATABASE_URL (28P01). Correct them.',
    )
    await expect(opening(address().replace('DATABASE', 'nowhere'))).rejects.toThrow(
      'The database named in DATABASE_URL does not exist. Create it, encoded in UTF8, then start again.',
    )
    const away = opening('postgres://someone:not-the-password@127.0.0.1:1/x')
    await expect(away).rejects.toBeInstanceOf(DatabaseError)
    await expect(away).rejects.toThrow(
      /^PostgreSQL can't be reached at the address of DATABASE_URL \(ECONNREFUSED\)/,
    )
    await expect(away).rejects.not.toThrow(/not-the-password/)
  })

  test('a database in another encoding is refused', async () => {
    const admin = await opening(address().replace('DATABASE', 'postgres'))
    await admin.pool?.query(`create database in_latin1 encoding 'LATIN1' locale 'C' template template0`)
    await expect(opening(address().replace('DATABASE', 'in_latin1'))).rejects.toThrow(
      'The database of DATABASE_URL is encoded in LATIN1. Create it with UTF8.',
    )
    await admin.pool?.query('drop database in_latin1 with (force)')
    await admin.close()
  })
})
