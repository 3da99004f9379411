import { Hono } from 'hono'
import { AssetPage, type ShownOffer } from '../../views/assets/asset-page.tsx'
import { timelineDays } from '../../views/assets/asset-timeline.tsx'
import { AssetsPage } from '../../views/assets/assets-page.tsx'
import { after, days } from '../clock.ts'
import { databaseOf } from '../database-accounts/servers.ts'
import { shownStorage } from '../files/shown-storage.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { signedIn } from '../http/guards.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { can, isOperator } from '../policy.ts'
import { offersFor } from '../service-requests/actions.ts'
import { askWhom } from '../service-requests/environments.ts'
import { mayRequestFor } from '../service-requests/find-request.ts'
import { sightOf } from '../service-requests/visible.ts'
import { assetsCsv } from './csv.ts'
import { presentState } from './present-state.ts'
import {
  assetList,
  findAsset,
  findVisibleAsset,
  recentRequestsOf,
  requestsRunSince,
  type VisibleAsset,
} from './queries.ts'
import { assetAccessRoutes } from './who-can-routes.tsx'

export const assetRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.assets(), signedIn, listPage)
    .get(paths.assetsCsv(), signedIn, c => {
      const query = queryOf(c)
      const csv = assetsCsv(c.var.deps.db, c.var.actor, query, query.sort)
      return textDownload(c, csv, 'assets.csv', 'text/csv')
    })
    .get('/assets/:id', signedIn, recordPage)
    .route('/', assetAccessRoutes())

async function listPage(c: Ctx) {
  const { deps, actor } = c.var
  const query = queryOf(c)
  const list = await assetList(deps.db, actor, query, query)
  const sight = await sightOf(deps.db, actor)
  const ask = isOperator(actor)
    ? 'Set one up under Administration.'
    : await askWhom(deps.db, actor, sight === 'all' ? [] : sight)
  return c.html(
    <AssetsPage
      chrome={await chromeOf(c, 'assets')}
      rows={list.rows}
      query={query}
      page={pageLinks(list, query, paths.assets)}
      ask={ask}
    />,
  )
}

async function recordPage(c: Ctx) {
  const { deps, actor } = c.var
  const asset = await findVisibleAsset(deps.db, actor, (c.req.param('id') ?? '').replaceAll('\0', ''))
  if (!asset) return notFoundPage(c)
  const notAllowed = await whyNotAllowed(c, asset)
  const now = deps.clock.now()
  const stored = await findAsset(deps.db, asset.id)
  const database = await databaseOf(deps.db, asset.id)
  return c.html(
    <AssetPage
      chrome={await chromeOf(c, 'assets')}
      asset={asset}
      database={database?.server.status === 'ACTIVE' ? database : null}
      present={await presentState(deps, { id: asset.id, variables: stored?.variables ?? {} })}
      offers={await shownOffers(c, asset, notAllowed === null)}
      notAllowed={notAllowed}
      recent={await recentRequestsOf(deps.db, asset)}
      storage={await shownStorage(deps.db, actor, asset)}
      run={await requestsRunSince(deps.db, asset, after(now, -days(timelineDays)))}
      now={now}
      configure={can(actor, 'asset.configure')}
    />,
  )
}

async function whyNotAllowed(c: Ctx, asset: VisibleAsset): Promise<string | null> {
  const { deps, actor } = c.var
  if (asset.status === 'RETIRED') return `${asset.id} is retired: nothing can be requested for it any more.`
  const mayRequest = await mayRequestFor(deps.db, actor.id, asset.customer_id)
  if (can(actor, 'service-request.create', { customerId: asset.customer_id, mayRequest })) return null
  const ask = await askWhom(deps.db, actor, [asset.customer_id])
  return `You have no approved Self-Service Portal access of customer ${asset.customer_id}, so you can’t request anything here. ${ask}`
}

async function shownOffers(c: Ctx, asset: VisibleAsset, allowed: boolean): Promise<ShownOffer[]> {
  const offers = await offersFor(c.var.deps.db, asset)
  return offers.map(offer => ({
    name: offer.action.name,
    description: offer.action.description,
    why: offer.possible ? null : offer.why,
    href:
      offer.possible && allowed
        ? paths.newServiceRequest({ asset: asset.id, action: offer.action.id })
        : null,
  }))
}
