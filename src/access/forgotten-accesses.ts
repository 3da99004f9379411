import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { ACCESS_JOB, ACCESS_KEY, enqueueAccessWork } from './background-work.ts'

const BATCH = 200

/** Recurring: whatever happened to its job, an access that calls for work always has one. */
export async function findForgottenAccesses(deps: Deps): Promise<void> {
  const forgotten = await withoutJob(deps)
  if (forgotten.length === 0) return
  await deps.db.transaction().execute(async tx => {
    for (const { id } of forgotten) await enqueueAccessWork(tx, deps, id)
  })
  deps.log.warn({ accesses: forgotten.map(({ id }) => id) }, 'accesses without a job were queued again')
  deps.wake()
}

const withoutJob = (deps: Deps) =>
  deps.db
    .selectFrom('accesses')
    .select('id')
    .where(eb =>
      eb.or([
        eb.and([eb('status', '=', 'PROCESSING'), eb('decision', '=', 'APPROVED')]),
        eb('status', '=', 'PENDING REMOVAL'),
        eb.and([eb('status', '=', 'SUSPENDED'), eb('pending_status', 'is not', null)]),
      ]),
    )
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('jobs')
            .select('jobs.id')
            .where('jobs.name', '=', ACCESS_JOB)
            .where('jobs.state', 'in', ['queued', 'running'])
            .where('jobs.unique_key', '=', sql<string>`${ACCESS_KEY} || cast(accesses.id as text)`),
        ),
      ),
    )
    .orderBy('id')
    .limit(BATCH)
    .execute()
