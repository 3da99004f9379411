import { sql } from 'kysely'
import type { AssetClass, Instant, RequestStatus, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { byText, everyPage, type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { beginsWith, foldedContains, lowerContains } from '../people/conditions.ts'
import type { Actor } from '../policy.ts'
import { fold } from '../search-text.ts'
import { type Sight, sightOf, visibleAssets } from '../service-requests/visible.ts'
import { assetClasses, assetStatuses } from './asset-states.ts'

export interface ListedAsset {
  id: string
  description: string
  customer_id: string
  customer_name: string
  class: AssetClass
  product: string
  status: 'ACTIVE' | 'RETIRED'
}

export interface AssetFilters {
  asset?: string
  description?: string
  customer?: string
  class?: string
  product?: string
  status?: string
}

const order: ListOrder<ListedAsset> = {
  sorts: {
    asset: byText('assets.id', a => a.id),
    description: byText('assets.description', a => a.description),
    customer: byText('assets.customer_id', a => a.customer_id),
    class: byText('assets.class', a => a.class),
    product: byText('assets.product', a => a.product),
    status: byText('assets.status', a => a.status),
  },
  id: byText('assets.id', a => a.id),
  defaultSort: 'asset',
}

/** Environments this person sees. */
export const assetList = async (
  db: DbOrTx,
  actor: Actor,
  filters: AssetFilters,
  asked: ListQuery,
): Promise<Listed<ListedAsset>> =>
  listPage(db, listedAssets(db, await sightOf(db, actor), filters), order, asked)

/** The same, all of them, for the CSV. */
export async function* everyAsset(
  db: DbOrTx,
  actor: Actor,
  filters: AssetFilters,
  sort: string | undefined,
): AsyncGenerator<readonly ListedAsset[]> {
  yield* everyPage(listedAssets(db, await sightOf(db, actor), filters), order, sort)
}

function listedAssets(db: DbOrTx, sight: Sight, filters: AssetFilters) {
  let query = db
    .selectFrom('assets')
    .innerJoin('customers', 'customers.id', 'assets.customer_id')
    .where(visibleAssets(sight))
    .select([
      'assets.id',
      'assets.description',
      'assets.customer_id',
      'customers.name as customer_name',
      'assets.class',
      'assets.product',
      'assets.status',
    ])
  if (filters.asset) query = query.where(beginsWith('assets.id', filters.asset))
  if (filters.description) query = query.where(foldedContains('assets.search_text', filters.description))
  if (filters.customer) query = query.where(beginsWith('assets.customer_id', filters.customer))
  if (filters.product) query = query.where(lowerContains('assets.product', filters.product))
  const assetClass = assetClasses.find(c => c === filters.class)
  if (assetClass) query = query.where('assets.class', '=', assetClass)
  const status = assetStatuses.find(s => s === filters.status)
  return status ? query.where('assets.status', '=', status) : query
}

export type Asset = Omit<Row<'assets'>, 'variables'> & { variables: Readonly<Record<string, string>> }

/** For acts of operators; everybody else loads through `findVisibleAsset`. */
export async function findAsset(db: DbOrTx, id: string): Promise<Asset | undefined> {
  const row = await db.selectFrom('assets').selectAll().where('id', '=', id).executeTakeFirst()
  return row && withVariables(row)
}

/** Loads through the viewer: what they may not see is not there. Without the variables, which are the operators'. */
export async function findVisibleAsset(db: DbOrTx, actor: Actor, id: string) {
  return db
    .selectFrom('assets')
    .innerJoin('customers', 'customers.id', 'assets.customer_id')
    .where(visibleAssets(await sightOf(db, actor)))
    .where('assets.id', '=', id)
    .select([
      'assets.id',
      'assets.customer_id',
      'customers.name as customer_name',
      'assets.description',
      'assets.class',
      'assets.product',
      'assets.time_zone',
      'assets.status',
      'assets.application_url',
      'assets.health_url',
    ])
    .executeTakeFirst()
}
export type VisibleAsset = NonNullable<Awaited<ReturnType<typeof findVisibleAsset>>>

const withVariables = (row: Row<'assets'>): Asset => ({
  ...row,
  variables: JSON.parse(row.variables) as Record<string, string>,
})

export const assetsOfCustomer = (db: DbOrTx, customerId: string, limit = 200) =>
  db
    .selectFrom('assets')
    .where('customer_id', '=', customerId)
    .orderBy('id')
    .limit(limit)
    .select(['id', 'description', 'class', 'product', 'status'])
    .execute()

export interface AssetRequest {
  id: number
  action_name: string
  status: RequestStatus
  reported_by: string
  reported_by_name: string
  reported_at: Instant
  actual_start: Instant | null
  actual_finish: Instant | null
}

type PlacedAsset = Pick<Row<'assets'>, 'id' | 'customer_id'>

const requestColumns = [
  'id',
  'action_name',
  'status',
  'reported_by',
  'reported_by_name',
  'reported_at',
  'actual_start',
  'actual_finish',
] as const

/** Under its present customer: what was requested under an earlier one is theirs. */
export const recentRequestsOf = (db: DbOrTx, asset: PlacedAsset, limit = 10): Promise<AssetRequest[]> =>
  db
    .selectFrom('service_requests')
    .where('asset_id', '=', asset.id)
    .where('customer_id', '=', asset.customer_id)
    .orderBy('id', 'desc')
    .limit(limit)
    .select(requestColumns)
    .execute()

/** Requests that ran, or still run, since an instant; the latest ones if there are too many to draw. */
export async function requestsRunSince(
  db: DbOrTx,
  asset: PlacedAsset,
  since: Instant,
  limit = 200,
): Promise<AssetRequest[]> {
  const rows = await db
    .selectFrom('service_requests')
    .where('asset_id', '=', asset.id)
    .where('customer_id', '=', asset.customer_id)
    .where('actual_start', 'is not', null)
    .where(eb => eb.or([eb('actual_finish', '>=', since), eb('actual_finish', 'is', null)]))
    .orderBy('id', 'desc')
    .limit(limit)
    .select(requestColumns)
    .execute()
  return rows.reverse()
}

/** Every action, and how an asset is set up for it. */
export const offerRows = (db: DbOrTx, assetId: string) =>
  db
    .selectFrom('actions')
    .leftJoin('asset_actions', join =>
      join.onRef('asset_actions.action_id', '=', 'actions.id').on('asset_actions.asset_id', '=', assetId),
    )
    .orderBy('actions.sort')
    .orderBy('actions.name')
    .select(eb => [
      'actions.id as action_id',
      'actions.name',
      'actions.status',
      'actions.production',
      'asset_actions.runbook_id',
      eb.fn.coalesce('asset_actions.production_allowed', sql<0 | 1>`0`).as('production_allowed'),
    ])
    .execute()

/** Products in use, as suggestions. */
export const productsInUse = async (db: DbOrTx): Promise<string[]> => {
  const rows = await db
    .selectFrom('assets')
    .select('product')
    .distinct()
    .orderBy('product')
    .limit(100)
    .execute()
  return rows.map(row => row.product)
}

/** What an asset is found by. */
export const assetSearchText = (asset: { id: string; description: string; product: string }) =>
  fold([asset.id, asset.description, asset.product].join(' '))
