import { Hono } from 'hono'
import { JobsPage } from '../../views/admin/jobs-page.tsx'
import { after, type Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { numberOf, queryOf } from '../http/query.ts'
import { chromeOf } from '../http/respond.ts'
import { leaseMs } from '../jobs/lease.ts'
import { type JobState, listJobs, listRecurring, listWorkers } from '../jobs/queries.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { answerAct } from './answer.ts'
import { retryJob } from './retry-job.ts'

export const jobRoutes = () =>
  new Hono<AppEnv>().get(paths.adminJobs(), jobsPage).post('/admin/jobs/:id/retry', async c => {
    const id = numberOf(c.req.param('id')) ?? 0
    const result = await retryJob(c.var.deps, c.var.actor, id)
    return answerAct(c, result, paths.adminJobs(), name => `Job ${id} (${name}) is queued again.`)
  })

const jobStates: readonly JobState[] = ['queued', 'running', 'done', 'failed']

async function jobsPage(c: Ctx) {
  const { db, clock, config } = c.var.deps
  const query = queryOf(c)
  const state = jobStates.find(one => one === query.state)
  const list = await listJobs(db, { state, name: query.name }, query)
  const workers = await listWorkers(db)
  return c.html(
    <JobsPage
      chrome={await chromeOf(c, 'admin-jobs')}
      rows={list.rows}
      query={query}
      page={pageLinks(list, query, paths.adminJobs)}
      workers={workers.map(worker => ({ ...worker, alive: isAlive(worker, clock, config) }))}
      recurring={await listRecurring(db)}
    />,
  )
}

const isAlive = (
  worker: { seen_at: string; stopped_at: string | null },
  clock: Clock,
  config: Pick<Config, 'LEASE_SECONDS'>,
) => worker.stopped_at === null && worker.seen_at > after(clock.now(), -leaseMs(config))
