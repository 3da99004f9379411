import { record, systemActor } from '../audit/record.ts'
import { days } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { batches } from './batches.ts'
import type { ObjectStore, OldObject } from './object-store.ts'
import { storeSubject } from './record-act.ts'
import { openStore, type StoreName, type StoreSettings, storeKinds, storeSettings } from './stores.ts'

/** Objects whose end is written down at a time: no more are listed in memory. */
const batchSize = 200
const atOnce = 8
/** What an upload has left behind that broke off with its process. */
const brokenOffAfter = days(1)
const assetsAPage = 200

interface PlacedAsset {
  id: string
  customer_id: string
}

/**
 * Deletes what was kept long enough, in every store. What is gone is progress enough: whatever ends this, the next time
 * goes on with what is left. A store that has trouble keeps no other one waiting; its trouble is told at the end.
 */
export async function deleteOldObjects(deps: Deps): Promise<void> {
  const troubles: string[] = []
  for await (const asset of everyAsset(deps)) {
    for (const store of storeKinds) {
      if (deps.stopping.aborted) return
      try {
        await tidyStore(deps, asset, await storeSettings(deps.db, asset.id, store))
      } catch (error) {
        deps.log.error({ err: error, asset: asset.id, store }, 'what is old could not be deleted')
        troubles.push(`${store} of ${asset.id}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  if (troubles.length > 0)
    throw new Error(`What is old could not be deleted. ${troubles.join(' ')}`.slice(0, 2000))
}

async function* everyAsset({ db }: Deps): AsyncGenerator<PlacedAsset> {
  let after = ''
  for (;;) {
    const page = await db
      .selectFrom('assets')
      .select(['id', 'customer_id'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(assetsAPage)
      .execute()
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = last.id
  }
}

async function tidyStore(deps: Deps, asset: PlacedAsset, settings: StoreSettings): Promise<void> {
  const now = deps.clock.now().getTime()
  const store = await openStore(deps, settings)
  try {
    if (!(await store.exists())) return
    await store.tidy(new Date(now - brokenOffAfter))
    if (settings.retention_days === null) return
    const until = new Date(now - days(settings.retention_days))
    for await (const batch of batches(store.olderThan(until), batchSize)) {
      await deleteBatch(deps, asset, settings.store, store, batch, until)
      if (deps.stopping.aborted) return
    }
  } finally {
    store.close()
  }
}

/** Written down before it is done: what is deleted is never silent. */
async function deleteBatch(
  { db, clock, checkpoint }: Deps,
  asset: PlacedAsset,
  name: StoreName,
  store: ObjectStore,
  batch: readonly OldObject[],
  until: Date,
): Promise<void> {
  const files = batch.filter(({ key }) => !key.endsWith('/'))
  const detail = {
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    last_changed_before: until.toISOString(),
  }
  if (files.length > 0)
    await db
      .transaction()
      .execute(tx => record(tx, clock, systemActor, 'old files deleted', storeSubject(asset, name), detail))
  await checkpoint?.('old files written down')
  for (let at = 0; at < batch.length; at += atOnce)
    // Another one may have got its name since it was listed, as rotated logs do.
    await Promise.all(batch.slice(at, at + atOnce).map(({ key }) => store.remove(key, until)))
}
