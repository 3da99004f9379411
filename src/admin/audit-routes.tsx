import { Hono } from 'hono'
import { AuditPage } from '../../views/admin/audit-page.tsx'
import { readFilters } from '../audit/audit-filters.ts'
import { auditList } from '../audit/audit-list.ts'
import { auditCsv } from '../audit/csv.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, problem } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { invalid } from '../result.ts'

export const auditRoutes = () =>
  new Hono<AppEnv>().get(paths.adminAudit(), listPage).get(paths.adminAuditCsv(), download)

async function listPage(c: Ctx) {
  const query = queryOf(c)
  const read = readFilters(query, zoneOf(c))
  const chrome = await chromeOf(c, 'admin-audit')
  if (!read.ok)
    return c.html(
      <AuditPage chrome={chrome} rows={[]} query={query} page={undefined} errors={read.errors} />,
      422,
    )
  const list = await auditList(c.var.deps.db, read.filters, query)
  const page = pageLinks(list, query, paths.adminAudit)
  return c.html(<AuditPage chrome={chrome} rows={list.rows} query={query} page={page} errors={{}} />)
}

function download(c: Ctx) {
  const read = readFilters(queryOf(c), zoneOf(c))
  if (!read.ok) return problem(c, invalid(read.errors).problem)
  return textDownload(c, auditCsv(c.var.deps.db, read.filters), 'audit-trail.csv', 'text/csv')
}

const zoneOf = (c: Ctx) => c.var.actor.timeZone ?? 'UTC'
