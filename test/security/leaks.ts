import { type CastPerson, castPersons } from '../../db/seeds/cast.ts'
import type { Fields } from '../support/agent.ts'
import type { ShownPage } from '../support/shown-page.ts'
import { orchid, violet } from '../support/tenancy-world.ts'
import type { Viewer } from './object-cases.ts'

/** Words of others that stand in an answer and were not asked with. */
export function leaksIn(viewer: Viewer, path: string, { body }: ShownPage, fields: Fields): string[] {
  const sent = `${decodeURIComponent(path.replaceAll('+', ' '))} ${JSON.stringify(fields)}`
  return forbiddenTo(viewer, path)
    .filter(word => !sent.includes(word) && new RegExp(`(?<![\\w-])${word}(?![\\w])`).test(body))
    .map(word => `${viewer.name} reads “${word}” at ${path}: …${around(body, word)}…`)
}

const around = (body: string, word: string) =>
  body.slice(Math.max(0, body.indexOf(word) - 150), body.indexOf(word) + 80)

function forbiddenTo({ role, name, customer }: Viewer, path: string): string[] {
  // Whoever has a mailed link has been given what it shows.
  if (role === 'OPERATOR' || path.startsWith('/link/')) return []
  const others = castPersons.filter(
    person => person.customer !== customer || (role === 'STD_USER' && !isToldTo(person, path)),
  )
  const words = others
    .filter(person => person.id !== name.toUpperCase())
    .flatMap(({ id, first, last }) => [id, `${first} ${last}`, `${id.toLowerCase()}@example.com`])
  const foreign =
    customer === '10000'
      ? [orchid, 'Meadow Foods', '20000', '20000-DEV', '20000-TST', '20000-PRD']
      : [violet, 'Harbour Logistics', '10000', '10000-DEV', '10000-TST', '10000-PRD']
  const ofOthers = role === 'STD_USER' ? [`${violet} of (?!USER01)`, 'shared01@example.com'] : []
  return [...words, ...foreign, ...ofOthers, 'operator@example.com']
}

/** A standard user sees the requests of others, and is told whom to ask; of accesses and persons, one's own alone. */
function isToldTo({ role }: CastPerson, path: string): boolean {
  if (/\/accesses(\.csv)?(\?|$)/.test(path)) return false
  return role === 'MANAGER' || !path.startsWith('/security')
}
