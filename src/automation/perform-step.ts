import { nowInstant } from '../clock.ts'
import { type ActiveRun, append, type StepRow, told, updateStep } from './active-run.ts'
import { ActiveStep } from './active-step.ts'
import { type StepEnd, StepError } from './executors/executor.ts'
import { executorOf } from './executors/registry.ts'
import { asWritten, type PlannedStep, plannedSteps } from './plan.ts'
import { createRedactor, withholdAll } from './redact.ts'
import type { RunPlan } from './run-records.ts'
import { resolveSecrets } from './secret-references.ts'
import { PlanError } from './template.ts'

export interface PreparedRun {
  steps: readonly PlannedStep[]
  /** Why nothing can be started. */
  problem: string | undefined
}

/** done: it has an end now, whichever. released: it goes on without us. */
export type Begun = 'done' | 'released'

/** Finds whatever is wrong with a plan before anything starts. */
export function prepareRun(run: ActiveRun, plan: RunPlan): PreparedRun {
  // A program that was started with secrets that we can't find may print them.
  run.outputRedactor = withholdAll
  try {
    run.secrets = resolveSecrets(plan.definition, run.deps.config)
    run.redactor = createRedactor([...run.secrets.values()])
    run.outputRedactor = run.redactor
    return { steps: plannedSteps(plan), problem: undefined }
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    return { steps: asWritten(plan), problem: error.message }
  }
}

export function stepOf(
  { steps, problem }: PreparedRun,
  row: StepRow,
): PlannedStep & { problem: string | undefined } {
  const planned = steps.find(({ phase, position }) => phase === row.phase && position === row.position)
  if (!planned) throw new Error(`Step ${row.id} is not in the runbook's version that it was made from.`)
  return { ...planned, problem }
}

export async function performStep(
  run: ActiveRun,
  planned: PlannedStep & { problem: string | undefined },
  row: StepRow,
  how: 'run' | 'resume',
): Promise<Begun> {
  const at = new ActiveStep(run, planned, row)
  try {
    const end = await attempt(at, planned, how)
    if (end.kind === 'released') return 'released'
    await conclude(at, end)
    return 'done'
  } finally {
    at.control.dispose()
  }
}

async function attempt(
  at: ActiveStep,
  { step, problem }: PlannedStep & { problem: string | undefined },
  how: 'run' | 'resume',
): Promise<StepEnd> {
  if (how === 'run' && problem) return { kind: 'failed', reason: problem }
  try {
    if (how === 'run') at.mayStart()
    return await executorOf(step.executor)[how](step, at)
  } catch (error) {
    if (error instanceof StepError) return { kind: 'failed', reason: error.message }
    throw error
  }
}

/** Writes down how a step has ended. */
export async function conclude(at: ActiveStep, end: Exclude<StepEnd, { kind: 'released' }>) {
  const { active, row } = at
  const now = nowInstant(active.deps.clock)
  const header = row.started_at === null ? at.header() : []
  const changes = {
    state: end.kind,
    finished_at: now,
    started_at: row.started_at ?? (end.kind === 'failed' ? null : now),
    first_line: row.first_line ?? active.log.nextLine,
    exit_status: 'exitStatus' in end ? (end.exitStatus ?? null) : null,
    message: end.kind === 'succeeded' ? '' : active.redactor.redact(end.reason),
  }
  await append(active, [...header, ...told(active, row, verdict(end, row, now))], tx =>
    updateStep(tx, row, changes),
  )
  Object.assign(row, changes)
}

function verdict(end: Exclude<StepEnd, { kind: 'released' }>, row: StepRow, now: string): string {
  const after =
    row.started_at === null ? '' : ` after ${duration(Date.parse(now) - Date.parse(row.started_at))}`
  if (end.kind === 'failed') return `Failed${after}: ${end.reason}`
  if (end.kind === 'aborted') return `Aborted${after}: ${end.reason}`
  return `Succeeded${after}${end.exitStatus === undefined ? '' : ` (exit status ${end.exitStatus})`}.`
}

function duration(milliseconds: number): string {
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const all = Math.round(milliseconds / 1000)
  const [h, m, s] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60]
  return h > 0 ? `${h} h ${m} min` : `${m} min ${s} s`
}
