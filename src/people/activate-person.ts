import { sql } from 'kysely'
import { z } from 'zod'
import { record, systemActor } from '../audit/record.ts'
import { issueLink } from '../auth/links.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { ClaimedJob, JobOutcome } from '../jobs/handler.ts'
import { enqueue } from '../jobs/queue.ts'

export const ACTIVATE_PERSON_JOB = 'activate person'
const payload = z.object({ personId: z.string() })

/** Has a worker make a new person ACTIVE. Call deps.wake() after the commit. */
export const enqueueActivation = (db: DbOrTx, { clock }: Pick<Deps, 'clock'>, personId: string) =>
  enqueue(db, clock, { name: ACTIVATE_PERSON_JOB, payload: { personId }, uniqueKey: `person:${personId}` })

/**
 * A new person becomes ACTIVE, and the mail with the link to their first sign-in goes out with it: both or neither,
 * however often it is tried. Who is no longer PENDING CREATE, such as INACTIVE meanwhile, is left alone.
 */
export async function activatePerson(deps: Deps, job: ClaimedJob): Promise<JobOutcome> {
  const { personId } = payload.parse(job.payload)
  await deps.db.transaction().execute(async tx => {
    await activate(tx, deps, personId)
    await job.lease.guard(tx)
  })
  deps.wake()
  return { kind: 'done' }
}

async function activate(tx: Tx, deps: Deps, id: string) {
  const person = await tx
    .updateTable('persons')
    .set(eb => ({ status: 'ACTIVE' as const, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('status', '=', 'PENDING CREATE')
    .returning('password_hash')
    .executeTakeFirst()
  if (!person) return
  await record(tx, deps.clock, systemActor, 'person activated', { type: 'person', id })
  if (person.password_hash === null) await issueLink(tx, deps, id, 'first-sign-in')
}

/** Nobody stays PENDING CREATE because a job was given up or never queued. */
export async function findPersonsToActivate(deps: Deps): Promise<void> {
  const waiting = await deps.db
    .selectFrom('persons')
    .select('id')
    .where('status', '=', 'PENDING CREATE')
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('jobs')
            .select('jobs.id')
            .where('jobs.state', 'in', ['queued', 'running'])
            .where('jobs.unique_key', '=', sql<string>`'person:' || persons.id`),
        ),
      ),
    )
    .orderBy('id')
    .limit(200)
    .execute()
  if (waiting.length === 0) return
  for (const { id } of waiting) await enqueueActivation(deps.db, deps, id)
  deps.log.warn({ persons: waiting.map(({ id }) => id) }, 'persons without a job were queued again')
  deps.wake()
}
