import { paths } from '../../src/paths.ts'
import { personStatuses, roles } from '../../src/people/person-states.ts'
import type { ListedPerson } from '../../src/people/queries.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { adminCrumb } from './admin-crumb.ts'

interface Props {
  chrome: Chrome
  rows: readonly PersonRow[]
  query: TableQuery
  page: PageOf
}

export interface PersonRow extends ListedPerson {
  customers: readonly string[]
}

export const PersonsPage = ({ chrome, rows, query, page }: Props) => (
  <Page
    chrome={chrome}
    title="Persons"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminPerson('new')} kind="primary" icon="plus">
        New Person
      </ButtonLink>
    }
  >
    <DataTable
      title="Persons"
      columns={columns}
      rows={rows}
      query={query}
      href={paths.adminPersons}
      defaultSort="person"
      page={page}
      empty="There is nobody yet."
    />
  </Page>
)

const options = (words: readonly string[]) => words.map(word => ({ value: word, label: word }))

const columns: readonly Column<PersonRow>[] = [
  {
    key: 'person',
    label: 'Person',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => <a href={paths.adminPerson(row.id)}>{row.id}</a>,
  },
  {
    key: 'login_id',
    label: 'Login ID',
    sortable: true,
    filter: 'text',
    cell: row => row.login_id,
  },
  {
    key: 'name',
    label: 'Name',
    look: 'grow',
    sortable: true,
    filter: 'text',
    cell: row => `${row.first_name} ${row.last_name}`,
  },
  { key: 'role', label: 'Role', sortable: true, filter: options(roles), cell: row => row.role },
  { key: 'customer', label: 'Customers', filter: 'text', cell: row => <Customers row={row} /> },
  {
    key: 'status',
    label: 'Status',
    sortable: true,
    filter: options(personStatuses),
    cell: row => <StatusBadge status={row.status} />,
  },
]

const shown = 3

const Customers = ({ row }: { row: PersonRow }) => {
  if (row.role === 'OPERATOR') return <span class="none">all</span>
  const more = row.customers.length - shown
  return (
    <>
      {row.customers.slice(0, shown).join(', ')}
      {more > 0 && ` and ${more} more`}
    </>
  )
}
