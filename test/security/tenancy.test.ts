import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castPersons } from '../../db/seeds/cast.ts'
import { paths } from '../../src/paths.ts'
import { type Agent, type Fields, signIn, visitor } from '../support/agent.ts'
import { engines } from '../support/engines.ts'
import { type FingerprintTable, fingerprint } from '../support/fingerprint.ts'
import type { ShownPage } from '../support/shown-page.ts'
import {
  createTenancyWorld,
  orchid,
  shared,
  type Target,
  type TenancyWorld,
  violet,
} from '../support/tenancy-world.ts'
import { leaksIn } from './leaks.ts'
import {
  addressesOf,
  casesOf,
  customersPeople,
  foreignTo,
  methodsOf,
  named,
  relationOf,
  routes,
  type Viewer,
  viewers,
  wordOf,
} from './object-cases.ts'
import { type Entry, mismatched, notForRole, objectTable, type Word } from './object-table.ts'
import { routeTable } from './route-table.ts'

/**
 * Every route, asked by every role about objects of their own, of their customer and of another one. What one may not
 * see is not there, what one sees and may not do is not allowed, nothing is changed by asking, and nowhere in an answer
 * stands what belongs to others.
 */
const plain = routes.filter(([pattern]) => !/[:*]/.test(pattern) && pattern !== paths.signOut())

describe.each(engines)('tenancy (%s)', engine => {
  let world: TenancyWorld
  const agents = new Map<string, Agent>()
  const tokens = new Map<string, string>()
  let untouched: Record<string, string>
  beforeAll(async () => {
    world = await createTenancyWorld(engine)
    for (const { name } of viewers) {
      const agent = await signIn(world, name)
      agents.set(name, agent)
      tokens.set(name, (await agent.get(paths.forgotten())).csrf)
    }
    untouched = await fingerprint(world, isChange)
  })
  afterAll(() => world.close())

  const as = ({ name }: Viewer): Agent => agents.get(name) as Agent

  test('every route with an object in its address says whose it is, and no other does', () => {
    expect(Object.keys(objectTable).sort()).toEqual(named.map(([pattern]) => pattern).sort())
    const known = routes.map(([pattern]) => pattern)
    expect(Object.keys(notForRole).filter(pattern => !known.includes(pattern))).toEqual([])
  })

  test('every relation of viewer and object is walked', () => {
    const relations = new Set(
      viewers.flatMap(viewer =>
        Object.values(world.targets).flatMap(targets =>
          targets.map(target => `${viewer.role} ${relationOf(viewer, target)}`),
        ),
      ),
    )
    expect([...relations].sort()).toEqual(
      ['STD_USER', 'MANAGER', 'OPERATOR']
        .flatMap(role =>
          role === 'OPERATOR'
            ? [`${role} another customer`, `${role} own`]
            : ['another customer', 'own', 'same customer', 'shared'].map(relation => `${role} ${relation}`),
        )
        .sort(),
    )
  })

  const walks = [...Object.entries(objectTable), ...Object.entries(mismatched)].flatMap(([pattern, entry]) =>
    methodsOf(pattern).map(method => ({ method, pattern, entry })),
  )
  test.each(walks)('$method $pattern', { timeout: 120_000 }, async ({ method, pattern, entry }) => {
    const wrong: string[] = []
    for (const viewer of viewers)
      for (const { path, word, target } of casesOf(world, pattern, entry, method, viewer)) {
        // What is there is acted on later.
        if (word === 'there' && (method === 'POST' || ('lasting' in entry && entry.lasting))) continue
        const answer = await ask(viewer, method, path, fieldsOf(entry, target, viewer))
        if (wordOf(answer) !== word) wrong.push(said(viewer, method, path, target, answer, word))
        wrong.push(...leaksIn(viewer, path, answer, fieldsOf(entry, target, viewer)))
      }
    expect(wrong).toEqual([])
  })

  test.each(named)('%s is no clue to a stranger', { timeout: 60_000 }, async (pattern, methods) => {
    const entry = objectTable[pattern]
    const wrong: string[] = []
    if (!entry || pattern in routeTable.everybody) return
    for (const method of methods.split(' ') as ('GET' | 'POST')[])
      for (const path of new Set(addressesOf(world, pattern, entry))) {
        const stranger = visitor(world)
        const { csrf } = await stranger.get(paths.signIn())
        const answer = await stranger.send(method, path, method === 'POST' ? { csrf } : undefined)
        if (answer.status !== 303 || !answer.location?.startsWith(paths.signIn()))
          wrong.push(`${method} ${path}: ${answer.status} ${answer.location}`)
      }
    expect(wrong).toEqual([])
  })

  test('a decision link tells a stranger nothing before they have signed in', async () => {
    for (const { params } of world.targets['decision link']) {
      const page = await visitor(world).get(paths.decision(params.token ?? ''))
      expect([page.status, page.heading]).toEqual([200, 'Sign in'])
      expect(page.body).not.toMatch(new RegExp(`${orchid}|${violet}|USER0|SHARED`))
    }
  })

  test.each(plain)(
    '%s shows nobody what belongs to others',
    { timeout: 60_000 },
    async (pattern, methods) => {
      const wrong: string[] = []
      const operatorsOnly = pattern in routeTable.operators
      for (const viewer of viewers)
        for (const method of methods.split(' ') as ('GET' | 'POST')[]) {
          const refused = notForRole[pattern] === viewer.role
          const word: Word =
            operatorsOnly && viewer.role !== 'OPERATOR' ? 'not there' : refused ? 'not allowed' : 'there'
          if (method === 'POST' && word === 'there') continue
          for (const query of method === 'GET' ? ['', nosy(viewer)] : ['']) {
            const answer = await ask(viewer, method, pattern + query, {})
            if (
              pattern !== '/sign-in/openid' &&
              pattern !== '/sign-in/openid/callback' &&
              wordOf(answer) !== word
            )
              wrong.push(said(viewer, method, pattern + query, null, answer, word))
            wrong.push(...leaksIn(viewer, pattern + query, answer, {}))
          }
        }
      expect(wrong).toEqual([])
    },
  )

  test('what is somebody else’s and what is nowhere look the same', { timeout: 60_000 }, async () => {
    const wrong: string[] = []
    for (const [pattern, entry] of Object.entries(objectTable)) {
      if (!methodsOf(pattern).includes('GET')) continue
      for (const viewer of customersPeople) {
        const foreign = casesOf(world, pattern, entry, 'GET', viewer).find(({ word }) => word === 'not there')
        if (!foreign?.target || pattern === '/decision/:token') continue
        const nowhere = pattern.replace(/:\w+(\{[^}]*\})?/g, name =>
          /event/.test(name) ? 'cancel' : '987654',
        )
        const [theirs, none] = [await ask(viewer, 'GET', foreign.path), await ask(viewer, 'GET', nowhere)]
        const words = ({ status, text, path }: ShownPage) =>
          `${status} ${text.replaceAll(path, 'PATH')}`.replace(/[0-9a-f]{8}-[0-9a-f-]+/g, 'ID')
        if (words(theirs) !== words(none))
          wrong.push(`${viewer.name} ${pattern}\n${words(theirs)}\n${words(none)}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('the words that are looked for stand where an operator looks', async () => {
    const operator = as(viewers[3])
    const lists = [
      paths.serviceRequests(),
      paths.adminCampaigns(),
      paths.adminCustomers(),
      paths.adminNotices(),
    ]
    const bodies = await Promise.all(lists.map(async path => (await operator.get(path)).body))
    for (const word of [orchid, violet, 'Meadow Foods', 'Harbour Logistics', 'USER03', 'MANAGER01'])
      expect([word, bodies.some(body => body.includes(word))]).toEqual([word, true])
  })

  test('nothing was changed by asking', async () => {
    expect(await fingerprint(world, isChange)).toEqual(untouched)
  })

  test('acts on what is theirs change nothing of another customer, whatever a form names', {
    timeout: 180_000,
  }, async () => {
    const wrong: string[] = []
    for (const viewer of customersPeople) {
      const before = await fingerprint(world, isOf(foreignTo(world, viewer).customer, world))
      const entries = Object.entries(objectTable)
      const inOrder = [
        ...entries.filter(([, entry]) => !isLast(entry)),
        ...entries.filter(([, entry]) => isLast(entry)),
      ]
      for (const [pattern, entry] of inOrder) {
        if (!methodsOf(pattern).includes('POST')) continue
        for (const { path, word, target } of casesOf(world, pattern, entry, 'POST', viewer)) {
          if (word !== 'there') continue
          const fields = fieldsOf(entry, target, viewer)
          const answer = await ask(viewer, 'POST', path, fields)
          const signedOut = isLast(entry) && answer.location?.startsWith(paths.signIn())
          if (wordOf(answer) !== 'there' && !signedOut)
            wrong.push(said(viewer, 'POST', path, target, answer, 'there'))
          wrong.push(...leaksIn(viewer, path, answer, fields))
        }
      }
      const after = await fingerprint(world, isOf(foreignTo(world, viewer).customer, world))
      for (const [table, rows] of Object.entries(before))
        if (after[table] !== rows)
          wrong.push(`${viewer.name} changed ${table} of another customer: ${rows} ${after[table]}`)
    }
    expect(wrong).toEqual([])
  })

  async function ask(
    viewer: Viewer,
    method: 'GET' | 'POST',
    path: string,
    fields: Fields = {},
  ): Promise<ShownPage> {
    if (method === 'GET') return as(viewer).get(path)
    return as(viewer).send('POST', path, { csrf: tokens.get(viewer.name) ?? '', ...fields })
  }

  const fieldsOf = (entry: Entry, target: Target | null, viewer: Viewer): Fields =>
    'what' in entry && target ? (entry.fields?.(target, foreignTo(world, viewer)) ?? {}) : {}

  const isLast = (entry: Entry) => 'last' in entry && entry.last === true

  /** Parameters with the words for the other customer's things, in every filter a list may have. */
  const nosy = (viewer: Viewer) => {
    const { customer, asset, access, manager } = foreignTo(world, viewer)
    return `?${new URLSearchParams({ customer, asset, find_asset: asset, find: manager, person: manager, user: manager, who: manager, login_id: manager, access: String(access) })}`
  }
})

const said = (
  viewer: Viewer,
  method: string,
  path: string,
  target: Target | null,
  answer: ShownPage,
  word: Word,
) =>
  `${viewer.name} ${method} ${path} (${target?.name}): expected ${word}, was ${answer.status} ${answer.heading} ${answer.text.slice(0, 200)}`

/** That an operator saw a link is recorded, and what one stages is kept for oneself: neither is a change. */
const isChange = (table: FingerprintTable, row: Readonly<Record<string, unknown>>) =>
  table !== 'access_drafts' && row.verb !== 'mail link shown'

/** Rows that belong to a customer, or to somebody who has no other. */
function isOf(customer: string, world: TenancyWorld) {
  const people = castPersons.filter(person => person.customer === customer).map(person => person.id)
  const of = (kind: 'access' | 'service request') =>
    new Set(
      world.targets[kind].filter(one => one.customers.includes(customer)).map(one => Number(one.params.id)),
    )
  const [accesses, requests] = [of('access'), of('service request')]
  const mentions = new RegExp(`"(${[...people, `${customer}[-A-Z]*`].join('|')})"`)
  return (table: FingerprintTable, row: Readonly<Record<string, unknown>>): boolean => {
    // What they may do themselves, somebody else's name may stand in.
    if (table === 'audit_events') return row.customer_id === customer
    if (table === 'access_drafts' || table === 'jobs') return false
    if (table === 'persons' && row.id === shared) return false
    return (
      accesses.has(Number(row.access_id)) ||
      requests.has(Number(row.request_id)) ||
      mentions.test(JSON.stringify(row))
    )
  }
}
