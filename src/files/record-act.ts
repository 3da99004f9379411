import { record } from '../audit/record.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { shownKey } from './names.ts'
import type { VisibleStore } from './rights.ts'

type Act =
  | 'file downloaded'
  | 'file upload began'
  | 'file uploaded'
  | 'file upload failed'
  | 'folder made'
  | 'folder failed'
  | 'file deleted'
  | 'file deletion failed'

/**
 * Writes down what somebody does in a store, without the content. A store is no part of our transactions: what changes
 * it is written down before, so that nothing is done silently whatever breaks, and how it ended after.
 */
export const recordAct = (
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  actor: Actor,
  act: Act,
  { asset, settings }: Pick<VisibleStore, 'asset' | 'settings'>,
  key: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> =>
  db
    .transaction()
    .execute(tx =>
      record(tx, clock, actor, act, storeSubject(asset, settings.store), { name: shownKey(key), ...detail }),
    )

/** For the trail. */
export const storeSubject = (asset: { id: string; customer_id: string }, store: string) =>
  ({ type: 'asset-store', id: `${asset.id}/${store}`, customerId: asset.customer_id }) as const
