import SqliteDatabase from 'better-sqlite3'
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sqliteFile } from '../../db/dialects/sqlite.ts'
import type { Database } from '../../db/schema.ts'
import { seedCast } from '../../db/seeds/cast.ts'
import type { ListQuery } from '../../src/paging.ts'
import { type ListViewFilters, listView } from '../../src/people/list-view.ts'
import type { Actor } from '../../src/policy.ts'
import { type FreshDatabase, freshDatabase } from '../support/engines.ts'

/** SQLite decides how to read without looking at the rows: what it does here, it does with 100,000 persons. */
describe('the List View of Access Management', () => {
  let fresh: FreshDatabase
  let file: SqliteDatabase.Database
  let db: Kysely<Database>
  const asked: CompiledQuery[] = []
  const created_at = '2026-03-02T09:00:00.000Z'

  beforeAll(async () => {
    fresh = await freshDatabase('sqlite')
    await seedCast(fresh.open.db, { now: created_at, passwordHash: () => null })
    await giveManyPersons()
    file = new SqliteDatabase(sqliteFile(fresh.config))
    const log = ({ query }: { query: CompiledQuery }) => void asked.push(query)
    db = new Kysely({ dialect: new SqliteDialect({ database: file }), log })
  })
  afterAll(async () => {
    await db.destroy()
    await fresh.close()
  })

  /** Customer 10000 has more persons than are read at once. */
  async function giveManyPersons() {
    for (let from = 0; from < 2100; from += 100) {
      const rows = Array.from({ length: 100 }, (_, i) => person(`P${from + i}`))
      await fresh.open.db.insertInto('persons').values(rows).execute()
      const access = rows.map(({ id }) => ({ person_id: id, customer_id: '10000', created_at }))
      await fresh.open.db.insertInto('customer_access').values(access).execute()
    }
  }
  const person = (id: string) => ({
    id,
    login_id: id,
    login_key: id.toLowerCase(),
    first_name: id,
    last_name: id,
    display_name: id,
    primary_email: id,
    role: 'STD_USER' as const,
    status: 'ACTIVE' as const,
    managing_customer_id: null,
    time_zone: null,
    password_hash: null,
    password_changed_at: null,
    search_text: id,
    created_at,
  })

  const manager = (customer: string): Actor => ({
    id: customer === '10000' ? 'MANAGER01' : 'MANAGER03',
    role: 'MANAGER',
    name: 'Manager',
    managingCustomerId: customer,
    timeZone: null,
  })
  const operator: Actor = { ...manager('10000'), role: 'OPERATOR', managingCustomerId: null }
  const user: Actor = { ...operator, id: 'USER01', role: 'STD_USER' }

  /** How the rows of a page are read, without the counting. */
  async function planOf(actor: Actor, filters: ListViewFilters, query: ListQuery): Promise<string> {
    asked.length = 0
    await listView(db, actor, filters, query)
    const page = asked.find(({ sql }) => /select "persons"\."id"/.test(sql) && / order by /.test(sql))
    if (!page) throw new Error('No page was read.')
    return file
      .prepare<unknown[], { detail: string }>(`explain query plan ${page.sql}`)
      .all(...page.parameters)
      .map(step => step.detail)
      .join('\n')
  }

  const deep = { after: Buffer.from(JSON.stringify(['p1', 'P1'])).toString('base64url'), from: '21' }

  test.each<[string, ListViewFilters, ListQuery, RegExp]>([
    ['by Login ID', {}, {}, /persons USING INDEX sqlite_autoindex_persons_2/],
    ['a page deep in the list', {}, deep, /persons USING INDEX sqlite_autoindex_persons_2 \(login_key>/],
    ['by First Name', {}, { sort: '-first_name' }, /persons USING INDEX persons_first_name/],
    ['by Last Name', {}, { sort: 'last_name' }, /persons USING INDEX persons_last_name/],
    ['by Status', {}, { sort: 'status' }, /persons USING INDEX persons_status/],
  ])(
    'is read %s along an index, without sorting, where there are many',
    async (_title, filters, query, index) => {
      for (const actor of [operator, manager('10000')]) {
        const plan = await planOf(actor, filters, query)
        expect(plan).toMatch(index)
        expect(plan).not.toContain('USE TEMP B-TREE FOR ORDER BY')
      }
    },
  )

  test('starts from the customer where it has few', async () => {
    const plan = await planOf(manager('20000'), {}, {})
    expect(plan).toMatch(/SEARCH persons USING INDEX sqlite_autoindex_persons_1 \(id=\?\)/)
    expect(plan).toMatch(/customer_access USING COVERING INDEX customer_access_customer \(customer_id=\?/)
  })

  test('finds oneself by the code', async () => {
    expect(await planOf(user, {}, {})).toMatch(
      /SEARCH persons USING INDEX sqlite_autoindex_persons_1 \(id=\?/,
    )
  })
})
