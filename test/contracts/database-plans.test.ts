import SqliteDatabase from 'better-sqlite3'
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sqliteFile } from '../../db/dialects/sqlite.ts'
import type { Database } from '../../db/schema.ts'
import { seedCast } from '../../db/seeds/cast.ts'
import { type RawQuery, readListQuery } from '../../src/service-requests/list-query.ts'
import { countRequests, listRequests } from '../../src/service-requests/list-requests.ts'
import { waitsFor } from '../../src/service-requests/queue-place.ts'
import type { Sight } from '../../src/service-requests/visible.ts'
import { type FreshDatabase, freshDatabase } from '../support/engines.ts'

/** SQLite decides how to read without looking at the rows: what it does here, it does with a million. */
describe('with a million service requests', () => {
  let fresh: FreshDatabase
  let file: SqliteDatabase.Database
  let db: Kysely<Database>
  const asked: CompiledQuery[] = []

  beforeAll(async () => {
    fresh = await freshDatabase('sqlite')
    await seedCast(fresh.open.db, { now: '2026-03-02T09:00:00.000Z', passwordHash: () => null })
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

  /** How SQLite reads service_requests for the queries the work asks. */
  async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
    asked.length = 0
    await work()
    return asked.flatMap(({ sql, parameters }) =>
      file
        .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
        .all(...parameters)
        .map(step => step.detail)
        .filter(detail => /service_requests|ORDER BY/.test(detail)),
    )
  }

  const list = (sight: Sight, raw: RawQuery) => {
    const read = readListQuery(raw, 'UTC')
    if (!read.ok) throw new Error(JSON.stringify(read.errors))
    return () => listRequests(db, sight, read.query, 20)
  }
  const count = (sight: Sight, raw: RawQuery) => {
    const read = readListQuery(raw, 'UTC')
    if (!read.ok) throw new Error(JSON.stringify(read.errors))
    return () => countRequests(db, sight, read.query)
  }

  test.each<[string, RawQuery, string]>([
    ['the newest', {}, 'service_requests_customer (customer_id=?)'],
    ['a page deep in the list', { after: '500' }, 'service_requests_customer (customer_id=? AND id<?)'],
    [
      'those of a Status',
      { status: 'QUEUED' },
      'service_requests_customer_status (customer_id=? AND status=?)',
    ],
    [
      'those of an environment, by its beginning',
      { asset: '10000-D' },
      'service_requests_customer_asset (customer_id=? AND asset_id=?)',
    ],
    ['all by environment', { sort: 'asset' }, 'service_requests_customer_asset (customer_id=?)'],
    ['all by Status', { sort: '-status' }, 'service_requests_customer_status (customer_id=?)'],
  ])('a customer’s person reads %s straight from an index, without sorting', async (_title, raw, index) => {
    const found = await plansOf(list(['10000'], raw))
    expect(found).toContainEqual(expect.stringContaining(index))
    for (const step of found) expect(step).toMatch(/^SEARCH service_requests USING INDEX .*\(customer_id=\?/)
  })

  test.each<[string, RawQuery, string]>([
    ['the newest', {}, 'SCAN service_requests'],
    ['a page deep in the list', { after: '500' }, 'INTEGER PRIMARY KEY (rowid<?)'],
    ['those of a Status', { status: 'QUEUED' }, 'service_requests_status (status=?)'],
    ['those of an environment', { asset: '10000-D' }, 'service_requests_asset (asset_id=?)'],
    ['all by environment', { sort: 'asset' }, 'service_requests_asset'],
    ['all by Status', { sort: 'status' }, 'service_requests_status'],
    ['all by who reported them', { sort: 'reported_by' }, 'service_requests_reporter'],
    ['all by Reported Date', { sort: '-reported_date' }, 'service_requests_reported'],
  ])('an operator reads %s straight from an index, without sorting', async (_title, raw, index) => {
    const found = await plansOf(list('all', raw))
    expect(found).toContainEqual(expect.stringContaining(index))
    for (const step of found) expect(step).not.toMatch(/ORDER BY/)
  })

  test('an operator reads all by Requested Start, first those that have one, straight from an index', async () => {
    const found = await plansOf(list('all', { sort: 'requested_start' }))
    expect(found).toHaveLength(2)
    for (const step of found) expect(step).toMatch(/USING INDEX service_requests_start/)
  })

  test('a person of several customers reads a few rows of each, in the order of the index', async () => {
    const found = await plansOf(list(['10000', '20000'], {}))
    const reads = found.filter(step => step.startsWith('SEARCH'))
    expect(reads).toHaveLength(2)
    for (const step of reads)
      expect(step).toMatch(/USING INDEX service_requests_customer \(customer_id=\?\)$/)
  })

  test.each<[string, Sight, RawQuery]>([
    ['a customer’s', ['10000'], {}],
    ['a customer’s of a Status', ['10000'], { status: 'RESOLVED' }],
    ['a customer’s of an environment', ['10000'], { asset: '10000-D' }],
    ['all', 'all', {}],
    ['all of a Status', 'all', { status: 'RESOLVED' }],
    ['all of an environment', 'all', { asset: '10000-D' }],
  ])('%s are counted inside an index', async (_title, sight, raw) => {
    const found = await plansOf(count(sight, raw))
    expect(found).toEqual([expect.stringMatching(/^(SCAN|SEARCH) service_requests USING COVERING INDEX /)])
  })

  test('the queue of an environment is read in its order, and the one who holds it by the lock’s index', async () => {
    const request = {
      id: 7,
      asset_id: '10000-DEV',
      mode: 'exclusive',
      due_at: '2026-03-02T09:00:00.000Z',
    } as const
    const found = await plansOf(() => waitsFor(db, request, '2026-03-02T10:00:00.000Z'))
    expect(found).toEqual([
      expect.stringContaining('service_requests_lock (asset_id=?)'),
      expect.stringMatching(/service_requests_queue \(asset_id=\? AND status=\?/),
    ])
  })
})
