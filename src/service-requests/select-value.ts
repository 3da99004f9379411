import type { Db } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { actionNames, notPossible, offersFor, whyNothing } from './actions.ts'
import {
  askWhom,
  canBeChosen,
  type Environment,
  environmentNames,
  visibleEnvironments,
} from './environments.ts'
import { lookUp, narrow } from './typed-lookup.ts'
import { sightOf } from './visible.ts'

/** What Select Value shows for a lookup field. */
export interface Choices {
  label: string
  columns: readonly string[]
  rows: readonly { value: string; label?: string; cells: readonly string[] }[]
  /** Why it is empty, or what may be missing, and whom to ask. */
  missing: string
}

const lookupFields = ['target_environment', 'requested_action'] as const
export type LookupName = (typeof lookupFields)[number]
export const isLookupField = (word: string): word is LookupName =>
  (lookupFields as readonly string[]).includes(word)

const MOST_ROWS = 200

export async function environmentChoices(db: Db, actor: Actor, filter: string): Promise<Choices> {
  const visible = await visibleEnvironments(db, actor)
  const possible = visible.filter(canBeChosen)
  const found = narrow(possible, filter, e => [...environmentNames(e), e.customer_id, e.customer_name])
  return {
    label: 'Target Environment',
    columns: ['Asset', 'Description', 'Class', 'Customer'],
    rows: found.slice(0, MOST_ROWS).map(e => ({
      value: e.id,
      cells: [
        e.description,
        e.class === 'PRODUCTION' ? 'production' : 'non-production',
        `${e.customer_id} ${e.customer_name}`,
      ],
    })),
    missing: await missingEnvironments(db, actor, visible, possible.length, found.length),
  }
}

async function missingEnvironments(
  db: Db,
  actor: Actor,
  visible: readonly Environment[],
  possible: number,
  found: number,
): Promise<string> {
  if (possible > 0 && found === 0) return 'No environment has all these words. Shorten the filter.'
  if (found > MOST_ROWS) return `These are the first ${MOST_ROWS} of ${found}. Filter to see the others.`
  const sight = await sightOf(db, actor)
  const customers = sight === 'all' ? [] : sight
  const ask = await askWhom(db, actor, customers)
  if (possible > 0)
    return sight === 'all'
      ? `You look for another one? ${ask}`
      : `You look for another one? You need access to its customer. ${ask}`
  if (visible.length > 0)
    return `You can’t request anything for the environments you see: that needs an approved Self-Service Portal access. ${ask}`
  return `There is no environment that you may see. ${ask}`
}

export async function actionChoices(
  db: Db,
  actor: Actor,
  typedEnvironment: string,
  filter: string,
): Promise<Choices> {
  const head = { label: 'Requested Action', columns: ['Action', 'Description'] }
  const visible = await visibleEnvironments(db, actor)
  const target = lookUp(visible.filter(canBeChosen), typedEnvironment, environmentNames)
  if (target.kind !== 'found')
    return { ...head, rows: [], missing: 'Choose the Target Environment first: the actions depend on it.' }
  const offers = await offersFor(db, target.item)
  const possible = offers.filter(offer => offer.possible)
  const found = narrow(possible, filter, ({ action }) => [...actionNames(action), action.description])
  return {
    ...head,
    rows: found.map(({ action }) => ({ value: action.name, cells: [action.description] })),
    missing: await missingActions(db, actor, target.item, offers, possible.length, found.length),
  }
}

async function missingActions(
  db: Db,
  actor: Actor,
  environment: Environment,
  offers: Awaited<ReturnType<typeof offersFor>>,
  possible: number,
  found: number,
): Promise<string> {
  if (possible > 0 && found === 0) return 'No action has all these words. Shorten the filter.'
  const ask = await askWhom(db, actor, [environment.customer_id])
  if (possible === 0) return `${whyNothing(environment, offers)} ${ask}`
  const others = notPossible(offers)
  return others ? `Not possible here: ${others} ${ask}` : `You look for another one? ${ask}`
}
