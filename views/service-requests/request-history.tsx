import type { HistoryEntry } from '../../src/audit/queries.ts'
import type { ServiceRequest } from '../../src/service-requests/find-request.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import type { StatusLook } from '../ui/status-badge.tsx'
import { Timeline } from '../ui/timeline.tsx'

/** With who did it, in the words for this reader. */
export interface ToldEntry extends HistoryEntry {
  who: string
}

interface HistoryProps {
  chrome: Chrome
  request: Pick<ServiceRequest, 'id'>
  history: readonly ToldEntry[]
}

/** Who did what, when. Replaced by the stream. */
export const RequestHistory = ({ chrome, history }: HistoryProps) => (
  <div id="request-history">
    <Timeline
      label="History of this service request"
      zone={zoneOf(chrome)}
      items={history.map(entry => ({
        at: entry.at,
        what: capital(wordOf(entry)),
        who: entry.who,
        detail: detailWords(entry.detail),
        look: looks[wordOf(entry)] ?? 'stopped',
      }))}
    />
  </div>
)

/** By the words of the audit trail. */
const looks: Readonly<Record<string, StatusLook>> = {
  created: 'waiting',
  queued: 'waiting',
  'taken back': 'waiting',
  'picked up': 'running',
  resolved: 'done',
  'settled as RESOLVED': 'done',
  failed: 'failed',
  aborted: 'failed',
  'refused at pick-up': 'failed',
  'settled as FAILED': 'failed',
  lost: 'unknown',
  missed: 'warning',
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

const wordOf = ({ verb }: HistoryEntry) => verb.replace(/^service-request /, '')

/** Reasons and changed fields; the rest of the audit row is for the trail. */
function detailWords(detail: HistoryEntry['detail']): string | undefined {
  if (typeof detail.reason === 'string' && detail.reason !== '') return detail.reason
  const changed = detail.changed
  if (Array.isArray(changed) && changed.length > 0) return changed.map(String).join(', ')
  if (typeof detail.before === 'string' && typeof detail.now === 'string')
    return 'The rules of its time zone have changed: the local time was kept.'
  return undefined
}
