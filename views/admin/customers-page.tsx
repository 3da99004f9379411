import { paths } from '../../src/paths.ts'
import type { ListedCustomer } from '../../src/people/customer-queries.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge, StatusMark } from '../ui/status-badge.tsx'
import { adminCrumb } from './admin-crumb.ts'

interface Props {
  chrome: Chrome
  rows: readonly ListedCustomer[]
  query: TableQuery
  page: PageOf
}

export const CustomersPage = ({ chrome, rows, query, page }: Props) => (
  <Page
    chrome={chrome}
    title="Customers"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminCustomer('new')} kind="primary" icon="plus">
        New Customer
      </ButtonLink>
    }
  >
    <DataTable
      title="Customers"
      columns={columns}
      rows={rows}
      query={query}
      href={paths.adminCustomers}
      defaultSort="customer"
      page={page}
      empty="There is no customer yet. Add the first one with New Customer; then its assets and persons."
    />
  </Page>
)

const columns: readonly Column<ListedCustomer>[] = [
  {
    key: 'customer',
    label: 'Customer',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => <a href={paths.adminCustomer(row.id)}>{row.id}</a>,
  },
  { key: 'name', label: 'Name', look: 'grow', sortable: true, filter: 'text', cell: row => row.name },
  {
    key: 'parent',
    label: 'Parent',
    cell: row =>
      row.parent_id && (
        <>
          <a href={paths.adminCustomer(row.parent_id)}>{row.parent_id}</a> {row.parent_name}
        </>
      ),
  },
  { key: 'assets', label: 'Assets', look: 'number', cell: row => row.assets },
  {
    key: 'managers',
    label: 'Managers',
    cell: row =>
      row.managers < 2 && row.status === 'ACTIVE' ? (
        <StatusMark look="warning" word={String(row.managers)} detail="of at least 2" />
      ) : (
        row.managers
      ),
  },
  {
    key: 'status',
    label: 'Status',
    filter: [
      { value: 'ACTIVE', label: 'ACTIVE' },
      { value: 'INACTIVE', label: 'INACTIVE' },
    ],
    cell: row => <StatusBadge status={row.status} />,
  },
]
