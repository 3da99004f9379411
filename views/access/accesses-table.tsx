import { accessStatuses } from '../../src/access/access-states.ts'
import type { AccessRow } from '../../src/access/manage-access-rows.ts'
import { paths } from '../../src/paths.ts'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { AccessDetails } from './access-details.tsx'
import { AddedAccess } from './added-access.tsx'
import { selectedName } from './assets-table.tsx'
import type { ManageAccessProps } from './manage-access-page.tsx'
import { MANAGE_FORM } from './manage-form.ts'
import { pagesOf } from './pages-of.ts'

/** The accesses on the selected asset, and those that are being added. */
export const AccessesTable = (props: ManageAccessProps) => {
  const { person, query, view } = props
  const asset = selectedName(view.assets.rows, view.selected)
  const kept = { ...query, ...(view.selected && { asset: view.selected }) }
  return (
    <DataTable
      title="Specific Access in the Environment"
      columns={columnsFor(view.accesses.rows)}
      rows={view.accesses.rows}
      query={kept}
      href={asked => paths.manageAccess(person.id, asked)}
      page={pagesOf(view.accesses, person.id, kept, 'accesses_page')}
      download={paths.manageAccessCsv(person.id, { ...kept, table: 'accesses' })}
      toolbar={asset && <span class="soft">on {asset}</span>}
      details={{
        label: row =>
          `Details of ${asset ?? 'a new asset'}, ${nameOf(row, view.accesses.rows) || 'new access'}`,
        body: row =>
          row.kind === 'saved' ? (
            <AccessDetails {...props} row={row} />
          ) : (
            <AddedAccess {...props} row={row} />
          ),
        open: row => row.open,
      }}
      rowClass={row =>
        row.kind === 'added'
          ? 'row-added'
          : row.removed
            ? 'row-deleted'
            : row.edited
              ? 'row-changed'
              : undefined
      }
      empty={
        <p>
          {view.selected
            ? `There is no access on ${asset ?? 'this asset'} yet. Press New Row to request the first one.`
            : 'Add an asset above first; then press New Row here to request an access on it.'}
        </p>
      }
      foot={
        <Button
          form={MANAGE_FORM}
          name="do"
          value="add access"
          icon="plus"
          attrs={{ 'aria-describedby': 'specific-access-in-the-environment-title' }}
        >
          New Row
        </Button>
      }
    />
  )
}

const typeOf = (row: AccessRow) => (row.kind === 'saved' ? row.access.type_name : row.read.row.type.trim())

const columnsFor = (rows: readonly AccessRow[]): readonly Column<AccessRow>[] => [
  {
    key: 'type',
    label: 'Access Type',
    look: 'name',
    sortable: true,
    filter: 'text',
    cell: row => typeOf(row) || <span class="none">new access</span>,
  },
  {
    key: 'description',
    label: 'Description',
    look: 'grow',
    sortable: true,
    filter: 'text',
    cell: row => <Description row={row} />,
  },
  {
    key: 'status',
    label: 'Status',
    sortable: true,
    filter: accessStatuses.map(status => ({ value: status, label: status })),
    cell: row => <StatusBadge status={row.kind === 'saved' ? row.access.status : 'NEW'} />,
  },
  {
    key: 'pending',
    label: 'Pending Status',
    sortable: true,
    filter: 'text',
    cell: row => (row.kind === 'saved' ? (row.access.pending_status ?? '') : ''),
  },
  { key: 'delete', label: 'Delete', cell: row => <AccessActs row={row} name={nameOf(row, rows)} /> },
]

const Description = ({ row }: { row: AccessRow }) => {
  const words = row.kind === 'saved' ? row.access.type_description : (row.read.type?.description ?? '')
  const account = accountOf(row)
  if (account === null) return <>{words}</>
  return (
    <span>
      {words} <code class="together">{account}</code>
    </span>
  )
}

const accountOf = (row: AccessRow) =>
  row.kind === 'saved' ? row.access.database_account : (row.read.account?.name ?? null)

/** Of several service accounts on an asset, each is told by its Database Account ID. */
function nameOf(row: AccessRow, rows: readonly AccessRow[]): string {
  const type = typeOf(row)
  const account = accountOf(row)
  const isOneOfSeveral = rows.some(one => one !== row && typeOf(one) === type && accountOf(one) !== account)
  return account !== null && isOneOfSeveral ? `${type}, ${account}` : type
}

const AccessActs = ({ row, name }: { row: AccessRow; name: string }) => {
  if (row.kind === 'added')
    return (
      <span class="staged">
        <span class="staged-word">added</span>
        <Delete act={`delete access ${row.index}`} name={name || 'the new access'} />
      </span>
    )
  const { access, removed, removable, edited } = row
  if (removed)
    return (
      <span class="staged">
        <span class="staged-word">goes when you save</span>
        <Button kind="quiet" icon="undo" form={MANAGE_FORM} name="do" value={`take-back ${access.id}`}>
          take back<span class="visually-hidden"> {name}</span>
        </Button>
      </span>
    )
  return (
    <span class="staged">
      {edited && <span class="staged-word">changed</span>}
      {removable && <Delete act={`remove ${access.id} ${access.version}`} name={name} />}
    </span>
  )
}

const Delete = ({ act, name }: { act: string; name: string }) => (
  <Button kind="quiet" icon="trash" form={MANAGE_FORM} name="do" value={act} attrs={{ title: 'Delete' }}>
    <span class="visually-hidden">Delete {name}</span>
  </Button>
)
