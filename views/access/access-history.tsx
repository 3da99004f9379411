import type { Child } from 'hono/jsx'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import type { StatusLook } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { Timeline } from '../ui/timeline.tsx'

interface AccessHistoryProps {
  chrome: Chrome
  /** With who did it, in the words for this reader. */
  entries: readonly (HistoryEntry & { who: string })[]
}

/** What happened to an access: who, what, when. */
export const AccessHistory = ({ chrome, entries }: AccessHistoryProps) =>
  entries.length === 0 ? (
    <p class="none">It was there before anything was recorded.</p>
  ) : (
    <Timeline
      label="History of this access"
      zone={zoneOf(chrome)}
      items={entries.map(entry => ({
        at: entry.at,
        what: capital(wordOf(entry)),
        who: entry.who,
        detail: detailWords(entry, zoneOf(chrome)),
        look: looks[wordOf(entry)] ?? 'stopped',
      }))}
    />
  )

/** By the words of the audit trail. */
const looks: Readonly<Record<string, StatusLook>> = {
  requested: 'waiting',
  changed: 'waiting',
  approved: 'running',
  granted: 'done',
  resumed: 'done',
  rejected: 'failed',
  expired: 'failed',
  failed: 'failed',
  suspended: 'warning',
  'asked to be removed': 'running',
  'account begun': 'running',
  'password set on the server': 'running',
  'password change asked for': 'waiting',
  'password change scheduled': 'waiting',
  'password refused': 'warning',
  'password unprovable': 'warning',
  'password proven': 'done',
  'account locked': 'warning',
  'transfer asked for': 'waiting',
  'transfer withdrawn': 'stopped',
  'account taken over': 'running',
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

const wordOf = ({ verb }: HistoryEntry) => verb.replace(/^access /, '')

/** Reasons, what was changed, and when something is to happen; the rest of the audit row is for the trail. */
function detailWords(entry: HistoryEntry, zone: string): Child | undefined {
  const { detail } = entry
  if (wordOf(entry) === 'password change scheduled' && typeof detail.at === 'string')
    return (
      <>
        For <Time at={detail.at} zone={zone} look="sentence" />
      </>
    )
  const before = Array.isArray(detail.justification) ? detail.justification[0] : undefined
  if (typeof before === 'string') return `Justification before: ${before}`
  const transfer = transferWords(detail)
  if (transfer !== undefined) return transfer
  for (const key of ['why', 'reason', 'comments'])
    if (typeof detail[key] === 'string' && detail[key] !== '') return detail[key]
  return undefined
}

/** Which account goes from whom, or to whom. */
function transferWords({ account, transferFrom, transferTo }: HistoryEntry['detail']): string | undefined {
  if (typeof transferFrom === 'string') return `Transfer of ${account} from ${transferFrom}`
  if (typeof transferTo === 'string') return `Transfer of ${account} to ${transferTo}`
  return undefined
}
