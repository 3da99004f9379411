import type { AccessKind } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { type StoreName, storeSettings } from './stores.ts'

/** Whether an access of this kind opens a store of the asset. */
export const isStorageKind = (kind: AccessKind): kind is StoreName => kind === 'files' || kind === 'logs'

/** Why no access to a store can be requested on an asset, by store; null: it can. */
export async function whyNoStorage(
  db: DbOrTx,
  assetId: string,
): Promise<Readonly<Record<StoreName, string | null>>> {
  return { files: await whyNot(db, assetId, 'files'), logs: await whyNot(db, assetId, 'logs') }
}

async function whyNot(db: DbOrTx, assetId: string, store: StoreName): Promise<string | null> {
  const { enabled } = await storeSettings(db, assetId, store)
  return enabled === 1 ? null : `${assetId} has no object storage for ${store}.`
}
