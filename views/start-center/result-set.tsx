import { html } from 'hono/html'
import { paths } from '../../src/paths.ts'
import type { ListedRequest } from '../../src/service-requests/list-requests.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { reporterOf, statusOptions } from '../service-requests/list-page.tsx'
import { type Column, DataTable, lastingColumns, type TableQuery } from '../ui/data-table.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'

export interface ResultSetProps {
  chrome: Chrome
  rows: readonly ListedRequest[]
  query: TableQuery
  page: PageOf | undefined
  errors: Readonly<Record<string, string>>
}

/** The service requests one sees, filtered on the spot. */
export const ResultSet = ({ chrome, rows, query, page, errors }: ResultSetProps) => (
  <>
    <ErrorSummary form={{ values: {}, errors }} idPrefix="result-set-filters" />
    <DataTable
      title="Result Set"
      columns={columnsFor(zoneOf(chrome))}
      rows={rows}
      query={query}
      href={paths.home}
      defaultSort="-service_request"
      page={page}
      errors={errors}
      download={paths.serviceRequestsCsv(query)}
      empty={<p>There are no service requests yet.</p>}
    />
  </>
)

const columnsFor = lastingColumns((zone): readonly Column<ListedRequest>[] => [
  {
    key: 'service_request',
    label: 'Service Request',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => html`<a href="${paths.serviceRequest(row.id)}">${row.id}</a>`,
  },
  { key: 'asset', label: 'Asset', look: 'code', sortable: true, filter: 'text', cell: row => row.asset_id },
  { key: 'action', label: 'Action', look: 'grow', filter: 'text', cell: row => row.action_name },
  {
    key: 'reported_date',
    label: 'Reported Date',
    look: 'time',
    sortable: true,
    filter: 'dates',
    cell: row => Time({ at: row.reported_at, zone }),
  },
  {
    key: 'actual_start',
    label: 'Actual Start',
    look: 'time',
    filter: 'dates',
    cell: row => Time({ at: row.actual_start, zone }),
  },
  {
    key: 'status',
    label: 'Status',
    sortable: true,
    filter: statusOptions,
    cell: row => StatusBadge({ status: row.status }),
  },
  { key: 'reported_by', label: 'Reported By', sortable: true, filter: 'text', cell: reporterOf },
])
