import { vi } from 'vitest'
import { startWorker, type Worker } from '../../src/jobs/worker.ts'
import { handlers } from '../../src/work.ts'
import type { World } from './world.ts'

/** A real worker on the world's database and clock, woken by whatever is queued in the world. */
export async function startWork({ deps }: World): Promise<Pick<Worker, 'stop'>> {
  const ears = new Set<() => void>()
  const before = deps.wake
  deps.wake = () => {
    before()
    for (const heard of ears) heard()
  }
  const worker = startWorker(deps, { handlers, recurring: [] }, heard => {
    ears.add(heard)
    return () => ears.delete(heard)
  })
  await worker.ready
  return {
    stop: async () => {
      await worker.stop()
      deps.wake = before
    },
  }
}

/** Lets a real worker do everything that is due at the world's time, then stops it. */
export async function workOff(world: World): Promise<void> {
  const worker = await startWork(world)
  await vi.waitFor(
    async () => {
      const due = await dueJobs(world)
      if (due > 0) throw new Error(`${due} jobs are due.`)
    },
    { timeout: 20_000, interval: 20 },
  )
  await worker.stop()
}

async function dueJobs(world: World): Promise<number> {
  const jobs = await world.deps.db
    .selectFrom('jobs')
    .select(['state', 'run_at'])
    .where('state', 'in', ['queued', 'running'])
    .execute()
  return jobs.filter(job => job.state === 'running' || job.run_at <= world.clock.instant()).length
}
