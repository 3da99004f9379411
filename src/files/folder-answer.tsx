import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { FolderPage } from '../../views/files/folder-page.tsx'
import { emptyForm, type FormState } from '../../views/ui/form-state.ts'
import type { Ctx } from '../http/env.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, messagePage, problem } from '../http/respond.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import type { Problem } from '../result.ts'
import { listFolder } from './list-folder.ts'
import { folderKey, keyOf } from './names.ts'
import { StoreError, type StoreErrorKind } from './object-store.ts'
import type { VisibleStore } from './rights.ts'
import { uploadLimit } from './stores.ts'

/** The folder that an address names; null: nothing can be called so. */
export function askedFolder(c: Ctx): string | null {
  const key = keyOf(c.req.query('path') ?? '')
  return key === undefined ? null : folderKey(key)
}

/** A folder with what stands in it; with a form that was sent to it, if something is wrong there. */
export function folderPage(
  c: Ctx,
  found: VisibleStore,
  folder: string,
  form: FormState = emptyForm,
  status: 200 | 409 | 422 = 200,
): Promise<Response> {
  const { deps, actor } = c.var
  const { asset, settings, subject } = found
  const { store } = settings
  return withStoreTrouble(c, found, async () => {
    const query: Readonly<Record<string, string>> = { ...queryOf(c), path: folder }
    const list = await listFolder(deps, found, folder, query)
    return c.html(
      <FolderPage
        chrome={await chromeOf(c, 'assets')}
        asset={asset}
        store={store}
        folder={folder}
        rows={list.rows}
        query={query}
        page={pageLinks(list, query, asked => paths.store(asset.id, store, asked))}
        keptDays={settings.retention_days}
        mayUpload={can(actor, 'files.upload', subject)}
        mayDelete={can(actor, 'files.delete', subject)}
        uploadLimit={uploadLimit(deps.config, settings)}
        form={form}
      />,
      status,
    )
  })
}

/** Who may not look into a store, or not as they wanted, is told how they get to. */
export const refusal = (c: Ctx, found: Problem) =>
  found.kind === 'forbidden'
    ? messagePage(c, 403, {
        title: 'You may not do this',
        lines: [found.message],
        next: {
          href: paths.manageAccess(c.var.actor.id, { asset: c.req.param('id') }),
          label: 'Go to Manage Access',
        },
      })
    : problem(c, found)

/** What another system or a disk says becomes a page. */
export async function withStoreTrouble(
  c: Ctx,
  found: VisibleStore,
  act: () => Promise<Response>,
): Promise<Response> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof StoreError) return storeTrouble(c, found, error)
    throw error
  }
}

const statusOf = {
  missing: 404,
  taken: 409,
  name: 422,
  full: 507,
  denied: 502,
  gone: 502,
  failed: 502,
} as const satisfies Record<StoreErrorKind, ContentfulStatusCode>

/** The page of it; operators find the whole of it in the log. */
export function storeTrouble(c: Ctx, { asset, settings }: VisibleStore, error: StoreError) {
  const { store } = settings
  if (statusOf[error.kind] >= 500)
    c.var.deps.log.warn(
      { err: error, asset: asset.id, store, requestId: c.var.requestId },
      'a store has trouble',
    )
  return messagePage(c, statusOf[error.kind], {
    title: error.kind === 'missing' ? 'This is not there any more' : `The ${store} of ${asset.id}`,
    lines: [error.message],
    next:
      error.kind === 'gone' || error.kind === 'denied'
        ? { href: paths.asset(asset.id), label: `Go to ${asset.id}` }
        : { href: paths.store(asset.id, store), label: `Go to the ${store} of ${asset.id}` },
  })
}
