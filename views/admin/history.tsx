import type { HistoryEntry } from '../../src/audit/queries.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Card } from '../ui/card.tsx'
import { Timeline } from '../ui/timeline.tsx'
import { Twistie } from '../ui/twistie.tsx'

/** Who did what to this record, newest first. For operators. */
export const History = ({ chrome, entries }: { chrome: Chrome; entries: readonly HistoryEntry[] }) => (
  <Card title="History">
    {entries.length === 0 ? (
      <p>Nothing has been recorded here yet.</p>
    ) : (
      <Timeline
        label="History"
        zone={zoneOf(chrome)}
        items={entries.toReversed().map(entry => ({
          at: entry.at,
          what: entry.verb,
          who: entry.actorName ?? entry.actorId ?? 'Gatehouse',
          detail: Object.keys(entry.detail).length > 0 && <Detail detail={entry.detail} />,
        }))}
      />
    )}
  </Card>
)

const Detail = ({ detail }: { detail: HistoryEntry['detail'] }) => (
  <Twistie summary="Details">
    <DetailList detail={detail} />
  </Twistie>
)

/** What was recorded of an act, as words. */
export const DetailList = ({ detail }: { detail: HistoryEntry['detail'] }) => (
  <dl class="history-detail">
    {Object.entries(detail).map(([name, value]) => (
      <div>
        <dt>{name.replaceAll('_', ' ')}</dt>
        <dd>{wordsOf(value)}</dd>
      </div>
    ))}
  </dl>
)

/** [before, after] of a change, or a value. */
const wordsOf = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && (value[0] === null || typeof value[0] !== 'object')
    ? `${plain(value[0])} → ${plain(value[1])}`
    : plain(value)

const plain = (value: unknown): string =>
  value === null || value === '' ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
