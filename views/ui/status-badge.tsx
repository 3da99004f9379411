import { html } from 'hono/html'
import { type Drawn, drawnOnce } from './drawn.ts'

/** Shape and colour: the same everywhere, so that the word is never the only sign, nor the colour. */
export type StatusLook = 'waiting' | 'running' | 'done' | 'failed' | 'unknown' | 'stopped' | 'warning'

const looks = {
  // service requests
  NEW: 'waiting',
  PENDING: 'waiting',
  QUEUED: 'waiting',
  INPROG: 'running',
  RESOLVED: 'done',
  FAILED: 'failed',
  UNKNOWN: 'unknown',
  MISSED: 'warning',
  CANCELLED: 'stopped',
  CLOSED: 'stopped',
  // persons, customers, assets, actions
  'PENDING CREATE': 'waiting',
  ACTIVE: 'done',
  INACTIVE: 'stopped',
  RETIRED: 'stopped',
  WITHDRAWN: 'stopped',
  // accesses
  PROCESSING: 'waiting',
  APPROVED: 'done',
  SUSPENDED: 'warning',
  'PENDING REMOVAL': 'running',
  REJECTED: 'failed',
  REMOVED: 'stopped',
  // jobs, mails, runs and their steps
  queued: 'waiting',
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  sent: 'done',
  succeeded: 'done',
  failed: 'failed',
  unknown: 'unknown',
  kept: 'stopped',
  skipped: 'stopped',
  aborted: 'stopped',
  stopped: 'stopped',
  // availability
  up: 'done',
  down: 'failed',
} as const satisfies Record<string, StatusLook>

export type Status = keyof typeof looks

interface StatusBadgeProps {
  status: Status
  /** Other words for the same state, such as the elapsed time of a running one. */
  detail?: string
}

export const StatusBadge = ({ status, detail }: StatusBadgeProps) => (
  <StatusMark look={looks[status]} word={status} detail={detail} />
)

/** For states of which only the look is known here. */
export const StatusMark = ({ look, word, detail }: { look: StatusLook; word: string; detail?: string }) =>
  html`<span class="status status-${look}">${shapes[look]}${word}${
    detail && <span class="status-detail"> {detail}</span>
  }</span>`

// Drawn once; a list has dozens.
const draw = (shape: string, half?: string) =>
  drawnOnce(
    <svg class="status-shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={shape} />
      {half && <path class="status-half" d={half} />}
    </svg>,
  )

const circle = 'M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z'

const shapes: Record<StatusLook, Drawn> = {
  waiting: draw(circle),
  running: draw(circle, 'M6 1.5v9a4.5 4.5 0 0 0 0-9z'),
  done: draw('M3.5 6.2 5.3 8l3.4-4'),
  failed: draw('M4 4l4 4M8 4 4 8'),
  unknown: draw('M4.3 4.6a1.75 1.75 0 1 1 2.5 1.6c-.6.3-.8.6-.8 1.1M6 9v.2'),
  stopped: draw('M3.5 6h5'),
  warning: draw('M6 3.5v3.2M6 8.6v.2'),
}
