import { beforeEach } from 'vitest'
import type { OpenDatabase } from '../../db/open.ts'
import { enqueue, type NewJob } from '../../src/jobs/queue.ts'
import { movableClock } from '../support/clock.ts'
import { type JobNode, type JobNodeOptions, jobsOf, onlyJob, startNode } from '../support/job-nodes.ts'

export const done = { kind: 'done' } as const

/** An empty queue for each test, and workers on it. */
export function workerBench(open: () => OpenDatabase) {
  const clock = movableClock()
  const start = clock.instant()
  beforeEach(async () => {
    clock.set(start)
    for (const table of ['jobs', 'workers', 'recurring', 'settings'] as const)
      await open().db.deleteFrom(table).execute()
  })

  const db = () => open().db
  const node = (options: Partial<JobNodeOptions> = {}) => startNode(open(), { clock, ...options })
  const queue = async (by: JobNode, job: Partial<NewJob> = {}) => {
    await enqueue(db(), clock, { name: 'work', payload: {}, ...job })
    by.deps.wake()
  }
  const state = async () => (await onlyJob(db())).state
  const states = async () => (await jobsOf(db())).map(job => job.state)
  return { clock, db, node, queue, state, states }
}
