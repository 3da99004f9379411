import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.tsx'
import { paths } from '../../src/paths.ts'
import { type Agent, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { createWorld, type World } from '../support/world.ts'
import { type Audience, routeTable } from './route-table.ts'

/** Every route, asked by everybody: nobody sees what is not theirs, and nothing breaks. */
const routes = (Object.entries(routeTable) as [Audience, Record<string, string>][]).flatMap(
  ([audience, patterns]) =>
    Object.entries(patterns).flatMap(([pattern, methods]) =>
      methods.split(' ').map(method => ({ method: method as 'GET' | 'POST', pattern, audience })),
    ),
)
const only = (...audiences: Audience[]) => routes.filter(({ audience }) => audiences.includes(audience))

const people = ['user01', 'manager01', 'operator01'] as const

describe.each(engines)('every route (%s)', engine => {
  let world: World
  const agents = new Map<string, Agent>()
  beforeAll(async () => {
    world = await createWorld(engine)
    for (const name of people) agents.set(name, await signIn(world, name))
  })
  afterAll(() => world.close())

  const agent = (name: (typeof people)[number]): Agent => agents.get(name) ?? visitor(world)

  test('stands in the table, and the table holds no other', () => {
    const mounted = createApp(world.deps)
      .routes.filter(route => route.method !== 'ALL')
      .map(route => `${route.method} ${route.path}`)
    expect([...new Set(mounted)].sort()).toEqual(routes.map(r => `${r.method} ${r.pattern}`).sort())
  })

  const strange = ['9'.repeat(30), '%00', '%ff', "'; drop table persons --"]
  test.each(routes)(
    '$method $pattern breaks for nobody, whatever is in its address',
    async ({ method, pattern }) => {
      const everybody = [visitor(world), ...agents.values()]
      for (const path of new Set(strange.map(value => fill(pattern, value))))
        for (const one of everybody) expect((await ask(one, method, path)).status, path).toBeLessThan(500)
      // Signing out is a route too.
      if (method === 'POST') for (const name of people) agents.set(name, await stillIn(name))
    },
  )

  test.each(only('signed in', 'operators'))(
    '$method $pattern asks a stranger to sign in',
    async ({ method, pattern }) => {
      const answer = await ask(visitor(world), method, fill(pattern, '1'))
      expect([answer.status, answer.location?.split('?')[0]]).toEqual([303, paths.signIn()])
    },
  )

  test.each(only('everybody').filter(route => route.pattern !== paths.signOut()))(
    '$method $pattern answers a stranger',
    async ({ method, pattern }) => {
      const answer = await ask(visitor(world), method, fill(pattern, '1'))
      expect(answer.location ?? '').not.toContain(paths.signIn())
    },
  )

  test.each(only('operators'))('$method $pattern is not there for others', async ({ method, pattern }) => {
    for (const name of ['user01', 'manager01'] as const)
      expect((await ask(agent(name), method, fill(pattern, '1'))).status).toBe(404)
  })

  test.each(routes.filter(({ method }) => method === 'POST'))(
    'POST $pattern takes nothing without a token',
    async ({ pattern }) => {
      for (const one of [visitor(world), ...agents.values()])
        expect((await one.send('POST', fill(pattern, '1'), {})).status).toBe(403)
    },
  )

  describe('what belongs to another customer', () => {
    const acts = [
      'queue',
      'take-back',
      'cancel',
      'settle-resolved',
      'settle-failed',
      'close',
      'copy',
      'abort',
    ]
    const ofObjects = routes.filter(({ pattern }) => /^\/(service-requests|assets)\/:id/.test(pattern))
    let request: string
    beforeAll(async () => {
      const row = requestRow({ asset_id: '20000-DEV', reported_by: 'USER03' })
      request = String((await addRequests(world.deps.db, [row]))[0])
    })

    test.each(ofObjects)('$method $pattern is not there', async ({ method, pattern }) => {
      const object = pattern.startsWith('/assets') ? '20000-DEV' : request
      const filled = acts.map(act => fill(pattern.replace(':event', act), object))
      for (const path of new Set(filled))
        for (const name of ['user01', 'manager01'] as const) {
          // Some addresses of acts lead to the record.
          const { status } =
            method === 'GET' ? await agent(name).get(path) : await ask(agent(name), method, path)
          expect([path, status]).toEqual([path, 404])
        }
    })
  })

  /** The same person, signed in again if the route has signed them out. */
  async function stillIn(name: (typeof people)[number]): Promise<Agent> {
    const page = await agent(name).get(paths.profile())
    return page.heading === 'Profile' ? agent(name) : signIn(world, name)
  }
})

const fill = (pattern: string, value: string) =>
  pattern.replace(/:\w+(\{[^}]*\})?|\*/g, /^%..$/.test(value) ? value : encodeURIComponent(value))

async function ask(one: Agent, method: 'GET' | 'POST', path: string) {
  if (method === 'GET') return one.send('GET', path)
  return one.send('POST', path, { csrf: await tokenOf(one) })
}

const tokens = new WeakMap<Agent, string>()

async function tokenOf(one: Agent): Promise<string> {
  const token = tokens.get(one) ?? (await one.get(paths.forgotten())).csrf
  tokens.set(one, token)
  return token
}
