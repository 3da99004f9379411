import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requestsCsv } from '../../src/service-requests/csv.ts'
import {
  type ListQuery,
  placeWord,
  type RawQuery,
  readListQuery,
  type SortKey,
  sortKeys,
} from '../../src/service-requests/list-query.ts'
import { countRequests, type ListedRequest, listRequests } from '../../src/service-requests/list-requests.ts'
import { allStatuses } from '../../src/service-requests/service-request-states.ts'
import { type Sight, sightOf } from '../../src/service-requests/visible.ts'
import { engines } from '../support/engines.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { createWorld, type World } from '../support/world.ts'

const assets = ['10000-DEV', '10000-TST', '10000-PRD', '20000-DEV']
const people = ['USER01', 'MANAGER01', 'USER03']
const summaries = ['Restart it', 'Stop 100% of it', 'Neustart für Jürgen', 'under_score', "'; drop table"]
const idle = allStatuses.filter(status => status !== 'QUEUED' && status !== 'INPROG' && status !== 'UNKNOWN')
const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T
const startAt = (i: number) => `2026-04-0${1 + (i % 3)}T0${i % 7}:00:00.000Z`

describe.each(engines)('the list of service requests (%s)', engine => {
  let world: World
  let all: ListedRequest[]

  beforeAll(async () => {
    world = await createWorld(engine)
    const rows = Array.from({ length: 137 }, (_, i) =>
      requestRow({
        asset_id: pick(assets, i * 7 + (i >> 3)),
        reported_by: pick(people, i >> 1),
        summary: pick(summaries, i * 3),
        status: pick(idle, i * 5),
        reported_at: `2026-03-${String(1 + (i % 28)).padStart(2, '0')}T12:00:00.000Z`,
        requested_start: i % 3 === 0 ? null : startAt(i),
      }),
    )
    await addRequests(world.deps.db, rows)
    all = (await world.deps.db.selectFrom('service_requests').selectAll().execute()) as ListedRequest[]
  })
  afterAll(() => world.close())

  const ask = (raw: RawQuery): ListQuery => {
    const read = readListQuery(raw, 'UTC')
    if (!read.ok) throw new Error(JSON.stringify(read.errors))
    return read.query
  }

  /** All pages, as one walks them with the buttons. */
  async function walk(sight: Sight, raw: RawQuery, size: number, direction: 'next' | 'previous') {
    const seen: number[][] = []
    let place: RawQuery = {}
    for (;;) {
      const query = ask({ ...raw, ...place })
      const page = await listRequests(world.deps.db, sight, query, size)
      seen.push(page.rows.map(row => row.id))
      const neighbour = page[direction]
      if (!neighbour) return { seen, page }
      place = { ...neighbour }
    }
  }

  const sights: readonly (readonly [string, Sight])[] = [
    ['an operator', 'all'],
    ['one customer', ['10000']],
    ['two customers', ['10000', '20000']],
  ]
  const inSight = (sight: Sight) => all.filter(r => sight === 'all' || sight.includes(r.asset_id.slice(0, 5)))

  const columns: Record<SortKey, (row: ListedRequest) => string | number | null> = {
    service_request: row => row.id,
    asset: row => row.asset_id,
    reported_by: row => row.reported_by,
    reported_date: row => row.reported_at,
    requested_start: row => row.requested_start,
    status: row => row.status,
  }

  function sorted(rows: readonly ListedRequest[], sort: SortKey): number[] {
    const of = columns[sort]
    const compare = (a: ListedRequest, b: ListedRequest) => {
      const [x, y] = [of(a), of(b)]
      if (x === y) return a.id - b.id
      if (x === null) return 1
      if (y === null) return -1
      return x < y ? -1 : 1
    }
    return [...rows].sort(compare).map(row => row.id)
  }

  test.each(sights.flatMap(([who, sight]) => sortKeys.map(sort => [who, sort, sight] as const)))(
    'is walked through in both directions: %s, by %s',
    async (_who, sort, sight) => {
      const wanted = sorted(inSight(sight), sort)
      const up = await walk(sight, { sort }, 10, 'next')
      expect(up.seen.flat()).toEqual(wanted)
      const down = await walk(sight, { sort: `-${sort}` }, 10, 'next')
      expect(down.seen.flat()).toEqual([...wanted].reverse())
      const last = up.seen.at(-1)?.[0] ?? 0
      const key = all.find(row => row.id === last)
      const before = placeWord({ id: last, value: String(key && columns[sort](key)) }, sort)
      const value = key && columns[sort](key) === null ? `${last}.` : before
      const back = await walk(sight, { sort, before: value, from: '999' }, 10, 'previous')
      expect(back.seen.reverse().flat()).toEqual(wanted.slice(0, wanted.indexOf(last)))
      expect(back.page.from).toBe(1)
    },
  )

  const filters: readonly (readonly [RawQuery, (row: ListedRequest) => boolean])[] = [
    [{ service_request: '1' }, r => String(r.id).startsWith('1')],
    [{ service_request: '12' }, r => String(r.id).startsWith('12')],
    [{ service_request: '999' }, () => false],
    [{ asset: '10000-' }, r => r.asset_id.startsWith('10000-')],
    [{ asset: '10000-d' }, r => r.asset_id === '10000-DEV'],
    [{ asset: '%' }, () => false],
    [{ summary: '100%' }, r => r.summary.includes('100%')],
    [{ summary: '%' }, r => r.summary.includes('%')],
    [{ summary: '_' }, r => r.summary.includes('_')],
    [{ summary: "'; DROP table" }, r => r.summary.includes('drop')],
    [{ summary: 'FÜR jurgen' }, r => r.summary.includes('Jürgen')],
    [{ summary: '\\' }, () => false],
    [{ reported_by: 'manager' }, r => r.reported_by === 'MANAGER01'],
    [{ status: 'failed' }, r => r.status === 'FAILED'],
    [{ reported_date_from: '2026-03-10' }, r => r.reported_at >= '2026-03-10'],
    [{ reported_date_to: '2026-03-10' }, r => r.reported_at < '2026-03-11'],
    [
      { requested_start_from: '2026-04-02', requested_start_to: '2026-04-02' },
      r => r.requested_start?.startsWith('2026-04-02') ?? false,
    ],
    [{ action: 'restart' }, () => true],
    [
      { service_request: '1', status: 'RESOLVED', asset: '10000' },
      r => /^1/.test(String(r.id)) && r.status === 'RESOLVED' && r.asset_id.startsWith('10000'),
    ],
  ]

  test.each(filters)('is filtered by %j', async (raw, keep) => {
    for (const [, sight] of sights)
      for (const sort of ['service_request', 'requested_start'] as const) {
        const wanted = sorted(inSight(sight).filter(keep), sort)
        const { seen } = await walk(sight, { ...raw, sort }, 7, 'next')
        expect(seen.flat()).toEqual(wanted)
        expect(await countRequests(world.deps.db, sight, ask({ ...raw, sort }))).toBe(wanted.length)
      }
  })

  test('a page whose place is gone begins anew', async () => {
    const page = await listRequests(world.deps.db, 'all', ask({ after: '1', from: '400' }), 20)
    expect([page.from, page.to, page.previous]).toEqual([1, 20, null])
  })

  test('a person sees their customers, an operator all, who is not active nothing', async () => {
    const { db } = world.deps
    expect(await sightOf(db, world.actor('OPERATOR01'))).toBe('all')
    expect(await sightOf(db, world.actor('USER01'))).toEqual(['10000'])
    await db.updateTable('persons').set({ status: 'INACTIVE' }).where('id', '=', 'USER03').execute()
    expect(await sightOf(db, world.actor('USER03'))).toEqual([])
    expect(await countRequests(db, [], ask({}))).toBe(0)
    expect((await listRequests(db, [], ask({}), 20)).rows).toEqual([])
  })

  test('comes as CSV, the same rows, without formulas', async () => {
    await addRequests(world.deps.db, [requestRow({ asset_id: '20000-DEV', summary: '=HYPERLINK("x")' })])
    let text = ''
    for await (const part of requestsCsv(world.deps.db, ['20000'], ask({ sort: 'asset' }))) text += part
    const [head, ...rows] = text.trimEnd().split('\r\n')
    expect(head).toBe(
      'Service Request,Asset,Action,Summary,Reported By,Reported Date,Requested Start,Actual Start,Status',
    )
    expect(rows).toHaveLength(inSight(['20000']).length + 1)
    expect(rows.at(-1)).toContain(`"'=HYPERLINK(""x"")"`)
  })
})
