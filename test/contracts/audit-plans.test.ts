import SqliteDatabase from 'better-sqlite3'
import { type CompiledQuery, Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sqliteFile } from '../../db/dialects/sqlite.ts'
import type { Database } from '../../db/schema.ts'
import { seedCast } from '../../db/seeds/cast.ts'
import { type AuditFilters, readFilters } from '../../src/audit/audit-filters.ts'
import { auditList, personHistory } from '../../src/audit/audit-list.ts'
import { encodeKey } from '../../src/paging.ts'
import { type FreshDatabase, freshDatabase } from '../support/engines.ts'

const filtersOf = (query: Readonly<Record<string, string>>): AuditFilters => {
  const read = readFilters(query, 'UTC')
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.filters
}
const one = { what: 'access approved' }
const deep = { after: encodeKey(['2026-02-01T00:00:00.000Z', 500_000]) }

/** SQLite decides how to read without looking at the rows: what it does here, it does with a million. */
describe('a million acts in the trail (sqlite)', () => {
  let fresh: FreshDatabase
  let file: SqliteDatabase.Database
  let db: Kysely<Database>
  const asked: CompiledQuery[] = []

  beforeAll(async () => {
    fresh = await freshDatabase('sqlite')
    await seedCast(fresh.open.db, { now: '2026-03-02T09:00:00.000Z', passwordHash: () => null })
    await fresh.open.db
      .insertInto('audit_events')
      .values(
        ['access approved', 'access rejected'].map(verb => ({
          at: '2026-03-02T09:00:00.000Z',
          actor_id: 'MANAGER01',
          actor_role: 'MANAGER',
          verb,
          subject_type: 'access',
          subject_id: '1',
          customer_id: '10000',
          http_request_id: null,
          sealed_seq: null,
          prev_hash: null,
          hash: null,
        })),
      )
      .execute()
    file = new SqliteDatabase(sqliteFile(fresh.config))
    db = new Kysely({
      dialect: new SqliteDialect({ database: file }),
      log: ({ query }) => {
        asked.push(query)
      },
    })
  })
  afterAll(async () => {
    await db.destroy()
    await fresh.close()
  })

  async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
    asked.length = 0
    await work()
    return asked.flatMap(query =>
      file
        .prepare<unknown[], { detail: string }>(`explain query plan ${query.sql}`)
        .all(...query.parameters)
        .map(step => step.detail)
        .filter(detail => /audit_events|TEMP B-TREE/.test(detail)),
    )
  }

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['all', {}, 'audit_events_at'],
    ['of a few days', { date_from: '2026-01-01', date_to: '2026-01-03' }, 'audit_events_at (at>? AND at<?)'],
    ['of a person', { who: 'MANAGER01', ...one }, 'audit_events_actor (actor_id=? AND verb=?'],
    ['of the portal itself', { who: 'Gatehouse', ...one }, 'audit_events_actor (actor_id=? AND verb=?'],
    ['of one kind', one, 'audit_events_kind (subject_type=? AND verb=?'],
    ['of several kinds', { what: 'access' }, 'audit_events_kind (subject_type=? AND verb=?'],
    ['about accesses', { about: 'access', ...one }, 'audit_events_kind (subject_type=? AND verb=?'],
    [
      'about one record',
      { about: 'access', record: '1' },
      'audit_events_subject (subject_type=? AND subject_id=?',
    ],
    ['of a customer', { customer: '10000', ...one }, 'audit_events_customer (customer_id=? AND verb=?'],
    [
      'of a customer on some days',
      { customer: '10000', date_from: '2026-01-01', ...one },
      'audit_events_customer (customer_id=? AND verb=? AND at>?',
    ],
  ])('%s are read straight from an index, without sorting them', async (_title, query, index) => {
    for (const place of [{}, deep]) {
      const found = await plansOf(() => auditList(db, filtersOf(query), place))
      expect(found.join('\n')).toContain(index)
      for (const step of found.filter(one => one.includes('audit_events')))
        expect(step).toMatch(/^(SEARCH|SCAN) audit_events USING (COVERING )?INDEX/)
      // Several kinds are a few short reads, of which a page is put together.
      if (query.what !== 'access') expect(found.join()).not.toContain('TEMP B-TREE')
    }
  })

  test('a person’s history is read from the indexes of both sides', async () => {
    const found = (await plansOf(() => personHistory(db, 'USER01', {}))).join('\n')
    expect(found).toContain('audit_events_actor (actor_id=?')
    expect(found).toContain('audit_events_subject (subject_type=? AND subject_id=?')
    expect(found).not.toMatch(/^SCAN audit_events/m)
  })
})

/** PostgreSQL looks at the rows: enough of them, in a spread like the real one. */
describe('many acts in the trail (postgres)', () => {
  let fresh: FreshDatabase
  let pool: pg.Pool
  let db: Kysely<Database>
  const asked: CompiledQuery[] = []
  beforeAll(async () => {
    fresh = await freshDatabase('postgres')
    pool = new pg.Pool({ connectionString: fresh.env.DATABASE_URL })
    db = new Kysely({
      dialect: new PostgresDialect({ pool }),
      log: ({ query }) => {
        asked.push(query)
      },
    })
    await sql`
      insert into audit_events (at, actor_id, actor_role, verb, subject_type, subject_id, customer_id)
      select to_char(timestamp '2025-01-01' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"'),
        'P' || (n % 500), 'STD_USER', (array['access approved', 'access rejected', 'person changed'])[1 + n % 3],
        (array['access', 'access', 'person'])[1 + n % 3], (n % 4000)::text, (10000 + n % 50)::text
      from generate_series(1, 60000) as n`.execute(db)
    await sql`analyze audit_events`.execute(db)
  })
  afterAll(async () => {
    await db.destroy()
    await fresh.close()
  })

  test.each<[string, Readonly<Record<string, string>>]>([
    ['all', {}],
    ['of a person', { who: 'P7' }],
    ['of one kind', { what: 'access approved' }],
    ['of several kinds', { what: 'access' }],
    ['about persons', { about: 'person' }],
    ['of a customer', { customer: '10007' }],
    ['about one record', { about: 'access', record: '7' }],
    ['of a few days', { date_from: '2025-01-10', date_to: '2025-01-11' }],
  ])('%s are read from an index, no more than a page of each', async (_title, query) => {
    asked.length = 0
    expect((await auditList(db, filtersOf(query), {})).rows.length).toBeGreaterThan(0)
    const pages = asked.filter(({ sql: text }) => /from audit_events .* limit 21/.test(text))
    expect(pages).toHaveLength(1)
    for (const { sql: text, parameters } of pages) {
      const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...parameters])
      const plan = rows.map(row => row['QUERY PLAN']).join('\n')
      expect(plan).not.toMatch(/Seq Scan on audit_events/)
      expect(plan).toMatch(/Index (Only )?Scan/)
    }
  })
})
