import type { AssetClass } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { type Actor, isOperator } from '../policy.ts'
import { customersToRequestFor } from './find-request.ts'
import { orList } from './typed-lookup.ts'
import { type Sight, sightOf, visibleAssets } from './visible.ts'

/** An asset as Target Environment. */
export interface Environment {
  id: string
  customer_id: string
  customer_name: string
  description: string
  class: AssetClass
  product: string
  status: 'ACTIVE' | 'RETIRED'
  /** Whether the person may request something for it. */
  mayRequest: boolean
}

/** All a person sees, those they may not request for included: the lookup says why those can't be chosen. */
export async function visibleEnvironments(db: DbOrTx, actor: Actor): Promise<Environment[]> {
  const sight = await sightOf(db, actor)
  const mayRequest = await requestSight(db, actor)
  const rows = await db
    .selectFrom('assets')
    .innerJoin('customers', 'customers.id', 'assets.customer_id')
    .where(visibleAssets(sight))
    .orderBy('assets.id')
    .select([
      'assets.id',
      'assets.customer_id',
      'customers.name as customer_name',
      'assets.description',
      'assets.class',
      'assets.product',
      'assets.status',
    ])
    .execute()
  return rows.map(row => ({
    ...row,
    mayRequest: mayRequest === 'all' || mayRequest.includes(row.customer_id),
  }))
}

const requestSight = async (db: DbOrTx, actor: Actor): Promise<Sight> =>
  isOperator(actor) ? 'all' : customersToRequestFor(db, actor.id)

/** What names an environment in a lookup. */
export const environmentNames = (environment: Environment) => [environment.id, environment.description]

export const canBeChosen = (environment: Environment) =>
  environment.mayRequest && environment.status === 'ACTIVE'

/** Managers of customers, by name. */
export const managersOf = async (db: DbOrTx, customerIds: readonly string[]): Promise<string[]> =>
  (await managersRows(db, customerIds)).map(row => row.display_name)

/** "Ask Manager 01 or Manager 02.": somebody else than the person who is told; operators see to it themselves. */
export async function askWhom(db: DbOrTx, actor: Actor, customerIds: readonly string[]): Promise<string> {
  if (isOperator(actor)) return 'You can set it up under Administration.'
  const others = (await managersRows(db, customerIds)).filter(row => row.id !== actor.id)
  return others.length
    ? `Ask ${orList(others.map(row => row.display_name))}.`
    : 'Ask the operators of this portal.'
}

async function managersRows(db: DbOrTx, customerIds: readonly string[]) {
  if (customerIds.length === 0) return []
  return db
    .selectFrom('persons')
    .where('managing_customer_id', 'in', customerIds)
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .select(['id', 'display_name'])
    .execute()
}

/** Why a person can request nothing at all, and whom to ask; null: they can. */
export async function whyNoEnvironment(db: DbOrTx, actor: Actor): Promise<string | null> {
  const visible = await visibleEnvironments(db, actor)
  if (visible.some(canBeChosen)) return null
  const customers = [...new Set(visible.map(environment => environment.customer_id))]
  const ask = await askWhom(db, actor, customers)
  return visible.length
    ? `You can’t submit service requests yet: that needs an approved Self-Service Portal access for any one environment of your customer. ${ask}`
    : `There is no environment that you may see. ${ask}`
}
