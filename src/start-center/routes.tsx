import { Hono } from 'hono'
import { type NavKey, navEntries } from '../../views/navigation.ts'
import { StartCenterPage } from '../../views/start-center/start-center-page.tsx'
import { nowInstant } from '../clock.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { signedIn } from '../http/guards.ts'
import { chromeOf } from '../http/respond.ts'
import { visibleNotices } from '../notices/queries.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { readListQuery } from '../service-requests/list-query.ts'
import { requestList } from '../service-requests/list-requests.ts'
import { sightOf } from '../service-requests/visible.ts'
import { favoritePages, recentPages, waitingForMe } from './queries.ts'

const RESULTS = 10

export const startCenterRoutes = () => new Hono<AppEnv>().get(paths.home(), signedIn, startCenter)

async function startCenter(c: Ctx) {
  const { deps, actor } = c.var
  const results = await resultSet(c)
  const wrong = Object.keys(results.errors).length > 0
  return c.html(
    <StartCenterPage
      chrome={await chromeOf(c, 'start-center')}
      favorites={entriesOf(c, await favoritePages(deps.db, actor.id))}
      recent={entriesOf(c, await recentPages(deps.db, actor.id))}
      notices={await visibleNotices(deps.db, actor, nowInstant(deps.clock), 20)}
      waiting={await waitingForMe(deps.db, actor, nowInstant(deps.clock))}
      {...results}
    />,
    wrong ? 422 : 200,
  )
}

/** The service requests one sees, as far as the filters let them through. */
async function resultSet(c: Ctx) {
  const { deps, actor } = c.var
  const query = c.req.query()
  const read = readListQuery(query, actor.timeZone ?? 'UTC')
  if (!read.ok) return { rows: [], query, page: undefined, errors: read.errors }
  const list = await requestList(deps, await sightOf(deps.db, actor), read.query, RESULTS)
  return { rows: list.rows, query, page: pageLinks(list, query, paths.home), errors: {} }
}

/** In the order of the keys; what the person may not open any more is left out. */
function entriesOf(c: Ctx, keys: readonly string[]) {
  const entries = new Map(navEntries(c.var.actor).map(entry => [entry.key, entry]))
  return keys.flatMap(key => {
    const entry = entries.get(key as NavKey)
    return entry ? [{ label: entry.label, href: entry.href }] : []
  })
}
