import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  cutPage,
  decodeKey,
  encodeKey,
  everyPage,
  type ListOrder,
  type ListQuery,
  listPage,
  pageLinks,
} from '../../src/paging.ts'
import { onBothEngines } from '../support/engines.ts'

interface One {
  id: string
  name: string
}
const order: ListOrder<One> = {
  sorts: { name: { by: sql.ref('name'), of: one => one.name, type: 'text' } },
  id: { by: sql.ref('id'), of: one => one.id, type: 'text' },
  defaultSort: 'name',
  pageSize: 3,
}

onBothEngines('Pages by key', (_engine, open) => {
  const customers = () => open().db.selectFrom('customers').select(['id', 'name'])
  const page = (asked: ListQuery) => listPage(open().db, customers(), order, asked)
  const ids = (list: { rows: readonly One[] }) => list.rows.map(one => one.id).join(' ')

  test('nothing there', async () => {
    expect(await page({})).toEqual({
      rows: [],
      from: 0,
      to: 0,
      total: 0,
      atLeast: false,
      previous: null,
      next: null,
    })
  })

  test('forth and back, with rows of the same sort value', async () => {
    const created_at = '2026-01-01T00:00:00.000Z'
    const names = { A: 'same', B: 'same', C: 'same', D: 'same', E: 'first', F: 'zz', G: 'zz', H: 'Zz' }
    await open()
      .db.insertInto('customers')
      .values(Object.entries(names).map(([id, name]) => ({ id, name, created_at })))
      .execute()
    const one = await page({})
    expect([ids(one), one.from, one.to, one.total, one.previous]).toEqual(['H E A', 1, 3, 8, null])
    const two = await page({ ...one.next })
    expect([ids(two), two.from, two.to]).toEqual(['B C D', 4, 6])
    const three = await page({ ...two.next })
    expect([ids(three), three.from, three.to, three.next]).toEqual(['F G', 7, 8, null])
    expect(ids(await page({ ...three.previous }))).toBe('B C D')
    const start = await page({ ...(await page({ ...three.previous })).previous })
    expect([ids(start), start.from, start.previous]).toEqual(['H E A', 1, null])
  })

  test('descending', async () => {
    const one = await page({ sort: '-name' })
    expect(ids(one)).toBe('G F D')
    expect(ids(await page({ sort: '-name', ...one.next }))).toBe('C B A')
  })

  test('a row that comes in between shifts nothing', async () => {
    const one = await page({})
    await open().db.insertInto('customers').values({ id: '0', name: 'first', created_at: '' }).execute()
    expect(ids(await page({ ...one.next }))).toBe('B C D')
  })

  test('a place that is gone leads to the beginning', async () => {
    expect(ids(await page({ after: encodeKey(['zzzz', 'Z']) }))).toBe('H 0 E')
  })

  test('everything, page by page, each once', async () => {
    const all: string[] = []
    for await (const rows of everyPage(customers(), order, undefined, 2)) all.push(...rows.map(row => row.id))
    expect(all.join('')).toBe('H0EABCDFG')
  })

  test('an address that is no place or no order is the first page', async () => {
    for (const after of ['nonsense', 'W10', encodeKey([1, 'A']), encodeKey(['a\0', 'A']), 'x'.repeat(3000)])
      expect(ids(await page({ after, from: '-7', sort: '__proto__' }))).toBe('H 0 E')
  })
})

test('a key survives the address', () => {
  expect(decodeKey(encodeKey(['Grüße & co', 7]), 'text', 'number')).toEqual(['Grüße & co', 7])
  expect(decodeKey(encodeKey(['x', 7]), 'text', 'text')).toBeNull()
})

test('the last page backwards begins with 1', () => {
  expect(cutPage(['b', 'a'], 3, true, 40)).toEqual({ rows: ['a', 'b'], more: false, from: 1, to: 2 })
})

test('links keep filters and order, and leave the place behind', () => {
  const list = {
    rows: ['x'],
    from: 4,
    to: 6,
    total: 9,
    atLeast: false,
    previous: null,
    next: { after: 'K', from: '7' },
  }
  const href = (query: Readonly<Record<string, string | undefined>>) => JSON.stringify(query)
  expect(pageLinks(list, { status: 'NEW', before: 'old', from: '4' }, href).next).toBe(
    '{"status":"NEW","after":"K","from":"7"}',
  )
})
