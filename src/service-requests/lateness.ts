import type { Instant } from '../../db/schema.ts'
import { after, hours, minutes } from '../clock.ts'
import type { Config } from '../config.ts'
import type { AliveSpan } from '../jobs/workers.ts'
import type { ServiceRequest } from './find-request.ts'

export type QueuedRequest = Pick<ServiceRequest, 'requested_start' | 'queued_at' | 'reported_at'>
type Limits = Pick<Config, 'LATE_LIMIT'>

/** As soon as possible is over after a day. */
const LONGEST_WAIT = hours(24)

/** A request that has not started by then is MISSED, for whatever reason. */
export const missedAt = (request: QueuedRequest, { LATE_LIMIT }: Limits): Instant =>
  request.requested_start
    ? after(request.requested_start, minutes(LATE_LIMIT))
    : after(queuedAt(request), LONGEST_WAIT)

/** Its requester is warned from then on: half of the limit before, an hour for those that waited all day. */
export const warnedFrom = (request: QueuedRequest, limits: Limits): Instant =>
  after(missedAt(request, limits), -(request.requested_start ? minutes(limits.LATE_LIMIT) / 2 : hours(1)))

/** The longest time in which nobody worked, between two moments. */
export function longestGap(alive: readonly AliveSpan[], from: Instant, to: Instant): number {
  let covered = Date.parse(from)
  let longest = 0
  for (const span of [...alive].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (span.to <= from) continue
    if (span.from >= to) break
    longest = Math.max(longest, Date.parse(span.from) - covered)
    covered = Math.max(covered, Date.parse(span.to))
  }
  return Math.max(longest, Date.parse(to) - covered)
}

/** Why a request that still waits is MISSED now; null: it is not. */
export function whyMissed(
  request: QueuedRequest,
  limits: Limits,
  now: Instant,
  alive: readonly AliveSpan[],
): string | null {
  const limit = limits.LATE_LIMIT
  if (now > missedAt(request, limits))
    return request.requested_start
      ? `It was not started within ${minutesWords(limit)} of its Requested Start.`
      : 'It was not started within 24 hours.'
  if (!request.requested_start && longestGap(alive, queuedAt(request), now) > minutes(limit))
    return `No worker of the portal was running for more than ${minutesWords(limit)} while it waited.`
  return null
}

const minutesWords = (count: number) => `${count} ${count === 1 ? 'minute' : 'minutes'}`

const queuedAt = (request: QueuedRequest) => request.queued_at ?? request.reported_at
