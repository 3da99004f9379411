import type { Communication } from '../../src/service-requests/queries.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { DataTable } from '../ui/data-table.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'

export interface CommunicationLogProps {
  chrome: Chrome
  communications: readonly Communication[]
}

/** Every mail about the request. Replaced by the stream when the status changes. */
export const CommunicationLog = ({ chrome, communications }: CommunicationLogProps) => (
  <div id="request-mails">
    <DataTable
      title="Communication Log"
      columns={[
        {
          key: 'date',
          label: 'Date',
          look: 'time',
          cell: mail => <Time at={mail.created_at} zone={zoneOf(chrome)} />,
        },
        { key: 'to', label: 'To', cell: mail => mail.to ?? 'operator' },
        { key: 'subject', label: 'Subject', look: 'grow', cell: mail => mail.subject },
        { key: 'state', label: 'Delivery', cell: mail => <StatusBadge status={mail.state} /> },
      ]}
      rows={communications}
      details={{
        label: mail => `Text of “${mail.subject}”`,
        body: mail => <MailText mail={mail} />,
      }}
      empty={<p>No mail about this request has been written.</p>}
    />
  </div>
)

const MailText = ({ mail }: { mail: Communication }) => (
  <>
    {mail.last_error && <p>It could not be delivered: {mail.last_error}</p>}
    <pre class="mail-text">{mail.body ?? 'Only operators read mails to operators.'}</pre>
  </>
)
