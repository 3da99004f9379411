import { html } from 'hono/html'
import { paths } from '../../src/paths.ts'
import type { PersonRights } from '../../src/people/person-rights.ts'
import type { CustomerOfPerson } from '../../src/people/queries.ts'
import { type Actor, isOperator } from '../../src/policy.ts'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { asksAt } from '../ui/question.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { PERSON_FORM } from './person-form.tsx'

export interface CustomerListProps {
  viewer: Actor
  person: { id: string }
  rights: PersonRights
  rows: readonly CustomerOfPerson[]
  /** Deleted and not saved. */
  staged: readonly string[]
  query: TableQuery
  page: PageOf
}

/** The Customer Access List. Deleting a row asks first, and only stages it. */
export const CustomerList = (props: CustomerListProps) => {
  const { viewer, person, rights, rows, staged, query } = props
  const anyToDelete = rows.some(row => rights.mayRemove(row.id))
  return (
    <DataTable
      title="Customer Access List"
      columns={[...columnsFor(viewer), ...(anyToDelete ? [deleteColumn(props)] : [])]}
      rows={rows}
      query={query}
      href={asked => paths.person(person.id, asked)}
      defaultSort="customer"
      page={props.page}
      download={paths.personCustomersCsv(person.id)}
      rowClass={row => (staged.includes(row.id) ? 'row-deleted' : undefined)}
      empty={<p>There is no customer in the list.</p>}
    />
  )
}

const columnsFor = (viewer: Actor): readonly Column<CustomerOfPerson>[] => [
  {
    key: 'customer',
    label: 'Customer',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => (isOperator(viewer) ? html`<a href="${paths.adminCustomer(row.id)}">${row.id}</a>` : row.id),
  },
  { key: 'name', label: 'Name', look: 'grow', sortable: true, filter: 'text', cell: row => row.name },
  { key: 'parent', label: 'Parent', filter: 'text', look: 'code', cell: row => row.parent_id ?? '' },
  { key: 'parent_name', label: 'Parent Name', filter: 'text', cell: row => row.parent_name ?? '' },
  {
    key: 'status',
    label: 'Status',
    filter: [
      { value: 'ACTIVE', label: 'ACTIVE' },
      { value: 'INACTIVE', label: 'INACTIVE' },
    ],
    cell: row => StatusBadge({ status: row.status }),
  },
]

const deleteColumn = ({ person, rights, staged, query }: CustomerListProps): Column<CustomerOfPerson> => ({
  key: 'delete',
  label: 'Delete',
  cell: row => {
    if (staged.includes(row.id))
      return (
        <span class="staged">
          <span class="staged-word">removed on Save</span>
          <Button
            kind="quiet"
            icon="undo"
            form={PERSON_FORM}
            name="act"
            value={`take-back ${row.id}`}
            attrs={{ class: 'button button-quiet nowrap' }}
          >
            take back<span class="visually-hidden"> {row.id}</span>
          </Button>
        </span>
      )
    if (!rights.mayRemove(row.id)) return ''
    return (
      <Button
        kind="quiet"
        icon="trash"
        form={PERSON_FORM}
        name="act"
        value={`ask ${row.id}`}
        attrs={{ ...asksAt(paths.personEvent(person.id, 'remove-customer', query)), title: 'Delete' }}
      >
        <span class="visually-hidden">Delete {row.id}</span>
      </Button>
    )
  },
})
