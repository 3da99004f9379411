import type { Deps } from '../deps.ts'
import type { Listed } from '../paging.ts'
import type { DescribedEntry } from './object-store.ts'
import { type FilesQuery, pickPage } from './pick-page.ts'
import type { VisibleStore } from './rights.ts'
import { openStore } from './stores.ts'

/** What stands in a folder, page by page. Throws a StoreError. */
export async function listFolder(
  deps: Deps,
  { settings }: VisibleStore,
  folder: string,
  asked: FilesQuery,
): Promise<Listed<DescribedEntry>> {
  const store = await openStore(deps, settings)
  try {
    const page = await pickPage(store, folder, asked)
    return { ...page, rows: await store.describe(page.rows) }
  } finally {
    store.close()
  }
}
