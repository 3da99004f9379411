import { Hono } from 'hono'
import { AssetAccessesPage, CustomerAccessesPage } from '../../views/assets/who-can-page.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { signedIn } from '../http/guards.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { findCustomer } from '../people/customer-queries.ts'
import { can } from '../policy.ts'
import { findVisibleAsset } from './queries.ts'
import { whoCan } from './who-can.ts'
import { whoCanCsv } from './who-can-csv.ts'

/** On an asset, for whoever sees it; behind the site map's own guard. */
export const assetAccessRoutes = () =>
  new Hono<AppEnv>()
    .get('/assets/:id/accesses', signedIn, assetPage)
    .get('/assets/:id/accesses.csv', signedIn, assetCsv)

/** Of a customer, for operators: mounted behind the Administration's guards. */
export const customerAccessRoutes = () =>
  new Hono<AppEnv>()
    .get('/admin/customers/:id/accesses', customerPage)
    .get('/admin/customers/:id/accesses.csv', customerCsv)

async function assetPage(c: Ctx) {
  const { deps, actor } = c.var
  const asset = await visibleAsset(c)
  if (!asset) return notFoundPage(c)
  const where = { customerId: asset.customer_id, assetId: asset.id }
  const query = queryOf(c)
  const list = await whoCan(deps.db, actor, where, query, query)
  return c.html(
    <AssetAccessesPage
      chrome={await chromeOf(c, 'assets')}
      asset={asset}
      ownOnly={!can(actor, 'access.see', everybodysOf(asset.customer_id))}
      where={where}
      rows={list.rows}
      query={query}
      page={pageLinks(list, query, place => paths.assetAccesses(asset.id, place))}
    />,
  )
}

async function assetCsv(c: Ctx) {
  const { deps, actor } = c.var
  const asset = await visibleAsset(c)
  if (!asset) return notFoundPage(c)
  const where = { customerId: asset.customer_id, assetId: asset.id }
  return textDownload(c, whoCanCsv(deps.db, actor, where, queryOf(c)), `accesses-${asset.id}.csv`, 'text/csv')
}

async function customerPage(c: Ctx) {
  const { deps, actor } = c.var
  const customer = await findCustomer(deps.db, c.req.param('id') ?? '')
  if (!customer) return notFoundPage(c)
  const where = { customerId: customer.id, assetId: null }
  const query = queryOf(c)
  const list = await whoCan(deps.db, actor, where, query, query)
  return c.html(
    <CustomerAccessesPage
      chrome={await chromeOf(c, 'admin-customers')}
      customer={customer}
      where={where}
      rows={list.rows}
      query={query}
      page={pageLinks(list, query, place => paths.adminCustomerAccesses(customer.id, place))}
    />,
  )
}

async function customerCsv(c: Ctx) {
  const { deps, actor } = c.var
  const customer = await findCustomer(deps.db, c.req.param('id') ?? '')
  if (!customer) return notFoundPage(c)
  const where = { customerId: customer.id, assetId: null }
  const csv = whoCanCsv(deps.db, actor, where, queryOf(c))
  return textDownload(c, csv, `accesses-${customer.id}.csv`, 'text/csv')
}

const visibleAsset = (c: Ctx) =>
  findVisibleAsset(c.var.deps.db, c.var.actor, (c.req.param('id') ?? '').replaceAll('\0', ''))

/** Somebody else's access of the customer. */
const everybodysOf = (customerId: string) => ({
  customerId,
  beneficiary: '',
  requestedBy: null,
  editedBy: null,
  escalated: false,
  standIns: [],
})
