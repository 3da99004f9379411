import type { Tx } from '../deps.ts'
import { offersFor } from './actions.ts'
import { customersToRequestFor, type ServiceRequest } from './find-request.ts'

/**
 * Whether what was allowed at Queue Request still is: the right of whoever queued it, the environment's customer,
 * class and status, and the action. What was frozen then is not looked at again.
 */
export async function whyRefused(tx: Tx, request: ServiceRequest): Promise<string | null> {
  return (await whyNotThePerson(tx, request)) ?? (await whyNotTheEnvironment(tx, request))
}

async function whyNotThePerson(tx: Tx, request: ServiceRequest): Promise<string | null> {
  const id = request.queued_by ?? request.reported_by
  const person = await tx
    .selectFrom('persons')
    .select(['display_name', 'role', 'status'])
    .where('id', '=', id)
    .executeTakeFirst()
  // Operators are no persons to customers.
  const name = person?.role === 'OPERATOR' ? 'operator' : (person?.display_name ?? id)
  if (person?.status !== 'ACTIVE') return `${name}, who queued it, is not an active user any more.`
  if (person.role === 'OPERATOR') return null
  const customers = await customersToRequestFor(tx, id)
  return customers.includes(request.customer_id)
    ? null
    : `${name}, who queued it, has no approved Self-Service Portal access of customer ${request.customer_id} any more.`
}

async function whyNotTheEnvironment(tx: Tx, request: ServiceRequest): Promise<string | null> {
  const asset = await tx
    .selectFrom('assets')
    .select(['id', 'customer_id', 'class', 'product', 'status'])
    .where('id', '=', request.asset_id)
    .executeTakeFirstOrThrow()
  if (asset.customer_id !== request.customer_id)
    return `${asset.id} belongs to another customer since the request was queued.`
  if (asset.status === 'RETIRED') return `${asset.id} has been retired since the request was queued.`
  const offer = (await offersFor(tx, asset)).find(o => o.action.id === request.action_id)
  if (!offer) return `${request.action_name} has been withdrawn since the request was queued.`
  return offer.possible ? null : `${request.action_name} is not possible any more. ${offer.why}`
}
