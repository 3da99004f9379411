import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { ACCESS_JOB, ACCESS_KEY, enqueueAccessWork } from './background-work.ts'

const BATCH = 200

/** Recurring: whatever happened to its job, an access that calls for work always has one. */
export async function findForgottenAccesses(deps: Deps): Promise<void> {
  const forgotten = [...(await withoutJob(deps)), ...(await changesWithoutJob(deps))]
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
    .where(eb => eb.not(eb.exists(openJob(deps))))
    .orderBy('id')
    .limit(BATCH)
    .execute()

/** From the open changes: there are few of them, and most accesses are APPROVED. */
const changesWithoutJob = (deps: Deps) =>
  deps.db
    .selectFrom('password_changes')
    .innerJoin('database_accounts', 'database_accounts.id', 'password_changes.account_id')
    .innerJoin('accesses', 'accesses.id', 'database_accounts.access_id')
    .select('accesses.id')
    .where('password_changes.closed_at', 'is', null)
    .where('accesses.status', '=', 'APPROVED')
    .where(eb => eb.not(eb.exists(openJob(deps))))
    .orderBy('accesses.id')
    .limit(BATCH)
    .execute()

/** Of the access in the query around it. */
const openJob = ({ db }: Deps) =>
  db
    .selectFrom('jobs')
    .select('jobs.id')
    .where('jobs.name', '=', ACCESS_JOB)
    .where('jobs.state', 'in', ['queued', 'running'])
    .where('jobs.unique_key', '=', sql<string>`${ACCESS_KEY} || cast(accesses.id as text)`)
