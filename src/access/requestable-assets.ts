import { sql } from 'kysely'
import type { AssetClass, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import type { VisiblePerson } from '../people/visible-person.ts'
import { type Actor, can, isOperator } from '../policy.ts'
import { containing } from '../search-text.ts'
import { askWhom } from '../service-requests/environments.ts'
import { lookUp, orList } from '../service-requests/typed-lookup.ts'
import { sightOf, visibleAssets } from '../service-requests/visible.ts'

/** An asset on which the actor may request accesses for a person. */
export interface RequestableAsset {
  id: string
  description: string
  customer_id: string
  customer_name: string
  class: AssetClass
  product: string
  status: Row<'assets'>['status']
  time_zone: string
}

/** Who wants something, and for whom. */
export interface Requesting {
  actor: Actor
  person: VisiblePerson
}

/** What the policy asks about an access that is about to be requested. */
export const subjectOfNew = ({ actor, person }: Requesting, customerId: string) => ({
  customerId,
  beneficiary: person.person.id,
  requestedBy: actor.id,
  editedBy: null,
  escalated: false,
  standIns: [],
})

/** Those a lookup offers: of customers in the person's Customer Access List that the actor may request for. */
export function requestableAssets(db: DbOrTx, requesting: Requesting) {
  const { actor, person } = requesting
  const query = db
    .selectFrom('assets')
    .innerJoin('customers', 'customers.id', 'assets.customer_id')
    .innerJoin('customer_access', join =>
      join
        .onRef('customer_access.customer_id', '=', 'assets.customer_id')
        .on('customer_access.person_id', '=', person.person.id),
    )
    .where('assets.status', '=', 'ACTIVE')
    .where('customers.status', '=', 'ACTIVE')
    .select([
      'assets.id',
      'assets.description',
      'assets.customer_id',
      'customers.name as customer_name',
      'assets.class',
      'assets.product',
      'assets.status',
      'assets.time_zone',
    ])
    .orderBy('assets.id')
  if (isOperator(actor) || actor.id === person.person.id) return query
  return query.where('assets.customer_id', '=', actor.managingCustomerId ?? '')
}

export type AssetReading =
  | { kind: 'blank' }
  | { kind: 'found'; asset: RequestableAsset }
  | { kind: 'wrong'; message: string }

const mostCandidates = 50

/** What was typed into Asset: an id or a description in any case, or an unambiguous beginning. */
export async function readAsset(db: DbOrTx, requesting: Requesting, typed: string): Promise<AssetReading> {
  const text = typed.trim().slice(0, 200)
  if (text === '') return { kind: 'blank' }
  const exact = await requestableAssets(db, requesting)
    .where('assets.id', '=', text.toUpperCase())
    .executeTakeFirst()
  if (exact) return found(requesting, exact)
  const candidates = await requestableAssets(db, requesting)
    .where(sql<boolean>`assets.search_text like ${containing(text)} escape '\\'`)
    .limit(mostCandidates)
    .execute()
  const choice = lookUp(candidates, text, asset => [asset.id, asset.description])
  if (choice.kind === 'found') return found(requesting, choice.item)
  if (choice.kind === 'several')
    return {
      kind: 'wrong',
      message: `“${short(text)}” fits several: ${orList(choice.items.map(a => `${a.id} (${a.description})`))}. Type more of it, or choose with the magnifying glass.`,
    }
  return { kind: 'wrong', message: await whyNoAsset(db, requesting, text) }
}

function found(requesting: Requesting, asset: RequestableAsset): AssetReading {
  if (can(requesting.actor, 'access.request', subjectOfNew(requesting, asset.customer_id)))
    return { kind: 'found', asset }
  return { kind: 'wrong', message: `You may not request accesses on ${asset.id}.` }
}

export const operatorsNeedNone = 'Operators need no access: they may submit service requests for any asset.'

/** An asset the actor doesn't see is treated as one that isn't there. */
async function whyNoAsset(db: DbOrTx, requesting: Requesting, text: string): Promise<string> {
  const { actor, person } = requesting
  if (person.person.role === 'OPERATOR') return operatorsNeedNone
  const seen = await db
    .selectFrom('assets')
    .innerJoin('customers', 'customers.id', 'assets.customer_id')
    .where('assets.id', '=', text.toUpperCase())
    .where(visibleAssets(await sightOf(db, actor)))
    .select(['assets.id', 'assets.customer_id', 'assets.status', 'customers.status as customer_status'])
    .executeTakeFirst()
  if (!seen)
    return `There is no asset “${short(text)}” that you can request ${forWhom(requesting)}. The magnifying glass shows those there are. ${await whomToAsk(db, requesting)}`
  const { id, customer_id } = seen
  if (seen.status === 'RETIRED') return `${id} has been retired: nothing can be requested on it any more.`
  if (seen.customer_status !== 'ACTIVE')
    return `Customer ${customer_id} is INACTIVE: nothing can be requested on its assets.`
  if (!person.subject.customers.includes(customer_id))
    return `${id} belongs to customer ${customer_id}, which is not in ${whose(requesting)} Customer Access List. ${await askWhom(db, actor, [customer_id])}`
  return `${id} belongs to customer ${customer_id}, which you don’t manage: you can request accesses for ${person.person.display_name} only on assets of customer ${actor.managingCustomerId}.`
}

/** For the lookup's filter: those that have all words. */
export function assetsWith(db: DbOrTx, requesting: Requesting, filter: string, limit: number) {
  const words = filter.split(/\s+/).filter(Boolean).slice(0, 10)
  return words
    .reduce(
      (query, word) =>
        query.where(
          sql<boolean>`(assets.search_text like ${containing(word)} escape '\\'
            or assets.customer_id = ${word} or lower(customers.name) like ${containing(word)} escape '\\')`,
        ),
      requestableAssets(db, requesting),
    )
    .limit(limit)
    .execute()
}

const mostCustomers = 20

/** "Ask Manager 01 or Manager 02." */
export async function whomToAsk(db: DbOrTx, { actor, person }: Requesting): Promise<string> {
  const customers =
    isOperator(actor) || actor.id === person.person.id
      ? person.subject.customers.slice(0, mostCustomers)
      : [actor.managingCustomerId ?? '']
  return askWhom(db, actor, customers)
}

export const forWhom = ({ actor, person }: Requesting) =>
  actor.id === person.person.id ? 'access to' : `access to for ${person.person.display_name}`

export const whose = ({ actor, person }: Requesting) =>
  actor.id === person.person.id ? 'your' : `${person.person.display_name}’s`

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
