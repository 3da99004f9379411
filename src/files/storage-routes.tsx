import { Hono } from 'hono'
import { StoragePage } from '../../views/files/storage-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { findAsset } from '../assets/queries.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import type { Secret } from '../secret.ts'
import { readSecretReference, SecretReferenceError } from '../secret-reference.ts'
import { StorageFields } from './folder-forms.ts'
import { saveStore } from './save-store.ts'
import { type ReadStorage, readStorage, storageValues } from './storage-form.ts'
import { ownRoot, type StoreName, type StoreSettings, storeSettings } from './stores.ts'
import { type TryLine, tryStore } from './try-store.ts'

/** Where the files and logs of an asset are kept: mounted behind the Administration's guards. */
export const storageRoutes = () =>
  new Hono<AppEnv>()
    .get('/admin/assets/:id/storage', c => page(c, null))
    .post('/admin/assets/:id/storage', async c => {
      const form = await parseForm(c, StorageFields)
      const read = readStorage(form.values, form.fields.key_password?.at(-1))
      if (!form.ok || !read.ok)
        return page(c, withErrors(form, { ...(read.ok ? {} : read.errors), ...form.errors }), 422)
      return form.values.do === 'try' ? tried(c, form, read) : saved(c, form, read)
    })

type Read = Extract<ReadStorage, { ok: true }>
type Sent = Pick<FormState, 'values'>

async function saved(c: Ctx, form: Sent, { facts, key }: Read) {
  const assetId = c.req.param('id') ?? ''
  const store = storeOf(c)
  const version = /^\d{1,9}$/.test(form.values.version ?? '') ? Number(form.values.version) : -1
  const result = await saveStore(c.var.deps, c.var.actor, { assetId, store, version }, facts, key)
  if (result.ok)
    return seeOther(c, paths.adminAssetStorage(assetId, { store }), `The ${store} of ${assetId} were saved.`)
  if (result.problem.kind === 'invalid') return page(c, withErrors(form, result.problem.fields), 422)
  if (result.problem.kind === 'conflict')
    return page(c, withErrors(form, { '': result.problem.message }), 409)
  return problem(c, result.problem)
}

/** With what was typed; nothing of it is stored. */
async function tried(c: Ctx, form: Sent, { facts, key }: Read) {
  const stored = await storeSettings(c.var.deps.db, c.req.param('id') ?? '', storeOf(c))
  const lines = await tryTyped(c, { ...stored, ...facts }, key)
  return page(c, { values: form.values, errors: {} }, 200, lines, key.kind === 'given')
}

async function tryTyped(c: Ctx, settings: StoreSettings, key: Read['key']): Promise<TryLine[]> {
  let secret: Secret | undefined
  try {
    if (key.kind === 'given') secret = key.secret
    if (key.kind === 'reference') secret = readSecretReference(key.reference, c.var.deps.config)
  } catch (error) {
    if (error instanceof SecretReferenceError) return [{ level: 'failed', says: error.message }]
    throw error
  }
  return tryStore(c.var.deps, settings, secret)
}

const storeOf = (c: Ctx): StoreName => (c.req.query('store') === 'logs' ? 'logs' : 'files')

async function page(
  c: Ctx,
  form: FormState | null,
  status: 200 | 409 | 422 = 200,
  tried: readonly TryLine[] = [],
  keyTyped = false,
) {
  const { db, config } = c.var.deps
  const store = storeOf(c)
  const asset = await findAsset(db, c.req.param('id') ?? '')
  if (!asset) return notFoundPage(c)
  const settings = await storeSettings(db, asset.id, store)
  const values = (await takeKeptForm(c))?.values ?? storageValues(settings)
  return c.html(
    <StoragePage
      chrome={await chromeOf(c, 'admin-assets')}
      asset={asset}
      store={store}
      form={form ?? { values, errors: {} }}
      ownRoot={ownRoot(config, asset.id, store)}
      hasKey={settings.credential !== null || settings.credential_secret_id !== null}
      uploadLimit={config.UPLOAD_LIMIT}
      tried={tried}
      keyTyped={keyTyped}
    />,
    status,
  )
}
