import type { ListedEvent } from '../../src/audit/audit-list.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { DataTable } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { auditColumns, auditDetails } from './audit-columns.tsx'

interface Props {
  chrome: Chrome
  person: { id: string; display_name: string }
  rows: readonly ListedEvent[]
  page: PageOf
}

export const PersonHistoryPage = ({ chrome, person, rows, page }: Props) => (
  <Page
    chrome={chrome}
    title={`History of ${person.display_name}`}
    crumbs={[...adminCrumbs.persons, { label: person.id, href: paths.adminPerson(person.id) }]}
  >
    <p class="lead">
      What {person.id} did, and what happened to this person and to their accesses, newest first.
    </p>
    <DataTable
      title="History"
      columns={auditColumns(zoneOf(chrome))}
      rows={rows}
      page={page}
      details={auditDetails}
      empty={`Nothing has been recorded about ${person.id} yet.`}
    />
  </Page>
)
