import type { VisibleNotice } from '../../src/notices/queries.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Time } from '../ui/time.tsx'

interface BoardProps {
  chrome: Chrome
  notices: readonly VisibleNotice[]
}

/** What the operators have to say. */
export const BulletinBoard = ({ chrome, notices }: BoardProps) => (
  <DataTable
    title="Bulletin Board"
    columns={columnsFor(zoneOf(chrome))}
    rows={notices}
    empty={<p>There are currently no bulletin board messages to view.</p>}
  />
)

const columnsFor = (zone: string): readonly Column<VisibleNotice>[] => [
  {
    key: 'subject',
    label: 'Subject',
    look: 'name',
    cell: notice => <a href={paths.notice(notice.id)}>{notice.subject}</a>,
  },
  { key: 'message', label: 'Message', look: 'grow', cell: notice => beginning(notice.message) },
  {
    key: 'post_date',
    label: 'Post Date',
    look: 'time',
    cell: notice => <Time at={notice.posted_at} zone={zone} />,
  },
  {
    key: 'expiration_date',
    label: 'Expiration Date',
    look: 'time',
    cell: notice => <Time at={notice.expires_at} zone={zone} none="never" />,
  },
  { key: 'viewed', label: 'Viewed', cell: notice => (notice.viewed_at ? 'Yes' : 'No') },
]

const beginning = (message: string) => (message.length > 160 ? `${message.slice(0, 160)}…` : message)
