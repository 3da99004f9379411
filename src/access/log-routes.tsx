import { Hono } from 'hono'
import type { Row } from '../../db/schema.ts'
import { AccessLogPage } from '../../views/access/access-log-page.tsx'
import { logText } from '../automation/run-log.ts'
import { runsOfAccess } from '../automation/runs.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { operatorsOnly } from '../http/guards.ts'
import { numberOf, queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { paths } from '../paths.ts'
import { type LogQuery, logView } from '../service-requests/log-view.ts'
import { hasFailed } from './access-tasks.ts'
import { findAccessType } from './access-types.ts'
import { findVisibleAccess } from './find-access.ts'
import { personShown } from './log-queries.ts'

const record = '/admin/accesses/:id/log'

/** What runbooks did about an access; for operators. */
export const accessLogRoutes = () =>
  new Hono<AppEnv>()
    .use('/admin/accesses/*', operatorsOnly)
    .get(record, async c => logPage(c, await runsOf(c)))
    .get(`${record}/:attempt`, async c => logPage(c, await runsOf(c)))
    .get(`${record}/:attempt/log.txt`, download)

/** Newest first. */
async function runsOf(c: Ctx): Promise<readonly Row<'runs'>[]> {
  const id = numberOf(c.req.param('id'))
  return id === undefined ? [] : runsOfAccess(c.var.deps.db, id)
}

async function logPage(c: Ctx, runs: readonly Row<'runs'>[]) {
  const { deps, actor } = c.var
  const found = await findVisibleAccess(deps.db, deps, actor, numberOf(c.req.param('id')) ?? 0)
  const run = shownRun(c, runs)
  if (!found || run === 'none') return notFoundPage(c)
  const { access } = found
  const type = await findAccessType(deps.db, access.access_type)
  return c.html(
    <AccessLogPage
      chrome={await chromeOf(c, 'access-management')}
      access={access}
      typeName={type?.name ?? access.access_type}
      person={await personShown(deps.db, access.person_id)}
      hasFailed={hasFailed(access)}
      runs={runs}
      run={run && { purpose: run.purpose, log: await logOf(c, access.id, run) }}
    />,
  )
}

/** The one in the address, else the newest; none: there is none of that number. */
function shownRun(c: Ctx, runs: readonly Row<'runs'>[]): Row<'runs'> | undefined | 'none' {
  const attempt = c.req.param('attempt')
  if (attempt === undefined) return runs[0]
  return runs.find(run => run.attempt === numberOf(attempt)) ?? 'none'
}

const logOf = (c: Ctx, accessId: number, run: Row<'runs'>) =>
  logView(
    c.var.deps,
    {
      run,
      place: {
        name: `access ${accessId}`,
        href: query => paths.accessRunLog(accessId, run.attempt, query),
      },
      running: run.state === 'running',
      download: paths.accessRunLogDownload(accessId, run.attempt),
    },
    logQuery(c),
  )

function logQuery(c: Ctx): LogQuery {
  const { from: line, find } = queryOf(c)
  const from = numberOf(line)
  return { ...(from !== undefined && { from }), ...(find && { find: find.slice(0, 200) }) }
}

async function download(c: Ctx) {
  const run = shownRun(c, await runsOf(c))
  if (!run || run === 'none') return notFoundPage(c)
  const { deps } = c.var
  const name = `access-${run.access_id}-attempt-${run.attempt}.txt`
  return textDownload(c, logText(deps.db, deps.config, run.id), name, 'text/plain')
}
