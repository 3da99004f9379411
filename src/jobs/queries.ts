import { sql } from 'kysely'
import type { Database, Row } from '../../db/schema.ts'
import { type Clock, nowInstant } from '../clock.ts'
import type { DbOrTx } from '../deps.ts'
import { type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'

export type JobState = Row<'jobs'>['state']
export interface JobFilter {
  state?: JobState
  /** Beginning of the job's name, in any case. */
  name?: string
}
/** The payload is the handler's business. */
export type ListedJob = Omit<Row<'jobs'>, 'payload'>

/** Newest first. */
export function listJobs(
  db: DbOrTx,
  { state, name }: JobFilter,
  asked: ListQuery,
): Promise<Listed<ListedJob>> {
  const jobs = db
    .selectFrom('jobs')
    .select(listed)
    .$if(state !== undefined, q => q.where('state', '=', state ?? 'queued'))
    .$if(Boolean(name), q => q.where(sql<boolean>`name like ${`${beginning(name ?? '')}%`} escape '\\'`))
  return listPage(db, jobs, order, asked)
}

export const findJob = (db: DbOrTx, id: number) =>
  db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()

export const listRecurring = (db: DbOrTx) => db.selectFrom('recurring').selectAll().orderBy('name').execute()

/** The newest first, those that have stopped included. */
export const listWorkers = (db: DbOrTx, limit = 20) =>
  db.selectFrom('workers').selectAll().orderBy('seen_at', 'desc').limit(limit).execute()

/** Queues a failed job again, with all its attempts. False: it is not failed (any more), or an open one has its key. */
export async function requeue(db: DbOrTx, clock: Clock, id: number): Promise<boolean> {
  const row = await db
    .updateTable('jobs')
    .set({ state: 'queued', run_at: nowInstant(clock), attempts: 0, finished_at: null })
    .where('id', '=', id)
    .where('state', '=', 'failed')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('jobs as open')
            .select('open.id')
            .whereRef('open.unique_key', '=', 'jobs.unique_key')
            .where('open.state', 'in', ['queued', 'running']),
        ),
      ),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

const listed = [
  'id',
  'name',
  'unique_key',
  'state',
  'run_at',
  'again_at',
  'attempts',
  'max_attempts',
  'fence',
  'worker_id',
  'previous_worker_id',
  'lease_until',
  'last_error',
  'created_at',
  'finished_at',
] as const satisfies readonly (keyof Database['jobs'])[]

const order: ListOrder<ListedJob> = {
  sorts: { due: { by: sql`run_at`, of: job => job.run_at, type: 'text' } },
  id: { by: sql`id`, of: job => job.id, type: 'number' },
  defaultSort: '-id',
}

/** Job names are lower-case. */
const beginning = (text: string) => text.toLowerCase().replace(/[\\%_]/g, '\\$&')
