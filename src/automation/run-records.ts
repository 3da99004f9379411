import { z } from 'zod'
import type { Instant, Row } from '../../db/schema.ts'
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

export interface NewRun {
  requestId: number
  /** 1, 2, …: a second run of the same attempt can't be made. */
  attempt: number
  plan: RunPlan
}

/** Writes down a run and all its steps, before anything is started. */
export async function createRun(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  lease: Lease,
  { requestId, attempt, plan }: NewRun,
): Promise<number> {
  const { id } = await tx
    .insertInto('runs')
    .values({
      request_id: requestId,
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
const planValues = z.object({ asset: values, request: values, field: values })

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
 * `deps.announce('request:ID')` after the commit, or within two seconds.
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
  db
    .selectFrom('runs')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('attempt', 'desc')
    .limit(1)
    .executeTakeFirst()
