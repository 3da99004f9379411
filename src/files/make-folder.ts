import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { conflict, invalid, ok, type Result } from '../result.ts'
import { shownName, storedName, wrongName } from './names.ts'
import { StoreError } from './object-store.ts'
import { wrongPlace } from './place.ts'
import { recordAct } from './record-act.ts'
import type { VisibleStore } from './rights.ts'
import { openStore } from './stores.ts'

/** Makes a folder in another one; gives its key. Throws a StoreError for what is the store's. */
export async function makeFolder(
  deps: Deps,
  actor: Actor,
  found: VisibleStore,
  folder: string,
  typed: string,
): Promise<Result<string>> {
  const name = storedName(typed.trim())
  const wrong = wrongName(name) ?? wrongPlace(folder, name)
  if (wrong !== null) return invalid({ folder_name: wrong })
  const key = `${folder}${name}/`
  const store = await openStore(deps, found.settings)
  try {
    await recordAct(deps, actor, 'folder made', found, key)
    await store.makeFolder(key)
    return ok(key)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    await recordAct(deps, actor, 'folder failed', found, key, { reason: error.message })
    if (error.kind === 'taken')
      return invalid({ folder_name: `There is something called ${shownName(name)} already.` })
    if (error.kind === 'missing') return conflict(error.message)
    throw error
  } finally {
    store.close()
  }
}
