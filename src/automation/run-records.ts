import { z } from 'zod'
import type { Instant, Row, RunPurpose } from '../../db/schema.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { Lease } from '../jobs/lease.ts'
import type { RunbookDefinition, RunbookStep } from './runbook.ts'
import type { PlanValues } from './template.ts'

/** What runs: a runbook's version and the values that go into it, frozen. */
export interface RunPlan {
  definition: RunbookDefinition
  values: PlanValues
}

export type RunOutcome =
  | { kind: 'succeeded' }
  | { kind: 'failed'; step: string; reason: string }
  | { kind: 'aborted'; by: string; reason: string }
  /** A worker was lost: the reason says what is known, and what may still run. */
  | { kind: 'unknown'; reason: string }
  /** This worker stops; the program, if any, goes on and is adopted by the next start. */
  | { kind: 'released' }

export type FinishedRun =
  | Exclude<RunOutcome, { kind: 'released' }>
  /** This attempt ended with its worker; another one follows. */
  | { kind: 'repeat'; reason: string }

/** What a run is for: a service request, or the granting or removal of an access. */
export type RunSubject =
  | { requestId: number }
  | { accessId: number; purpose: RunPurpose; runbookVersionId: number }

export type NewRun = RunSubject & {
  /** 1, 2, …: a second run of the same attempt can't be made. */
  attempt: number
  plan: RunPlan
}

/** What open pages and the worker listen to. */
export const topicOfRun = (run: Pick<Row<'runs'>, 'request_id' | 'access_id'>) =>
  run.request_id === null ? `access:${run.access_id}` : `request:${run.request_id}`

/** Writes down a run and all its steps, before anything is started. */
export async function createRun(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  lease: Lease,
  { attempt, plan, ...subject }: NewRun,
): Promise<number> {
  const { id } = await tx
    .insertInto('runs')
    .values({
      ...columnsOf(subject),
      attempt,
      state: 'running',
      worker_id: lease.workerId,
      host: lease.host,
      fence: lease.fence,
      abort_by: null,
      abort_reason: null,
      plan_values: JSON.stringify(plan.values),
      started_at: nowInstant(deps.clock),
      finished_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx.insertInto('run_steps').values(stepsOf(id, plan.definition)).execute()
  return id
}

const values = z.record(z.string(), z.string()).default({})
const planValues = z.object({ asset: values, request: values, field: values, access: values, person: values })

/** What a run was made with, whatever was set up differently since. */
export const valuesOf = (run: Pick<Row<'runs'>, 'plan_values'>): PlanValues =>
  planValues.parse(JSON.parse(run.plan_values))

const stepsOf = (runId: number, { steps, onFailure }: RunbookDefinition) => [
  ...steps.map((step, position) => newStep(runId, 'main', position, step)),
  ...onFailure.map((step, position) => newStep(runId, 'on-failure', position, step)),
]

const newStep = (
  run_id: number,
  phase: Row<'run_steps'>['phase'],
  position: number,
  { name, executor }: RunbookStep,
) => ({
  run_id,
  position,
  phase,
  name,
  executor,
  state: 'waiting' as const,
  host: null,
  boot_id: null,
  pgid: null,
  proc_start: null,
  spool: null,
  exit_status: null,
  started_at: null,
  finished_at: null,
  first_line: null,
})

/**
 * Asks for a running run to be aborted; false when it had ended or was being aborted already. The worker hears of it by
 * announcing `topicOfRun` after the commit, or within two seconds.
 */
export async function requestAbort(tx: Tx, runId: number, by: string, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('runs')
    .set({ abort_by: by, abort_reason: reason })
    .where('id', '=', runId)
    .where('state', '=', 'running')
    .where('abort_by', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Closes the run, in the transaction that moves the request to its final state. False when it was closed before. */
export async function finishRun(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  lease: Lease,
  runId: number,
  outcome: FinishedRun,
): Promise<boolean> {
  const now = nowInstant(deps.clock)
  const { numUpdatedRows } = await tx
    .updateTable('runs')
    .set({ state: outcome.kind === 'repeat' ? 'unknown' : outcome.kind, finished_at: now, released: 0 })
    .where('id', '=', runId)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow()
  if (outcome.kind === 'unknown' || outcome.kind === 'repeat')
    await closeSteps(tx, runId, outcome.reason, now)
  await lease.guard(tx)
  return numUpdatedRows > 0n
}

async function closeSteps(tx: Tx, runId: number, message: string, finished_at: Instant) {
  const steps = tx.updateTable('run_steps').where('run_id', '=', runId)
  await steps.where('state', '=', 'running').set({ state: 'unknown', message, finished_at }).execute()
  await steps.where('state', '=', 'waiting').set({ state: 'skipped' }).execute()
}

/** The steps of a run in the order in which they run. */
export const stepsOfRun = (db: DbOrTx, runId: number): Promise<Row<'run_steps'>[]> =>
  db
    .selectFrom('run_steps')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('phase')
    .orderBy('position')
    .execute()

/** The newest run of a request. */
export const latestRun = (db: DbOrTx, requestId: number): Promise<Row<'runs'> | undefined> =>
  newest(db).where('request_id', '=', requestId).executeTakeFirst()

/** The newest run of an access. */
export const latestRunOfAccess = (db: DbOrTx, accessId: number): Promise<Row<'runs'> | undefined> =>
  newest(db).where('access_id', '=', accessId).executeTakeFirst()

const newest = (db: DbOrTx) => db.selectFrom('runs').selectAll().orderBy('attempt', 'desc').limit(1)

/** All runs of an access, newest first. */
export const runsOfAccess = (db: DbOrTx, accessId: number, limit = 100): Promise<Row<'runs'>[]> =>
  db
    .selectFrom('runs')
    .selectAll()
    .where('access_id', '=', accessId)
    .orderBy('attempt', 'desc')
    .limit(limit)
    .execute()

/** The run that granted an access last, or came nearest to it. */
export const latestGrant = (db: DbOrTx, accessId: number): Promise<Row<'runs'> | undefined> =>
  newest(db).where('access_id', '=', accessId).where('purpose', '=', 'grant').executeTakeFirst()

/** How often in a row, this time included, a run of the same kind was begun and lost with its worker. */
export async function begunInARow(db: DbOrTx, run: Row<'runs'>): Promise<number> {
  if (run.access_id === null) return run.attempt
  const before = await db
    .selectFrom('runs')
    .select(['state', 'purpose'])
    .where('access_id', '=', run.access_id)
    .where('attempt', '<', run.attempt)
    .orderBy('attempt', 'desc')
    .limit(10)
    .execute()
  const other = before.findIndex(({ state, purpose }) => state !== 'unknown' || purpose !== run.purpose)
  return 1 + (other < 0 ? before.length : other)
}

const columnsOf = (subject: RunSubject) =>
  'requestId' in subject
    ? { request_id: subject.requestId }
    : {
        access_id: subject.accessId,
        purpose: subject.purpose,
        runbook_version_id: subject.runbookVersionId,
      }
