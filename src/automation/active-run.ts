import type { Row } from '../../db/schema.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Lease } from '../jobs/lease.ts'
import type { Secret } from '../secret.ts'
import { createRedactor, type Redactor } from './redact.ts'
import { harmless } from './run-log/harmless.ts'
import type { NewLine } from './run-log/line.ts'
import { LogWriter } from './run-log/log-writer.ts'
import { stepsOfRun, topicOfRun } from './run-records.ts'

export type RunRow = Row<'runs'>
export type StepRow = Row<'run_steps'>

export interface RunHooks {
  /** In the transaction that commits a step's beginning: for the request's Automation Job Status. */
  onStep(tx: Tx, stepName: string): Promise<void>
}

/** A run in the hands of this worker, under its lease: what all parts of running share. */
export interface ActiveRun {
  deps: Deps
  lease: Lease
  hooks: RunHooks
  row: RunRow
  steps: StepRow[]
  log: LogWriter
  secrets: ReadonlyMap<string, Secret>
  /** For what the portal says. */
  redactor: Redactor
  /** For what programs say. */
  outputRedactor: Redactor
  /** Who asked for an abort, as far as is known. */
  abortBy: string | null
}

export async function openRun(deps: Deps, lease: Lease, runId: number, hooks: RunHooks): Promise<ActiveRun> {
  const row = await deps.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow()
  return {
    deps,
    lease,
    hooks,
    row,
    steps: await stepsOfRun(deps.db, runId),
    log: await LogWriter.open(deps, lease, row),
    secrets: new Map(),
    redactor: createRedactor([]),
    outputRedactor: createRedactor([]),
    abortBy: row.abort_by,
  }
}

/** Adds to the log, with what belongs to it, and lets open pages know. */
export async function append(
  run: ActiveRun,
  lines: readonly NewLine[],
  alongside?: (tx: Tx) => Promise<void>,
) {
  run.abortBy = await run.log.append(lines, alongside)
  run.deps.announce(topicOfRun(run.row))
}

/** What the portal says about a step, or about the whole run; what somebody typed may be a part of it. */
export const told = (run: ActiveRun, step: StepRow | null, ...texts: string[]): NewLine[] =>
  texts.map(text => ({ step: step?.id ?? null, stream: 'info', text: run.redactor.redact(harmless(text)) }))

export async function updateStep(tx: Tx, step: StepRow, changes: Partial<StepRow>) {
  await tx.updateTable('run_steps').set(changes).where('id', '=', step.id).execute()
}
