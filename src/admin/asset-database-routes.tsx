import { Hono } from 'hono'
import { AssetDatabasePage } from '../../views/admin/database-asset-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { findAsset } from '../assets/queries.ts'
import { historyOf } from '../audit/queries.ts'
import { setAssetDatabase } from '../database-accounts/asset-database-verbs.ts'
import { whyNoDatabaseAccount } from '../database-accounts/offer.ts'
import { openAccounts, serversInUse } from '../database-accounts/server-queries.ts'
import { databaseOf } from '../database-accounts/servers.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { numberOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { AnyFields, answerForm, type FormStatus } from './answer.ts'
import { databaseValues, readAssetDatabase } from './asset-database-form.ts'

const mostShown = 50

export const assetDatabaseRoutes = () =>
  new Hono<AppEnv>()
    .get('/admin/assets/:id/database', async c => page(c, c.req.param('id'), null))
    .post('/admin/assets/:id/database', async c => {
      const id = c.req.param('id')
      const form = await parseForm(c, AnyFields)
      const read = readAssetDatabase(form.values)
      if (!form.ok || !read.ok) return page(c, id, withErrors(form, read.ok ? form.errors : read.errors), 422)
      const version = numberOf(form.values.version) ?? 0
      const result = await setAssetDatabase(c.var.deps, c.var.actor, id, version, read.facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => page(c, id, state, status),
        () => ({
          path: paths.adminAssetDatabase(id),
          said: read.facts
            ? `The database of ${id} was saved. Its server is being checked.`
            : `${id} has no database in the portal.`,
        }),
      )
    })

async function page(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const asset = await findAsset(db, id.replaceAll('\0', ''))
  if (!asset) return notFoundPage(c)
  const found = await databaseOf(db, asset.id)
  const values = (await takeKeptForm(c))?.values ?? databaseValues(asset.id, found?.database)
  const stored = found?.database.version ?? 0
  return c.html(
    <AssetDatabasePage
      chrome={await chromeOf(c, 'admin-assets')}
      asset={asset}
      form={form ?? { values, errors: {} }}
      version={status === 422 ? (numberOf(form?.values.version) ?? 0) : stored}
      server={found?.server ?? null}
      servers={await serversInUse(db)}
      why={await whyNoDatabaseAccount(db, asset)}
      open={await openAccounts(db, { assetId: asset.id }, mostShown)}
      history={(await historyOf(db, 'asset', asset.id)).filter(entry => entry.verb.includes('database'))}
    />,
    status,
  )
}
