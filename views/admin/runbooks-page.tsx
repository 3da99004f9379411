import type { runbookList } from '../../src/automation/runbook-queries.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { adminCrumb } from './admin-crumb.ts'

type RunbookRow = Awaited<ReturnType<typeof runbookList>>[number]

export const RunbooksPage = ({ chrome, rows }: { chrome: Chrome; rows: readonly RunbookRow[] }) => (
  <Page
    chrome={chrome}
    title="Runbooks"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminRunbook('new')} kind="primary" icon="plus">
        New Runbook
      </ButtonLink>
    }
  >
    <DataTable
      title="Runbooks"
      columns={columns}
      rows={rows}
      empty="There is no runbook yet. An action needs one that performs it: write it with New Runbook."
    />
  </Page>
)

const columns: readonly Column<RunbookRow>[] = [
  { key: 'name', label: 'Name', cell: row => <a href={paths.adminRunbook(row.id)}>{row.name}</a> },
  { key: 'description', label: 'Description', look: 'grow', cell: row => row.description },
  { key: 'version', label: 'Version', look: 'number', cell: row => row.version },
  { key: 'assets', label: 'Assets', look: 'number', cell: row => row.assets },
  { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
]
