import type { VisibleAsset } from '../assets/queries.ts'
import type { DbOrTx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { holdsStore, whatToRequest } from './rights.ts'
import { type StoreName, storeKinds, storeSettings } from './stores.ts'

/** A store on the record of its asset: open to whoever looks, or what they would have to do. */
export interface ShownStore {
  store: StoreName
  open: boolean
  /** Access to it can be requested. */
  offered: boolean
  why: string
}

export const shownStorage = (db: DbOrTx, actor: Actor, asset: VisibleAsset): Promise<ShownStore[]> =>
  Promise.all(
    storeKinds.map(async store => {
      const settings = await storeSettings(db, asset.id, store)
      const offered = settings.enabled === 1
      const holds = await holdsStore(db, actor.id, asset, store)
      const open = offered && can(actor, 'files.list', { store, holds })
      return { store, open, offered, why: open ? '' : await whatToRequest(db, asset, settings) }
    }),
  )
