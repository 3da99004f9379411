import { html } from 'hono/html'
import { paths } from '../../src/paths.ts'
import type { ListViewPerson } from '../../src/people/list-view.ts'
import { personStatuses } from '../../src/people/person-states.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable, lastingColumns, placeKeys, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'

interface ListViewProps {
  chrome: Chrome
  rows: readonly ListViewPerson[]
  query: TableQuery
  page: PageOf
  mayCreate: boolean
}

export const ListViewPage = ({ chrome, rows, query, page, mayCreate }: ListViewProps) => (
  <Page
    chrome={chrome}
    title="Access Management"
    action={
      mayCreate && (
        <ButtonLink href={paths.newAccess()} kind="primary" icon="plus">
          New Access
        </ButtonLink>
      )
    }
  >
    <FindPerson query={query} />
    <DataTable
      title="Persons"
      columns={columnsFor('UTC')}
      rows={rows}
      query={query}
      href={paths.accessManagement}
      defaultSort="login_id"
      page={page}
      download={paths.accessManagementCsv(withoutPlace(query))}
      empty={<NobodyFound find={query.find} />}
    />
  </Page>
)

/** Any part of Login ID, names and code; the filters of the table go along. */
const FindPerson = ({ query }: { query: TableQuery }) => (
  <search>
    <form class="find-person field" method="get" action={paths.accessManagement()} data-tidy>
      {Object.entries(withoutPlace(query)).map(([name, value]) =>
        name === 'find' ? null : <input type="hidden" name={name} value={value} />,
      )}
      <label for="find-person">Find Person</label>
      <input type="search" id="find-person" name="find" value={query.find ?? ''} autocomplete="off" />
      <Button icon="search">Find</Button>
      {query.find && (
        <ButtonLink kind="quiet" href={paths.accessManagement({ ...withoutPlace(query), find: undefined })}>
          Show all
        </ButtonLink>
      )}
    </form>
  </search>
)

const NobodyFound = ({ find }: { find: string | undefined }) =>
  find ? (
    <p>
      Nobody you may see has “{find}” in their Login ID, names or code. Shorten it, or{' '}
      <a href={paths.accessManagement()}>show all</a>.
    </p>
  ) : (
    <p>There is nobody that you may see.</p>
  )

const withoutPlace = (query: TableQuery): TableQuery =>
  Object.fromEntries(
    Object.entries(query).filter(([key, value]) => value && !(placeKeys as readonly string[]).includes(key)),
  )

const columnsFor = lastingColumns((): readonly Column<ListViewPerson>[] => [
  {
    key: 'login_id',
    label: 'Login ID',
    look: 'name',
    sortable: true,
    filter: 'text',
    cell: row => html`<a href="${paths.person(row.id)}">${row.login_id}</a>`,
  },
  { key: 'first_name', label: 'First Name', sortable: true, filter: 'text', cell: row => row.first_name },
  {
    key: 'last_name',
    label: 'Last Name',
    look: 'grow',
    sortable: true,
    filter: 'text',
    cell: row => row.last_name,
  },
  {
    key: 'status',
    label: 'Status',
    sortable: true,
    filter: personStatuses.map(status => ({ value: status, label: status })),
    cell: row => StatusBadge({ status: row.status }),
  },
])
