import type { Instant } from '../../db/schema.ts'
import { systemActor } from '../audit/record.ts'
import { after, minutes, nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { aliveSpans } from '../jobs/workers.ts'
import { changeRequest, moveRequest, tell } from './change-request.ts'
import type { ServiceRequest } from './find-request.ts'
import { missedAt, warnedFrom, whyMissed } from './lateness.ts'
import { waitingWords, waitsFor } from './queue-place.ts'
import { bringNextForward } from './request-job.ts'
import { mailLate, mailMissed } from './request-mails.ts'

const BATCH = 200

/** Recurring: what was not started in time is MISSED; who is about to be is warned. */
export async function missLateRequests(deps: Deps): Promise<void> {
  let last = 0
  for (;;) {
    const batch = await overdue(deps, last)
    for (const request of batch) await judge(deps, request)
    if (batch.length < BATCH) return
    last = batch.at(-1)?.id ?? last
  }
}

/** QUEUED → MISSED, with its mail. False: it was picked up or taken back meanwhile. */
export async function missRequest(
  tx: Tx,
  deps: Deps,
  request: ServiceRequest,
  why: string,
): Promise<boolean> {
  const detail = { reason: why }
  if (!(await moveRequest(tx, deps.clock, systemActor, request, 'miss', detail, detail))) return false
  await mailMissed(tx, deps, request, why)
  if (request.mode === 'exclusive') await bringNextForward(tx, deps.clock, request.asset_id)
  return true
}

/** Those that have waited so long that a warning, or worse, may be due. */
function overdue(deps: Deps, afterId: number): Promise<ServiceRequest[]> {
  const now = deps.clock.now()
  const halfway = after(now, -minutes(deps.config.LATE_LIMIT) / 2)
  return deps.db
    .selectFrom('service_requests')
    .selectAll()
    .where('status', '=', 'QUEUED')
    .where('id', '>', afterId)
    .where('due_at', '<', halfway)
    .orderBy('id')
    .limit(BATCH)
    .execute()
}

async function judge(deps: Deps, request: ServiceRequest): Promise<void> {
  const now = nowInstant(deps.clock)
  const alive = await aliveSpans(deps.db, deps.clock, deps.config, request.queued_at ?? now)
  const why = whyMissed(request, deps.config, now, alive)
  const late = request.warned_at === null && now >= warnedFrom(request, deps.config)
  if (why === null && !late) return
  await deps.db
    .transaction()
    .execute(async tx => (why === null ? warn(tx, deps, request, now) : missRequest(tx, deps, request, why)))
  tell(deps, request.id)
}

async function warn(tx: Tx, deps: Deps, request: ServiceRequest, now: Instant): Promise<void> {
  if (!(await changeRequest(tx, request, { warned_at: now }))) return
  const waiting = await waitsFor(tx, request, now)
  const why = waiting ? waitingWords(waiting) : 'No worker of the portal has taken it up yet.'
  await mailLate(tx, deps, request, why, missedAt(request, deps.config))
}
