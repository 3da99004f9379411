import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NewRow } from '../../db/schema.ts'
import { days } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

const event = (over: Partial<NewRow<'audit_events'>>): NewRow<'audit_events'> => ({
  at: '2026-01-10T12:00:00.000Z',
  actor_id: 'MANAGER01',
  actor_role: 'MANAGER',
  verb: 'access approved',
  subject_type: 'access',
  subject_id: '77',
  customer_id: '10000',
  detail: '{}',
  http_request_id: null,
  sealed_seq: null,
  prev_hash: null,
  hash: null,
  ...over,
})

describe.each(engines)('Administration › Audit trail (%s)', engine => {
  let world: World
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    operator = await signIn(world, 'operator')
    await world.deps.db.deleteFrom('audit_events').execute()
    await world.deps.db
      .insertInto('audit_events')
      .values([
        event({ detail: JSON.stringify({ person: 'USER02', asset: '10000-TST', reason: '<b>fine</b>' }) }),
        event({ at: '2026-01-11T23:30:00.000Z', verb: 'access rejected', subject_id: '78' }),
        event({
          at: '2026-01-12T12:00:00.000Z',
          actor_id: null,
          actor_role: 'SYSTEM',
          verb: 'access granted',
          detail: JSON.stringify({ person: 'USER02' }),
        }),
        event({
          at: '2026-01-13T12:00:00.000Z',
          actor_id: 'OPERATOR01',
          actor_role: 'OPERATOR',
          verb: 'person changed',
          subject_type: 'person',
          subject_id: 'USER03',
          customer_id: null,
          detail: JSON.stringify({ first_name: ['=cmd()', 'User'] }),
        }),
        event({
          at: '2026-01-14T12:00:00.000Z',
          actor_id: 'MANAGER03',
          verb: 'access approved',
          subject_id: '79',
          customer_id: '20000',
        }),
      ])
      .execute()
  })
  afterAll(() => world.close())

  const records = async (query: Readonly<Record<string, string>>) =>
    (await operator.get(paths.adminAudit(query)))
      .table('Audit trail table')
      .filter(row => row.length > 1)
      .map(row => row[5])

  test('shows the newest first, with who, what, about and the customer', async () => {
    const page = await operator.get(paths.adminAudit())
    const rows = page.table('Audit trail table').filter(row => row.length > 1)
    expect(rows.map(row => row[5])).toEqual(['79', 'USER03', '77', '78', '77'])
    expect(rows[1]?.slice(1)).toEqual([
      '13 Jan 2026, 12:00',
      'OPERATOR01 Operator 01',
      'person changed',
      'person',
      'USER03',
      '–',
    ])
    expect(rows[2]?.[2]).toBe('Gatehouse')
    expect(page.link('USER03')).toBe(paths.adminPerson('USER03'))
    expect(page.link('20000')).toBe(paths.adminCustomer('20000'))
    expect(page.body).not.toMatch(/sealed|prev_hash/)
  })

  test('details are words, and markup stays text', async () => {
    const page = await operator.get(paths.adminAudit({ record: '77', what: 'access approved' }))
    expect(page.text).toContain('<b>fine</b>')
    expect(page.body).not.toContain('<b>fine')
    expect(page.link('77')).toBe(paths.manageAccess('USER02', { asset: '10000-TST' }))
  })

  test.each<[Readonly<Record<string, string>>, string[]]>([
    [{ who: 'manager01' }, ['78', '77']],
    [{ who: 'MANAGER03@example.com' }, ['79']],
    [{ who: 'Gatehouse' }, ['77']],
    [{ who: 'nobody' }, []],
    [{ what: 'access' }, ['79', '77', '78', '77']],
    [{ what: 'Access App' }, ['79', '77']],
    [{ what: '%' }, []],
    [{ about: 'person' }, ['USER03']],
    [{ about: 'access', record: '77' }, ['77', '77']],
    [{ record: 'user03' }, ['USER03']],
    [{ record: '77', what: 'access gr' }, ['77']],
    [{ customer: '20000' }, ['79']],
    [{ customer: '10000', who: 'MANAGER01', what: 'access rej' }, ['78']],
    [{ date_from: '2026-01-12', date_to: '2026-01-13' }, ['USER03', '77']],
    [{ date_to: '2026-01-10' }, ['77']],
    [{ about: 'nonsense', customer: '20000' }, ['79']],
  ])('filters by %j', async (query, expected) => {
    expect(await records(query)).toEqual(expected)
  })

  test('a filter that can’t be read is told beside it', async () => {
    const page = await operator.get(paths.adminAudit({ date_from: 'yesterday' }))
    expect(page.status).toBe(422)
    expect(page.text).toContain('“yesterday” is not a day.')
    const turned = await operator.get(paths.adminAudit({ date_from: '2026-02-01', date_to: '2026-01-01' }))
    expect(turned.text).toContain('Date to is before Date from.')
    expect((await operator.get(paths.adminAuditCsv({ date_from: 'x' }))).status).toBe(422)
  })

  test('the CSV has the same filters and no formulas', async () => {
    const csv = await operator.get(paths.adminAuditCsv({ about: 'person' }))
    expect(csv.headers['content-disposition']).toContain('audit-trail.csv')
    const [head, row, ...more] = csv.body.trim().split('\r\n')
    expect(head).toBe('Date,Who,Name,Role,What,About,Record,Customer,Details,Request')
    expect(row).toContain('OPERATOR01,Operator 01,OPERATOR,person changed,person,USER03,')
    expect(more).toEqual([])
    const page = await operator.get(paths.adminAudit({ about: 'person' }))
    expect((await operator.get(page.link('Download'))).body).toBe(csv.body)
    await world.deps.db
      .insertInto('audit_events')
      .values(event({ verb: '=evil()', actor_id: '+evil' }))
      .execute()
    const evil = (await operator.get(paths.adminAuditCsv({ what: '=' }))).body
    expect(evil).toContain(`'+evil`)
    expect(evil).toContain(`'=evil()`)
    await world.deps.db.deleteFrom('audit_events').where('verb', '=', '=evil()').execute()
  })

  test('pages by key, forth and back, whatever shares a moment', async () => {
    await world.deps.db
      .insertInto('audit_events')
      .values(
        Array.from({ length: 45 }, (_, i) =>
          event({ subject_id: `m${i}`, verb: i % 2 ? 'many' : 'many more' }),
        ),
      )
      .execute()
    for (const query of [{ what: 'many' }, { date_to: '2026-01-10' }]) {
      const first = await operator.get(paths.adminAudit(query))
      expect(first.text).toContain('1 - 20 of 4')
      const second = await operator.get(first.link('Next page'))
      const third = await operator.get(second.link('Next page'))
      const seen = [first, second, third].flatMap(page =>
        page
          .table('Audit trail table')
          .filter(row => row.length > 1)
          .map(row => row[5]),
      )
      expect(new Set(seen.filter(id => id?.startsWith('m'))).size).toBe(45)
      const back = await operator.get((await operator.get(third.link('Previous page'))).link('Previous page'))
      expect(back.table('Audit trail table')).toEqual(first.table('Audit trail table'))
    }
    const csv = (await operator.get(paths.adminAuditCsv({ what: 'many' }))).body.trim().split('\r\n')
    expect(csv).toHaveLength(46)
  })

  test('strange addresses lead to the first page', async () => {
    for (const after of ['x', 'WyIiLDFd', Buffer.from('["9999",0.5]').toString('base64url')])
      expect((await operator.get(paths.adminAudit({ after }))).text).toContain('1 - 20 of')
  })

  test('is not there for others', async () => {
    for (const name of ['user01', 'manager01'])
      for (const path of [paths.adminAudit(), paths.adminAuditCsv(), paths.adminPersonHistory('USER01')])
        expect((await (await signIn(world, name)).get(path)).status).toBe(404)
  })

  describe('a person’s whole history', () => {
    test('is what they did, and what happened to them and their accesses', async () => {
      const access = await world.deps.db
        .selectFrom('accesses')
        .select('id')
        .where('person_id', '=', 'USER03')
        .executeTakeFirstOrThrow()
      await world.deps.db
        .insertInto('audit_events')
        .values([
          event({ subject_id: String(access.id), verb: 'access granted', at: '2026-01-20T12:00:00.000Z' }),
          event({
            actor_id: 'USER03',
            verb: 'person changed',
            subject_type: 'person',
            subject_id: 'USER03',
            at: '2026-01-21T12:00:00.000Z',
          }),
        ])
        .execute()
      const page = await operator.get(paths.adminPersonHistory('USER03'))
      expect(page.heading).toBe('History of User 03')
      const rows = page.table('History table').filter(row => row.length > 1)
      expect(rows.map(row => [row[3], row[5]])).toEqual([
        ['person changed', 'USER03'],
        ['access granted', String(access.id)],
        ['person changed', 'USER03'],
      ])
      expect((await operator.get(paths.adminPersonHistory('MANAGER01'))).text).toContain('access rejected')
    })

    test('pages by key', async () => {
      const first = await operator.get(paths.adminPersonHistory('MANAGER01'))
      const second = await operator.get(first.link('Next page'))
      expect(second.text).toContain('21 - 40 of')
      const back = await operator.get(second.link('Previous page'))
      expect(back.table('History table')).toEqual(first.table('History table'))
    })

    test('of nobody there is none', async () => {
      expect((await operator.get(paths.adminPersonHistory('NOBODY'))).status).toBe(404)
    })
  })

  test('acts stand in it from the moment they are done', async () => {
    world.clock.advance(days(0.001))
    await operator.fillIn(paths.adminCustomer('20000'), { Name: 'Another name' }, 'Save')
    const [newest] = (await operator.get(paths.adminAudit())).table('Audit trail table')
    expect(newest?.slice(2)).toEqual([
      'OPERATOR01 Operator 01',
      'customer changed',
      'customer',
      '20000',
      '20000',
    ])
  })
})
