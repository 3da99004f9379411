import type { AccessType } from '../../src/access/access-types.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { classesWords, scopeWords } from './access-type-words.ts'
import { adminCrumb } from './admin-crumb.ts'

export interface AccessTypeRow extends AccessType {
  open: number
  /** null: the portal itself. */
  grantedBy: string | null
  removedBy: string | null
}

export const AccessTypesPage = ({ chrome, rows }: { chrome: Chrome; rows: readonly AccessTypeRow[] }) => (
  <Page
    chrome={chrome}
    title="Access types"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminAccessType('new')} kind="primary" icon="plus">
        New Access Type
      </ButtonLink>
    }
  >
    <DataTable
      title="Access types"
      columns={columns}
      rows={rows}
      empty="There is no access type. Define one with New Access Type."
    />
  </Page>
)

const columns: readonly Column<AccessTypeRow>[] = [
  {
    key: 'type',
    label: 'Access Type',
    look: 'name',
    cell: row => <a href={paths.adminAccessType(row.id)}>{row.name}</a>,
  },
  { key: 'description', label: 'Description', look: 'grow', cell: row => row.description },
  { key: 'scope', label: 'Covers', cell: row => scopeWords[row.scope] },
  { key: 'classes', label: 'Offered on', cell: row => classesWords[row.classes] },
  { key: 'granted', label: 'Granted by', cell: row => row.grantedBy ?? 'the portal' },
  { key: 'removed', label: 'Removed by', cell: row => row.removedBy ?? 'the portal' },
  { key: 'open', label: 'Open', look: 'number', cell: row => row.open },
  { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
]
