import { paths } from '../../src/paths.ts'
import type { ShownPage } from '../support/shown-page.ts'
import type { Target, TenancyWorld } from '../support/tenancy-world.ts'
import {
  type Entry,
  type Foreign,
  notForRole,
  type Relation,
  type Word,
  type Words,
  wordFor,
} from './object-table.ts'
import { routeTable } from './route-table.ts'

export const viewers = [
  { name: 'user01', role: 'STD_USER', customer: '10000' },
  { name: 'manager01', role: 'MANAGER', customer: '10000' },
  { name: 'manager03', role: 'MANAGER', customer: '20000' },
  { name: 'operator01', role: 'OPERATOR', customer: null },
] as const
export type Viewer = (typeof viewers)[number]
export const customersPeople = viewers.filter(({ customer }) => customer !== null)

export const routes = Object.values(routeTable).flatMap(patterns => Object.entries(patterns))
export const named = routes.filter(([pattern]) => pattern.includes(':'))
/** Of a route. */
export const methodsOf = (pattern: string) =>
  (routes.find(([path]) => path === pattern)?.[1].split(' ') ?? []) as ('GET' | 'POST')[]

export interface Case {
  path: string
  word: Word
  target: Target | null
}

/** What a viewer asks of a route, object by object, and what they should find. */
export function casesOf(
  world: TenancyWorld,
  pattern: string,
  entry: Entry,
  method: 'GET' | 'POST',
  viewer: Viewer,
): Case[] {
  if ('values' in entry) {
    const others = method === 'POST' ? entry.post?.[viewer.role] : undefined
    const word = notForRole[pattern] === viewer.role ? 'not allowed' : (others ?? 'there')
    return entry.values.map(value => ({ path: pattern.replace(/:\w+/, value), word, target: null }))
  }
  const words = method === 'POST' && entry.post !== undefined ? entry.post : entry.words
  if (words === null) return []
  return world.targets[entry.what].flatMap(target =>
    variantsOf(entry, words, method).map(([more, theirs]) => ({
      path: fill(pattern, { ...target.params, ...more }),
      word: wordFor(theirs, viewer.role, relationOf(viewer, target)),
      target,
    })),
  )
}

function variantsOf(
  { each }: Extract<Entry, { what: unknown }>,
  words: Words,
  method: 'GET' | 'POST',
): [Record<string, string>, Words][] {
  if (!each) return [[{}, words]]
  return Object.entries(each.words).map(([value, own]) => [
    { [each.param]: value },
    method === 'POST' ? own : words,
  ])
}

export const addressesOf = (world: TenancyWorld, pattern: string, entry: Entry): string[] =>
  'values' in entry
    ? entry.values.map(value => pattern.replace(/:\w+/, value))
    : world.targets[entry.what].flatMap(target =>
        variantsOf(entry, entry.words, 'GET').map(([more]) => fill(pattern, { ...target.params, ...more })),
      )

const fill = (pattern: string, params: Readonly<Record<string, string>>) =>
  pattern.replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`Nothing is known for :${name} of ${pattern}.`)
    return encodeURIComponent(value)
  })

export function relationOf({ name, customer }: Viewer, target: Target): Relation {
  if (target.owner === name.toUpperCase()) return 'own'
  if (customer === null || !target.customers.includes(customer)) return 'another customer'
  return target.owner !== null && target.customers.length > 1 ? 'shared' : 'same customer'
}

export function wordOf({ status, location }: ShownPage): Word | string {
  if (status === 404) return 'not there'
  if (status === 403) return 'not allowed'
  const isThere = status < 400 || status === 409 || status === 410 || status === 422
  return isThere && !location?.startsWith(paths.signIn()) ? 'there' : `${status} ${location}`
}

/** What the other customer has, by the names a form would give it. */
export function foreignTo(world: TenancyWorld, { customer }: Viewer): Foreign {
  const other = customer === '10000' ? '20000' : '10000'
  const [manager, user] = other === '20000' ? ['MANAGER03', 'USER03'] : ['MANAGER01', 'USER02']
  const undecided = world.targets.access.find(
    ({ name, owner }) => owner === user && name.startsWith('undecided'),
  )
  return { customer: other, asset: `${other}-DEV`, access: undecided?.access ?? 0, manager }
}
