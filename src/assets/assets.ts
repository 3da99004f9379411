import type { AssetClass } from '../../db/schema.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { type FieldErrors, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { assetSearchText, findAsset, openRequestsOf } from './queries.ts'

/** What operators set of an asset. */
export interface AssetFacts {
  customer_id: string
  description: string
  class: AssetClass
  product: string
  time_zone: string
  status: 'ACTIVE' | 'RETIRED'
  application_url: string | null
  health_url: string | null
  /** For {{asset.NAME}} in runbooks. */
  variables: Readonly<Record<string, string>>
}

const onlyOperators = 'Only operators set up assets.'

export async function createAsset(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: AssetFacts,
): Promise<Result<string>> {
  if (!can(actor, 'asset.configure')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const wrong = await wrongCustomer(tx, facts.customer_id)
    if (wrong) return invalid(wrong)
    const added = await tx
      .insertInto('assets')
      .values({ id, ...columnsOf(id, facts), created_at: nowInstant(deps.clock) })
      .onConflict(conflict => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added)
      return invalid({ id: `There is an asset ${id} already. Choose another id, or open that one.` })
    await record(tx, deps.clock, actor, 'asset created', subjectOf(id, facts.customer_id), { ...facts })
    return ok(id)
  })
}

/** Its customer stays: requests and accesses made for one customer never move silently to another. */
export async function changeAsset(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: AssetFacts,
): Promise<Result<string>> {
  if (!can(actor, 'asset.configure')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const asset = await findAsset(tx, id)
    if (!asset) return notFound()
    const wrong = await wrongChange(tx, id, asset.customer_id, facts)
    if (wrong) return invalid(wrong)
    const columns = columnsOf(id, facts)
    const { search_text: _, ...changes } = changesOf(
      { ...asset, variables: JSON.stringify(asset.variables) },
      columns,
    )
    if (Object.keys(changes).length === 0) return ok(id)
    await tx.updateTable('assets').set(columns).where('id', '=', id).execute()
    await record(tx, deps.clock, actor, 'asset changed', subjectOf(id, asset.customer_id), changes)
    return ok(id)
  })
}

async function wrongChange(
  tx: Tx,
  id: string,
  customerId: string,
  facts: AssetFacts,
): Promise<FieldErrors | null> {
  if (facts.customer_id !== customerId)
    return {
      customer_id: `${id} belongs to customer ${customerId}; its requests and accesses can’t move to another one. Retire it and set up a new asset.`,
    }
  if (facts.status === 'ACTIVE') return null
  const open = await openRequestsOf(tx, id)
  if (open.length === 0) return null
  return {
    status: `These service requests of ${id} are still open: ${open.map(r => `${r.id} (${r.status})`).join(', ')}. Let them end or cancel them first.`,
  }
}

async function wrongCustomer(tx: Tx, customerId: string): Promise<FieldErrors | null> {
  const customer = await tx
    .selectFrom('customers')
    .select('status')
    .where('id', '=', customerId)
    .executeTakeFirst()
  if (!customer)
    return { customer_id: `There is no customer ${customerId}. Type the id of one, such as 10000.` }
  if (customer.status === 'INACTIVE')
    return { customer_id: `Customer ${customerId} is INACTIVE. Make it ACTIVE first, or choose another one.` }
  return null
}

const columnsOf = (id: string, facts: AssetFacts) => ({
  ...facts,
  variables: JSON.stringify(facts.variables),
  search_text: assetSearchText({ id, ...facts }),
})

const subjectOf = (id: string, customerId: string) => ({ type: 'asset', id, customerId }) as const
