import { record } from '../audit/record.ts'
import type { Deps } from '../deps.ts'
import { findJob, requeue } from '../jobs/queries.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'

/** Queues a failed job again, with all its attempts. */
export async function retryJob(deps: Deps, actor: Actor, id: number): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden('Only operators retry jobs.')
  const result = await deps.db.transaction().execute(async tx => {
    const job = await findJob(tx, id)
    if (!job) return notFound()
    if (!(await requeue(tx, deps.clock, id)))
      return conflict(
        `Job ${id} is not failed any more, or the same work is queued already. Nothing was changed.`,
      )
    await record(tx, deps.clock, actor, 'job retried', { type: 'job', id }, { name: job.name })
    return ok(job.name)
  })
  deps.wake()
  return result
}
