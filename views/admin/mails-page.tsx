import { mailStates, mailStateWords } from '../../src/mail/mail-states.ts'
import type { ListedMail } from '../../src/mail/queries.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Callout } from '../ui/callout.tsx'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumb } from './admin-crumb.ts'

interface Props {
  chrome: Chrome
  rows: readonly ListedMail[]
  query: TableQuery
  page: PageOf
  /** Whether an SMTP server is configured. */
  sends: boolean
}

export const MailsPage = ({ chrome, rows, query, page, sends }: Props) => (
  <Page chrome={chrome} title="Mail" crumbs={[adminCrumb]}>
    {!sends && (
      <Callout kind="info" title="No SMTP server is configured">
        <p>
          Mails are kept here, where you can read them, and reach nobody else. Set <code>SMTP_URL</code> and
          restart the portal to send them.
        </p>
      </Callout>
    )}
    <DataTable
      title="Mails"
      columns={columns(zoneOf(chrome))}
      rows={rows}
      query={query}
      href={paths.adminMails}
      defaultSort="-mail"
      page={page}
      empty="The portal has written no mail yet."
    />
  </Page>
)

const columns = (zone: string): readonly Column<ListedMail>[] => [
  {
    key: 'mail',
    label: 'Mail',
    look: 'id',
    sortable: true,
    cell: row => <a href={paths.adminMail(row.id)}>{row.id}</a>,
  },
  { key: 'to', label: 'To', filter: 'text', cell: row => row.to_address },
  { key: 'subject', label: 'Subject', look: 'grow', filter: 'text', cell: row => row.subject },
  { key: 'created', label: 'Written', look: 'time', cell: row => <Time at={row.created_at} zone={zone} /> },
  { key: 'sent', label: 'Sent', look: 'time', cell: row => <Time at={row.sent_at} zone={zone} /> },
  { key: 'attempts', label: 'Attempts', look: 'number', cell: row => row.attempts },
  {
    key: 'state',
    label: 'State',
    filter: mailStates.map(state => ({ value: state, label: state })),
    cell: row => (
      <span title={row.last_error ?? mailStateWords[row.state]}>
        <StatusBadge status={row.state} />
      </span>
    ),
  },
]
