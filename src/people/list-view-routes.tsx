import { Hono } from 'hono'
import { ListViewPage } from '../../views/access/list-view-page.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { signedIn } from '../http/guards.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import { listViewCsv } from './csv.ts'
import { listView } from './list-view.ts'

/** The List View of Access Management. */
export const listViewRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.accessManagement(), signedIn, listPage)
    .get(paths.accessManagementCsv(), signedIn, c => {
      const query = queryOf(c)
      const csv = listViewCsv(c.var.deps.db, c.var.actor, query, query.sort)
      return textDownload(c, csv, 'persons.csv', 'text/csv')
    })

async function listPage(c: Ctx) {
  const { deps, actor } = c.var
  const query = queryOf(c)
  const list = await listView(deps.db, actor, query, query)
  return c.html(
    <ListViewPage
      chrome={await chromeOf(c, 'access-management')}
      rows={list.rows}
      query={query}
      page={pageLinks(list, query, paths.accessManagement)}
      mayCreate={can(actor, 'person.create')}
    />,
  )
}
