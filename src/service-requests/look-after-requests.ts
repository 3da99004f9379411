import { sql } from 'kysely'
import { systemActor } from '../audit/record.ts'
import { after, days, nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { moveRequest, tell } from './change-request.ts'
import type { ServiceRequest } from './find-request.ts'
import { enqueueRun, RUN_JOB, RUN_KEY } from './request-job.ts'

const CLOSED_AFTER = days(30)
const BATCH = 200

/** Recurring: finished requests that nobody closed are closed after 30 days. */
export async function closeOldRequests(deps: Deps): Promise<void> {
  for (;;) {
    const batch = await finishedBefore(deps)
    for (const request of batch) await closeByItself(deps, request)
    if (batch.length < BATCH) return
  }
}

/** Recurring: whatever happened to its job, a queued or running request always has one. */
export async function findForgottenRequests(deps: Deps): Promise<void> {
  const forgotten = await withoutJob(deps)
  if (forgotten.length === 0) return
  const now = nowInstant(deps.clock)
  await deps.db.transaction().execute(async tx => {
    for (const request of forgotten) {
      const due = request.status === 'QUEUED' ? (request.due_at ?? now) : now
      await enqueueRun(tx, deps.clock, request.id, due)
    }
  })
  deps.log.warn(
    { requests: forgotten.map(request => request.id) },
    'requests without a job were queued again',
  )
  deps.wake()
}

const finishedBefore = (deps: Deps): Promise<ServiceRequest[]> =>
  deps.db
    .selectFrom('service_requests')
    .selectAll()
    .where('closed_at', 'is', null)
    .where('actual_finish', '<', after(deps.clock.now(), -CLOSED_AFTER))
    .where('status', 'in', ['RESOLVED', 'FAILED'])
    .orderBy('actual_finish')
    .limit(BATCH)
    .execute()

async function closeByItself(deps: Deps, request: ServiceRequest): Promise<void> {
  await deps.db
    .transaction()
    .execute(tx =>
      moveRequest(tx, deps.clock, systemActor, request, 'close', { closed_at: nowInstant(deps.clock) }),
    )
  tell(deps, request.id)
}

const withoutJob = (deps: Deps) =>
  deps.db
    .selectFrom('service_requests')
    .select(['id', 'status', 'due_at'])
    .where('status', 'in', ['QUEUED', 'INPROG'])
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('jobs')
            .select('jobs.id')
            .where('jobs.name', '=', RUN_JOB)
            .where('jobs.state', 'in', ['queued', 'running'])
            .where('jobs.unique_key', '=', sql<string>`${RUN_KEY} || cast(service_requests.id as text)`),
        ),
      ),
    )
    .orderBy('id')
    .limit(BATCH)
    .execute()
