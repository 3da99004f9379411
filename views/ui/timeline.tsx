import type { Child } from 'hono/jsx'
import type { Instant } from '../../db/schema.ts'
import type { StatusLook } from './status-badge.tsx'
import { Time } from './time.tsx'
import { Twistie } from './twistie.tsx'

export interface TimelineItem {
  at: Instant
  what: Child
  who?: string
  detail?: Child
  look?: StatusLook
}

interface TimelineProps {
  /** In the order of time, or newest first. */
  items: readonly TimelineItem[]
  zone: string
  label: string
}

/** So many are seen at once. */
const shown = 20

/** What happened, in order: who, what, when. What is farther back than the newest is folded. */
export const Timeline = ({ items, zone, label }: TimelineProps) => {
  const newestFirst = (items[0]?.at ?? '') > (items.at(-1)?.at ?? '')
  const ordered = newestFirst ? items : items.toReversed()
  const [newest, earlier] = [ordered.slice(0, shown), ordered.slice(shown)]
  const asGiven = (part: readonly TimelineItem[]) => (newestFirst ? part : part.toReversed())
  const folded = earlier.length > 0 && (
    <Twistie summary={`${earlier.length} earlier`}>
      <Items items={asGiven(earlier)} zone={zone} label={`${label}, earlier`} />
    </Twistie>
  )
  return (
    <>
      {!newestFirst && folded}
      <Items items={asGiven(newest)} zone={zone} label={label} />
      {newestFirst && folded}
    </>
  )
}

const Items = ({ items, zone, label }: TimelineProps) => (
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
