import { Hono } from 'hono'
import { AssetActionsPage } from '../../views/admin/asset-actions-page.tsx'
import { AdminAssetPage, NewAssetPage } from '../../views/admin/asset-page.tsx'
import { AdminAssetsPage } from '../../views/admin/assets-page.tsx'
import { rowAct, withRowAct } from '../../views/admin/row-fields.ts'
import type { FormState } from '../../views/ui/form-state.ts'
import { changeAsset, createAsset } from '../assets/assets.ts'
import { changeOffers } from '../assets/offers.ts'
import { assetList, findAsset, offerRows, productsInUse } from '../assets/queries.ts'
import { historyOf } from '../audit/queries.ts'
import { runbookList } from '../automation/runbook-queries.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { someCustomers } from '../people/customer-queries.ts'
import { timeZones } from '../people/time-zones.ts'
import { offersFor } from '../service-requests/actions.ts'
import { AnyFields, answerForm, type FormStatus } from './answer.ts'
import { assetValues, offerValues, readAsset, readNewAsset, readOffers } from './asset-form.ts'

export const assetAdminRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminAssets(), async c => {
      const query = queryOf(c)
      const list = await assetList(c.var.deps.db, c.var.actor, query, query)
      const page = pageLinks(list, query, paths.adminAssets)
      return c.html(
        <AdminAssetsPage
          chrome={await chromeOf(c, 'admin-assets')}
          rows={list.rows}
          query={query}
          page={page}
        />,
      )
    })
    .get(paths.adminAsset('new'), async c => {
      const values = (await takeKeptForm(c))?.values ?? { customer_id: queryOf(c).customer ?? '' }
      return newPage(c, { values, errors: {} })
    })
    .post(paths.adminAsset('new'), async c => {
      const form = await parseForm(c, AnyFields)
      const act = rowAct(form.values)
      if (act) return newPage(c, { values: withRowAct(form.values, act, 'name'), errors: {} })
      const read = readNewAsset(form.values)
      if (!form.ok || !read.ok) return newPage(c, withErrors(form, read.ok ? form.errors : read.errors), 422)
      const result = await createAsset(c.var.deps, c.var.actor, read.id, read.facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => newPage(c, state, status),
        id => ({
          path: paths.adminAssetActions(id),
          said: `${id} was created. Choose what is offered there.`,
        }),
      )
    })
    .get('/admin/assets/:id', async c => recordPage(c, c.req.param('id'), null))
    .post('/admin/assets/:id', async c => {
      const id = c.req.param('id')
      const form = await parseForm(c, AnyFields)
      const act = rowAct(form.values)
      if (act) return recordPage(c, id, { values: withRowAct(form.values, act, 'name'), errors: {} })
      const read = readAsset(form.values)
      if (!form.ok || !read.ok)
        return recordPage(c, id, withErrors(form, read.ok ? form.errors : read.errors), 422)
      const result = await changeAsset(c.var.deps, c.var.actor, id, read.facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => recordPage(c, id, state, status),
        () => ({ path: paths.adminAsset(id), said: `${id} was saved.` }),
      )
    })
    .get('/admin/assets/:id/actions', async c => actionsPage(c, c.req.param('id'), null))
    .post('/admin/assets/:id/actions', async c => {
      const id = c.req.param('id')
      const form = await parseForm(c, AnyFields)
      if (!form.ok) return actionsPage(c, id, form, 422)
      const result = await changeOffers(c.var.deps, c.var.actor, id, readOffers(form.values))
      return answerForm(
        c,
        form,
        result,
        (state, status) => actionsPage(c, id, state, status),
        () => ({ path: paths.adminAssetActions(id), said: `The actions of ${id} were saved.` }),
      )
    })

async function suggestions(c: Ctx) {
  const { db } = c.var.deps
  return { customers: await someCustomers(db), products: await productsInUse(db), zones: timeZones }
}

const newPage = async (c: Ctx, form: FormState, status: FormStatus = 200) =>
  c.html(
    <NewAssetPage chrome={await chromeOf(c, 'admin-assets')} form={form} {...(await suggestions(c))} />,
    status,
  )

async function recordPage(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const asset = await findAsset(db, id)
  if (!asset) return notFoundPage(c)
  const values = (await takeKeptForm(c))?.values ?? assetValues(asset)
  return c.html(
    <AdminAssetPage
      chrome={await chromeOf(c, 'admin-assets')}
      asset={asset}
      form={form ?? { values, errors: {} }}
      history={await historyOf(db, 'asset', id)}
      {...(await suggestions(c))}
    />,
    status,
  )
}

async function actionsPage(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const asset = await findAsset(db, id)
  if (!asset) return notFoundPage(c)
  const offers = await offerRows(db, id)
  const values = (await takeKeptForm(c))?.values ?? offerValues(offers)
  return c.html(
    <AssetActionsPage
      chrome={await chromeOf(c, 'admin-assets')}
      asset={asset}
      form={form ?? { values, errors: {} }}
      offers={offers}
      runbooks={await runbookList(db)}
      why={await whyNotById(c, asset)}
    />,
    status,
  )
}

async function whyNotById(c: Ctx, asset: Parameters<typeof offersFor>[1]) {
  const offers = await offersFor(c.var.deps.db, asset)
  const known = new Map(offers.flatMap(o => (o.possible ? [] : [[o.action.id, o.why] as const])))
  const rows = await offerRows(c.var.deps.db, asset.id)
  for (const row of rows)
    if (row.status === 'WITHDRAWN') known.set(row.action_id, 'it is withdrawn everywhere.')
  return known
}
