import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { days, hours, after as shifted } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { requestRow } from '../support/requests.ts'
import { offerAction } from '../support/runbooks.ts'
import { createWorld, type World } from '../support/world.ts'

describe.each(engines)('Assets (%s)', engine => {
  let world: World
  let user01: Agent
  let user03: Agent
  let operator: Agent
  beforeAll(async () => {
    world = await createWorld(engine)
    user01 = await signIn(world, 'user01')
    user03 = await signIn(world, 'user03')
    operator = await signIn(world, 'operator')
  })
  afterAll(() => world.close())

  const assetsIn = async (agent: Agent, query = {}) =>
    (await agent.get(paths.assets(query))).table('Assets table').map(row => row[0])

  test('a person sees the assets of their customers only, an operator all', async () => {
    expect(await assetsIn(user01)).toEqual(['10000-DEV', '10000-PRD', '10000-TST'])
    expect(await assetsIn(user03)).toEqual(['20000-DEV'])
    expect(await assetsIn(operator)).toEqual(['10000-DEV', '10000-PRD', '10000-TST', '20000-DEV'])
  })

  test('the record, the CSV and every filter keep to it', async () => {
    expect((await user03.get(paths.asset('10000-DEV'))).status).toBe(404)
    expect((await user03.get(paths.asset('20000-DEV'))).heading).toBe('20000-DEV')
    const csv = await user03.get(paths.assetsCsv())
    expect(csv.headers['content-type']).toContain('text/csv')
    expect(csv.body).toContain('20000-DEV')
    expect(csv.body).not.toContain('10000')
    for (const query of [
      { asset: '1' },
      { customer: '10000' },
      { description: 'test' },
      { asset: '10000-DEV' },
    ])
      expect(await assetsIn(user03, query)).toEqual([])
  })

  test('what is not there and what is not mine look the same', async () => {
    const [mine, none] = [
      await user03.get(paths.asset('10000-DEV')),
      await user03.get(paths.asset('10000-XYZ')),
    ]
    const withoutNumber = (text: string) => text.replace(/[0-9a-f-]{36}/, '')
    expect(withoutNumber(mine.text)).toBe(withoutNumber(none.text))
  })

  test('filters by column: the beginning of ids, any part of words, equality', async () => {
    expect(await assetsIn(operator, { asset: '10000-d' })).toEqual(['10000-DEV'])
    expect(await assetsIn(operator, { description: 'PRODUCT' })).toEqual(['10000-PRD'])
    expect(await assetsIn(operator, { customer: '2' })).toEqual(['20000-DEV'])
    expect(await assetsIn(operator, { customer: '2', product: 'asset MAN' })).toEqual(['20000-DEV'])
    // Another column has these words.
    expect(await assetsIn(operator, { product: 'environment' })).toEqual([])
    expect(await assetsIn(operator, { class: 'PRODUCTION' })).toEqual(['10000-PRD'])
    expect(await assetsIn(operator, { status: 'RETIRED' })).toEqual([])
    expect(await assetsIn(operator, { class: 'nonsense' })).toHaveLength(4)
    expect(await assetsIn(operator, { asset: '%' })).toEqual([])
    expect(await assetsIn(operator, { description: "'; drop table assets; --" })).toEqual([])
  })

  test('an empty result says which filter to loosen', async () => {
    const page = await operator.get(paths.assets({ asset: '777', class: 'PRODUCTION' }))
    expect(page.text).toContain('Nothing matches these filters.')
    expect(page.text).toContain('Without Asset “777”')
  })

  test('sorts by a column, either way', async () => {
    expect(await assetsIn(operator, { sort: '-asset' })).toEqual([
      '20000-DEV',
      '10000-TST',
      '10000-PRD',
      '10000-DEV',
    ])
    expect((await assetsIn(operator, { sort: '-class' }))[0]).toBe('10000-PRD')
  })

  test('pages by key, forth and back, with a count', async () => {
    await addAssets(world, 45)
    const first = await operator.get(paths.assets({ customer: '20000' }))
    expect(first.text).toContain('1 - 20 of 46')
    const second = await operator.get(first.link('Next page'))
    expect(second.text).toContain('21 - 40 of 46')
    const third = await operator.get(second.link('Next page'))
    expect(third.text).toContain('41 - 46 of 46')
    const back = await operator.get((await operator.get(third.link('Previous page'))).link('Previous page'))
    expect(back.table('Assets table')).toEqual(first.table('Assets table'))
    const all = [first, second, third].flatMap(page => page.table('Assets table').map(row => row[0]))
    expect(new Set(all).size).toBe(46)
  })

  test('the CSV holds every page, and formulas are no formulas', async () => {
    await world.deps.db
      .updateTable('assets')
      .set({ description: '=HYPERLINK("http://evil")' })
      .where('id', '=', '20000-A001')
      .execute()
    const csv = (await operator.get(paths.assetsCsv({ customer: '20000' }))).body.trim().split('\r\n')
    expect(csv).toHaveLength(47)
    expect(csv.find(line => line.startsWith('20000-A001'))).toContain(`"'=HYPERLINK(""http://evil"")"`)
  })

  test('the record says what can be requested, and why not', async () => {
    await offerAction(world.deps, { asset: '10000-DEV' })
    const page = await user01.get(paths.asset('10000-DEV'))
    expect(page.text).toContain('Not possible: Nothing has been set up to do this on 10000-DEV.')
    const form = await user01.get(page.link('Restart Asset Management Application'))
    expect(form.field('Target Environment')).toBe('10000-DEV')
    expect(page.main.querySelector('.page-action a')?.getAttribute('href')).toBe(
      paths.newServiceRequest({ asset: '10000-DEV' }),
    )
    expect((await user01.get(paths.asset('10000-PRD'))).text).toContain('production')
  })

  test('someone without the access is told whom to ask instead of getting a button', async () => {
    const user02 = await signIn(world, 'user02')
    const page = await user02.get(paths.asset('10000-DEV'))
    expect(page.text).toContain(
      'You have no approved Self-Service Portal access of customer 10000, so you can’t request anything here. Ask Manager 01 or Manager 02.',
    )
    expect(page.main.querySelector('.page-action')).toBeNull()
  })

  test('the last 30 days as a picture and as the same list', async () => {
    const now = world.clock.now()
    await world.deps.db
      .insertInto('service_requests')
      .values([
        requestRow({
          asset_id: '10000-TST',
          status: 'RESOLVED',
          actual_start: shifted(now, -days(3)),
          actual_finish: shifted(now, -days(3) + hours(1)),
          form_key: 'timeline-1',
        }),
        requestRow({
          asset_id: '10000-TST',
          status: 'FAILED',
          actual_start: shifted(now, -days(40)),
          actual_finish: shifted(now, -days(39)),
          form_key: 'timeline-2',
        }),
      ])
      .execute()
    const page = await user01.get(paths.asset('10000-TST'))
    expect(page.text).toContain('1 request ran.')
    expect(page.text).toContain('took 1 h: RESOLVED')
    expect(page.document.querySelectorAll('svg.asset-timeline rect')).toHaveLength(1)
    expect(page.table('Recent requests table')).toHaveLength(2)
  })

  test('variables of runbooks are for operators only', async () => {
    await world.deps.db
      .updateTable('assets')
      .set({ variables: JSON.stringify({ HOST: 'inner-host-7' }) })
      .where('id', '=', '10000-DEV')
      .execute()
    expect((await user01.get(paths.asset('10000-DEV'))).body).not.toContain('inner-host-7')
    expect((await operator.get(paths.adminAsset('10000-DEV'))).body).toContain('inner-host-7')
  })

  test('an inactive person sees nothing, a stranger is asked to sign in', async () => {
    expect((await visitor(world).get(paths.asset('10000-DEV'))).heading).toBe('Sign in')
    expect((await visitor(world).get(paths.assetsCsv())).heading).toBe('Sign in')
    await world.deps.db
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', 'USER03')
      .execute()
    expect((await user03.get(paths.assets())).heading).toBe('Sign in')
  })
})

const addAssets = (world: World, count: number) =>
  world.deps.db
    .insertInto('assets')
    .values(
      Array.from({ length: count }, (_, i) => {
        const id = `20000-A${String(i).padStart(3, '0')}`
        return {
          id,
          customer_id: '20000',
          description: 'One of many',
          class: 'NON_PRODUCTION' as const,
          product: 'Other product',
          time_zone: 'UTC',
          search_text: `${id} one of many other product`.toLowerCase(),
          created_at: world.clock.instant(),
        }
      }),
    )
    .execute()
