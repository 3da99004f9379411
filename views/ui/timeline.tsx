import type { Child } from 'hono/jsx'
import type { Instant } from '../../db/schema.ts'
import type { StatusLook } from './status-badge.tsx'
import { Time } from './time.tsx'

export interface TimelineItem {
  at: Instant
  what: Child
  who?: string
  detail?: Child
  look?: StatusLook
}

/** What happened, in order: who, what, when. */
export const Timeline = ({
  items,
  zone,
  label,
}: {
  items: readonly TimelineItem[]
  zone: string
  label: string
}) => (
  <ol class="timeline" aria-label={label}>
    {items.map(item => (
      <li class={`timeline-item timeline-${item.look ?? 'stopped'}`}>
        <span class="timeline-what">{item.what}</span>
        <span class="timeline-when">
          {item.who && <>{item.who}, </>}
          <Time at={item.at} zone={zone} />
        </span>
        {item.detail && <div class="timeline-detail">{item.detail}</div>}
      </li>
    ))}
  </ol>
)
