import { findVisibleAsset, type VisibleAsset } from '../assets/queries.ts'
import type { DbOrTx } from '../deps.ts'
import { type Actor, can, type StoreSubject } from '../policy.ts'
import { fail, forbidden, type Result } from '../result.ts'
import { type StoreName, type StoreSettings, storeSettings } from './stores.ts'

/** A store as somebody sees it, with what the policy asks about it. */
export interface VisibleStore {
  asset: VisibleAsset
  settings: StoreSettings
  subject: StoreSubject
}

/** Loads through the viewer, for one act: not there, not allowed, or the store. */
export async function findStoreFor(
  db: DbOrTx,
  actor: Actor,
  assetId: string,
  store: StoreName,
  act: 'list' | 'download' | 'upload' | 'make-folder' | 'delete',
): Promise<Result<VisibleStore>> {
  const asset = await findVisibleAsset(db, actor, assetId)
  if (!asset) return fail({ kind: 'not_found' })
  const settings = await storeSettings(db, asset.id, store)
  const subject = { store, holds: await holdsStore(db, actor.id, asset, store) }
  if (!can(actor, `files.${act}`, subject)) return forbidden(await whatToRequest(db, asset, settings))
  if (settings.enabled === 0) return fail({ kind: 'not_found', message: switchedOff(settings) })
  return { ok: true, value: { asset, settings, subject } }
}

/** An APPROVED access of the store's kind on this very asset, by somebody who is still of its customer. */
export async function holdsStore(
  db: DbOrTx,
  personId: string,
  asset: Pick<VisibleAsset, 'id' | 'customer_id'>,
  store: StoreName,
): Promise<boolean> {
  const held = await db
    .selectFrom('accesses')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    .innerJoin('persons', 'persons.id', 'accesses.person_id')
    .innerJoin('customer_access', join =>
      join
        .onRef('customer_access.person_id', '=', 'accesses.person_id')
        .onRef('customer_access.customer_id', '=', 'accesses.customer_id'),
    )
    .where('accesses.person_id', '=', personId)
    .where('accesses.asset_id', '=', asset.id)
    .where('accesses.customer_id', '=', asset.customer_id)
    .where('accesses.status', '=', 'APPROVED')
    .where('access_types.kind', '=', store)
    .where('persons.status', '=', 'ACTIVE')
    .select('accesses.id')
    .executeTakeFirst()
  return held !== undefined
}

/** What to do for somebody who sees the asset and may not look into its store. */
export async function whatToRequest(
  db: DbOrTx,
  asset: Pick<VisibleAsset, 'id'>,
  settings: StoreSettings,
): Promise<string> {
  if (settings.enabled === 0) return switchedOff(settings)
  const type = await db
    .selectFrom('access_types')
    .select(['name', 'status'])
    .where('kind', '=', settings.store)
    .executeTakeFirst()
  if (type?.status !== 'ACTIVE')
    return `Nobody can request access to the ${settings.store} of ${asset.id} at present.`
  return `You have no approved access to the ${settings.store} of ${asset.id}. Request ${type.name} for it on the tab Manage Access of your own record in Access Management.`
}

const switchedOff = ({ asset_id, store }: StoreSettings) => `${asset_id} has no object storage for ${store}.`
