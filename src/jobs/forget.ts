import { after, days } from '../clock.ts'
import type { Deps } from '../deps.ts'

const keptMs = days(30)
const atOnce = 1000

type Needed = Pick<Deps, 'db' | 'clock' | 'stopping'>

/** Deletes jobs that ended, and workers last seen, more than 30 days ago. */
export async function forgetFinishedJobs(deps: Needed): Promise<void> {
  const before = after(deps.clock.now(), -keptMs)
  while ((await forgetSome(deps, before)) === atOnce && !deps.stopping.aborted);
  await deps.db.deleteFrom('workers').where('seen_at', '<', before).execute()
}

/** A bounded number: a long delete would keep SQLite's one writer busy. */
async function forgetSome({ db }: Needed, before: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('jobs')
    .where('id', 'in', jobs =>
      jobs
        .selectFrom('jobs')
        .select('id')
        .where('finished_at', '<', before)
        .orderBy('finished_at')
        .limit(atOnce),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
