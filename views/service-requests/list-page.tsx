import { html } from 'hono/html'
import { paths } from '../../src/paths.ts'
import type { ListedRequest } from '../../src/service-requests/list-requests.ts'
import { allStatuses } from '../../src/service-requests/service-request-states.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable, lastingColumns, type TableQuery } from '../ui/data-table.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'

export interface RequestsTableProps {
  rows: readonly ListedRequest[]
  query: TableQuery
  page: PageOf | undefined
  errors: Readonly<Record<string, string>>
}

export const ServiceRequestsPage = ({ chrome, ...table }: RequestsTableProps & { chrome: Chrome }) => (
  <Page
    chrome={chrome}
    title="Service Requests"
    wrong={Object.keys(table.errors).length > 0}
    action={
      <ButtonLink href={paths.newServiceRequest()} kind="primary" icon="plus" attrs={{ 'data-key': 'n' }}>
        New Service Request
      </ButtonLink>
    }
  >
    <ErrorSummary form={{ values: {}, errors: table.errors }} idPrefix="service-requests-filters" />
    <DataTable
      title="Service Requests"
      columns={columnsFor(zoneOf(chrome))}
      rows={table.rows}
      query={table.query}
      href={query => paths.serviceRequests(query)}
      defaultSort="-service_request"
      page={table.page}
      errors={table.errors}
      download={paths.serviceRequestsCsv(table.query)}
      empty={
        <p>
          There are no service requests yet. Press <a href={paths.newServiceRequest()}>New Service Request</a>{' '}
          to make the first one.
        </p>
      }
    />
  </Page>
)

export const statusOptions = allStatuses.map(status => ({ value: status, label: status }))

/** The code it is sorted by; operators are called by their role. */
export const reporterOf = (row: ListedRequest) =>
  row.reported_by_name === 'operator'
    ? 'operator'
    : html`<span title="${row.reported_by_name}">${row.reported_by}</span>`

const columnsFor = lastingColumns((zone): readonly Column<ListedRequest>[] => [
  {
    key: 'service_request',
    label: 'Service Request',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => html`<a href="${paths.serviceRequest(row.id)}">${row.id}</a>`,
  },
  {
    key: 'asset',
    label: 'Asset',
    look: 'code',
    sortable: true,
    filter: 'text',
    cell: row => html`<a href="${paths.asset(row.asset_id)}">${row.asset_id}</a>`,
  },
  { key: 'summary', label: 'Summary', look: 'grow', filter: 'text', cell: row => row.summary },
  {
    key: 'reported_by',
    label: 'Reported By',
    sortable: true,
    filter: 'text',
    cell: row => reporterOf(row),
  },
  {
    key: 'reported_date',
    label: 'Reported Date',
    look: 'time',
    sortable: true,
    filter: 'dates',
    cell: row => Time({ at: row.reported_at, zone }),
  },
  {
    key: 'requested_start',
    label: 'Requested Start',
    look: 'time',
    sortable: true,
    filter: 'dates',
    cell: row => Time({ at: row.requested_start, zone, none: 'as soon as possible' }),
  },
  {
    key: 'status',
    label: 'Status',
    sortable: true,
    filter: statusOptions,
    cell: row => StatusBadge({ status: row.status }),
  },
])
