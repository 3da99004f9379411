import type { ListedEvent } from '../../src/audit/audit-list.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { DataTable, placeKeys, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { adminCrumb } from './admin-crumb.ts'
import { auditColumns, auditDetails } from './audit-columns.tsx'

interface Props {
  chrome: Chrome
  rows: readonly ListedEvent[]
  query: TableQuery
  page: PageOf | undefined
  errors: Readonly<Record<string, string>>
}

export const AuditPage = ({ chrome, rows, query, page, errors }: Props) => (
  <Page chrome={chrome} title="Audit trail" crumbs={[adminCrumb]}>
    <p class="lead">
      Every act in the portal, newest first. Who: a person’s code or Login ID, or Gatehouse for the portal
      itself. What: the first words of an act.
    </p>
    <DataTable
      title="Audit trail"
      columns={auditColumns(zoneOf(chrome))}
      rows={rows}
      query={query}
      href={paths.adminAudit}
      page={page}
      errors={errors}
      details={auditDetails}
      download={page && paths.adminAuditCsv(withoutPlace(query))}
      empty="Nothing has been done in this portal yet."
    />
  </Page>
)

const withoutPlace = (query: TableQuery) =>
  Object.fromEntries(
    Object.entries(query).filter(([name]) => !(placeKeys as readonly string[]).includes(name)),
  )
