import type { Row } from '../../db/schema.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { productionWords } from './action-words.ts'
import { adminCrumb } from './admin-crumb.ts'

export type ActionRow = Pick<Row<'actions'>, 'id' | 'name' | 'mode' | 'production' | 'status'> & {
  products: readonly string[]
  fields: number
  assets: number
}

export const ActionsPage = ({ chrome, rows }: { chrome: Chrome; rows: readonly ActionRow[] }) => (
  <Page
    chrome={chrome}
    title="Actions"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminAction('new')} kind="primary" icon="plus">
        New Action
      </ButtonLink>
    }
  >
    <DataTable
      title="Actions"
      columns={columns}
      rows={rows}
      empty="No action has been defined yet. Define one with New Action."
    />
  </Page>
)

const columns: readonly Column<ActionRow>[] = [
  {
    key: 'action',
    label: 'Action',
    look: 'grow',
    cell: row => <a href={paths.adminAction(row.id)}>{row.name}</a>,
  },
  { key: 'mode', label: 'Mode', cell: row => row.mode },
  { key: 'production', label: 'Production', cell: row => productionWords[row.production] },
  { key: 'products', label: 'Products', cell: row => row.products.join(', ') || 'any' },
  { key: 'fields', label: 'Own fields', look: 'number', cell: row => row.fields },
  { key: 'assets', label: 'Assets', look: 'number', cell: row => row.assets },
  { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
]
