import type { AssetClass } from '../../db/schema.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, type FieldErrors, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { type Asset, assetSearchText, findAsset } from './queries.ts'

/** What operators set of an asset. */
export interface AssetFacts {
  customer_id: string
  description: string
  class: AssetClass
  product: string
  time_zone: string
  /** Left out: as it is. */
  status?: 'ACTIVE' | 'RETIRED' | undefined
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

/** It stays with its customer and in use: see move-asset.ts and retire-asset.ts. A retired one is put back in use here. */
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
    const wrong = await wrongChange(tx, asset, facts)
    if (wrong) return invalid(wrong)
    const columns = { ...columnsOf(id, facts), status: facts.status ?? asset.status }
    const { search_text: _, ...changes } = changesOf(
      { ...asset, variables: JSON.stringify(asset.variables) },
      columns,
    )
    if (Object.keys(changes).length === 0) return ok(id)
    const { numUpdatedRows } = await tx
      .updateTable('assets')
      .set(columns)
      .where('id', '=', id)
      .where('customer_id', '=', asset.customer_id)
      .where('status', '=', asset.status)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return conflict(`${id} was moved or retired meanwhile. Nothing was saved.`)
    await record(tx, deps.clock, actor, 'asset changed', subjectOf(id, asset.customer_id), changes)
    return ok(id)
  })
}

/** Who goes from a customer, or for good, takes a page that shows what ends with it. */
async function wrongChange(tx: Tx, asset: Asset, facts: AssetFacts): Promise<FieldErrors | null> {
  if (facts.customer_id !== asset.customer_id)
    return {
      customer_id: `${asset.id} belongs to customer ${asset.customer_id}. “Move to another customer” shows first which requests and accesses end with that.`,
    }
  const { status = asset.status } = facts
  if (status === asset.status) return null
  if (status === 'RETIRED')
    return { status: '“Retire” shows first which requests and accesses end with that.' }
  const wrong = await wrongCustomer(tx, asset.customer_id)
  return wrong && { status: wrong.customer_id }
}

/** null: an asset can be this customer's. */
export async function wrongCustomer(tx: Tx, customerId: string): Promise<{ customer_id: string } | null> {
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
