import { paths } from '../../src/paths.ts'
import type { PersonHistoryEntry } from '../../src/people/person-queries.ts'
import { type Actor, isOperator } from '../../src/policy.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Card } from '../ui/card.tsx'
import { Timeline } from '../ui/timeline.tsx'

interface PersonHistoryProps {
  chrome: Chrome
  viewer: Actor
  personId: string
  /** Newest first, with who did it in words for this reader. */
  entries: readonly (PersonHistoryEntry & { who: string })[]
}

/** What happened to the person and their accesses, as far as it concerns the reader. */
export const PersonHistory = ({ chrome, viewer, personId, entries }: PersonHistoryProps) => (
  <Card
    title="History"
    action={isOperator(viewer) && <a href={paths.adminPersonHistory(personId)}>Whole history</a>}
  >
    {entries.length === 0 ? (
      <p>Nothing has been recorded here yet.</p>
    ) : (
      <Timeline
        label="History"
        zone={zoneOf(chrome)}
        items={entries.map(entry => ({ at: entry.at, what: whatOf(entry), who: entry.who }))}
      />
    )}
  </Card>
)

/** Of an access it says which one. */
function whatOf({ verb, detail, typeName }: PersonHistoryEntry): string {
  const { asset } = detail
  if (verb.startsWith('access ') && typeof asset === 'string' && typeName)
    return `${verb}: ${typeName} on ${asset}`
  return verb
}
