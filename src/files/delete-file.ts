import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { notFound, ok, type Result } from '../result.ts'
import { StoreError } from './object-store.ts'
import { recordAct } from './record-act.ts'
import type { VisibleStore } from './rights.ts'
import { openStore } from './stores.ts'

/** Deletes one object, for operators. Throws a StoreError for what is the store's. */
export async function deleteFile(
  deps: Deps,
  actor: Actor,
  found: VisibleStore,
  key: string,
): Promise<Result<void>> {
  const store = await openStore(deps, found.settings)
  try {
    const object = await store.open(key)
    if (!object) return notFound()
    await object.close()
    await recordAct(deps, actor, 'file deleted', found, key, { bytes: object.size })
    await store.remove(key)
    return ok(undefined)
  } catch (error) {
    if (error instanceof StoreError)
      await recordAct(deps, actor, 'file deletion failed', found, key, { reason: error.message })
    throw error
  } finally {
    store.close()
  }
}
