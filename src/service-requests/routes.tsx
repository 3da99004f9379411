import { Hono } from 'hono'
import { ServiceRequestsPage } from '../../views/service-requests/list-page.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { signedIn } from '../http/guards.ts'
import { chromeOf, problem } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { invalid } from '../result.ts'
import { actRoutes } from './act-routes.tsx'
import { requestsCsv } from './csv.ts'
import { formRoutes } from './form-routes.tsx'
import { readListQuery } from './list-query.ts'
import { requestList } from './list-requests.ts'
import { logRoutes } from './log-routes.tsx'
import { sightOf } from './visible.ts'

const PAGE_SIZE = 20

export const serviceRequestRoutes = () =>
  new Hono<AppEnv>()
    .use(`${paths.serviceRequests()}/*`, signedIn)
    .use(paths.serviceRequests(), signedIn)
    .use(paths.serviceRequestsCsv(), signedIn)
    .get(paths.serviceRequests(), listPage)
    .get(paths.serviceRequestsCsv(), download)
    .route('/', formRoutes())
    .route('/', logRoutes())
    .route('/', actRoutes())

async function listPage(c: Ctx) {
  const raw = c.req.query()
  const [deps, actor] = [c.get('deps'), c.get('actor')]
  const read = readListQuery(raw, actor.timeZone ?? 'UTC')
  const chrome = await chromeOf(c, 'service-requests')
  if (!read.ok)
    return c.html(
      <ServiceRequestsPage chrome={chrome} rows={[]} query={raw} page={undefined} errors={read.errors} />,
      422,
    )
  const list = await requestList(deps, await sightOf(deps.db, actor), read.query, PAGE_SIZE)
  const page = pageLinks(list, raw, paths.serviceRequests)
  return c.html(<ServiceRequestsPage chrome={chrome} rows={list.rows} query={raw} page={page} errors={{}} />)
}

async function download(c: Ctx) {
  const { deps, actor } = c.var
  const read = readListQuery(c.req.query(), actor.timeZone ?? 'UTC')
  if (!read.ok) return problem(c, invalid(read.errors).problem)
  const sight = await sightOf(deps.db, actor)
  return textDownload(c, requestsCsv(deps.db, sight, read.query), 'service-requests.csv', 'text/csv')
}
