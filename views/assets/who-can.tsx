import type { Holder, Where } from '../../src/assets/who-can.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'

interface Props {
  chrome: Chrome
  where: Where
  rows: readonly Holder[]
  query: TableQuery
  page: PageOf
  href: (query: TableQuery) => string
  download: string
  empty: string
}

/** Who can do what: accesses by person, with the managers. */
export const WhoCanTable = ({ chrome, where, ...list }: Props) => (
  <DataTable title="Who can do what" columns={columnsOf(where, zoneOf(chrome))} {...list} />
)

const columnsOf = (where: Where, zone: string): readonly Column<Holder>[] => [
  {
    key: 'person',
    label: 'Person',
    look: 'id',
    filter: 'text',
    cell: row => (
      <a href={paths.manageAccess(row.personId, { asset: row.assetId ?? undefined })}>{row.personId}</a>
    ),
  },
  { key: 'name', label: 'Name', cell: row => row.name },
  { key: 'access', label: 'Access', cell: row => accessName(row) },
  { key: 'granted', label: 'Granted on', cell: row => <GrantedOn row={row} where={where} /> },
  {
    key: 'status',
    label: 'Status',
    cell: row => (row.status === null ? <span class="none">–</span> : <StatusBadge status={row.status} />),
  },
  { key: 'since', label: 'Since', look: 'time', cell: row => <Time at={row.since} zone={zone} /> },
  {
    key: 'until',
    label: 'Until',
    cell: row => row.until ?? <span class="none">{row.accessId === null ? '–' : 'no end'}</span>,
  },
]

const accessName = ({ access, account }: Holder) =>
  account === null ? (
    access
  ) : (
    <span>
      {access} <code>{account}</code>
    </span>
  )

const GrantedOn = ({ row, where }: { row: Holder; where: Where }) => {
  if (row.assetId === null) return <>all assets of {where.customerId}</>
  return (
    <span>
      <code>{row.assetId}</code>
      {row.everywhere && <span class="soft"> covers all assets of {where.customerId}</span>}
    </span>
  )
}
