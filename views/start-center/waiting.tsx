import { paths } from '../../src/paths.ts'
import type { WaitingForMe, WaitingRequest } from '../../src/start-center/queries.ts'
import { Card } from '../ui/card.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'

/** What this person should do something about. */
export const Waiting = ({ waiting }: { waiting: WaitingForMe }) => {
  const nothing = Object.values(waiting).every(list => list.length === 0)
  return (
    <Card title="Waiting for you">
      {nothing && <p class="soft">Nothing waits for you.</p>}
      <Group words="The outcome is not known: look, and settle it" requests={waiting.toSettle} />
      <Group words="Saved, but not queued: it will not be run" requests={waiting.notQueued} />
      <Group words="Failed: see why, then close it" requests={waiting.failed} />
    </Card>
  )
}

const Group = ({ words, requests }: { words: string; requests: readonly WaitingRequest[] }) =>
  requests.length === 0 ? null : (
    <section class="waiting-group" aria-label={words}>
      <h3>{words}</h3>
      <ul class="link-list">
        {requests.map(request => (
          <li>
            <a href={paths.serviceRequest(request.id)}>{request.id}</a>{' '}
            <span>
              {request.action_name}, {request.asset_id}
            </span>{' '}
            <StatusBadge status={request.status} />
          </li>
        ))}
      </ul>
    </section>
  )
