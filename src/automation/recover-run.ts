import type { Instant } from '../../db/schema.ts'
import { after, nowInstant, seconds } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { type Lease, leaseMarginMs } from '../jobs/lease.ts'
import { bootId, type ProcessStat } from '../proc.ts'
import {
  type ActiveRun,
  append,
  openRun,
  type RunHooks,
  type StepRow,
  told,
  updateStep,
} from './active-run.ts'
import { ActiveStep } from './active-step.ts'
import { goOn } from './execute-run.ts'
import { executorOf } from './executors/registry.ts'
import { groupOf, stillRunning } from './follow-program.ts'
import { conclude, prepareRun, stepOf } from './perform-step.ts'
import { endGroup } from './programs/group.ts'
import { hasBegun, removeSpools, spoolAt, statusIn } from './programs/spool.ts'
import { readLines } from './run-log.ts'
import { begunInARow, type RunOutcome, type RunPlan } from './run-records.ts'
import { storeLeftOutput } from './step-output.ts'

export type Recovered =
  | RunOutcome
  /** The lost attempt may be done again: close this run and make the next one. */
  | { kind: 'repeat'; reason: string }
  /** Look once more then: the former worker's host may still take it up, or must first be surely out of it. */
  | { kind: 'again'; at: Instant }

/**
 * Takes up a run that another worker has begun. What was handed over goes on; what was lost with its worker is ended
 * first, and its outcome is what can be proven.
 */
export async function recoverRun(
  deps: Deps,
  lease: Lease,
  runId: number,
  plan: RunPlan,
  hooks: RunHooks,
): Promise<Recovered> {
  const run = await openRun(deps, lease, runId, hooks)
  const step = run.steps.find(({ state }) => state === 'running')
  if (!step) return takeUp(run, plan)
  const where = whereabouts(step, lease.host)
  if (where === 'elsewhere') return fromElsewhere(run, plan, step)
  const handedOver = run.row.released === 1 && where === 'here'
  if (handedOver || isProven(step)) return takeUp(run, plan, step)
  return afterCrash(run, plan, step, where)
}

/** A step that takes its own worker down would do so for ever. */
const mostAttempts = 3

/** here: its process ids mean something. before: the machine was started anew since. elsewhere: out of sight. */
type Whereabouts = 'here' | 'before' | 'elsewhere'

function whereabouts(step: StepRow, host: string): Whereabouts {
  if (step.host !== host) return 'elsewhere'
  const [here, then] = [bootId(), step.boot_id ?? bootId()]
  if (here === then) return 'here'
  return here.split(':')[0] === then.split(':')[0] ? 'elsewhere' : 'before'
}

/** The program had ended by itself, and its exit status was written down. */
const isProven = ({ spool }: StepRow) => spool !== null && statusIn(spoolAt(spool)) !== undefined

async function takeUp(run: ActiveRun, plan: RunPlan, step?: StepRow): Promise<RunOutcome> {
  const { lease, row } = run
  await append(run, told(run, step ?? null, 'Taken up by the next worker.'), async tx => {
    await tx
      .updateTable('runs')
      .set({ worker_id: lease.workerId, host: lease.host, fence: lease.fence, released: 0 })
      .where('id', '=', row.id)
      .execute()
  })
  return goOn(run, plan, step)
}

/** What was handed over waits for its own host as long as it may run; what was lost, until its worker is surely out. */
async function fromElsewhere(run: ActiveRun, plan: RunPlan, step: StepRow): Promise<Recovered> {
  const { deps, lease, row } = run
  const now = nowInstant(deps.clock)
  const { timeLimit } = stepOf(prepareRun(run, plan), step).step
  const margin = leaseMarginMs(deps.config)
  const until = after(step.started_at ?? now, seconds(timeLimit) + margin)
  if (row.released === 1 && now < until)
    return { kind: 'again', at: after(now, seconds(deps.config.JOB_INTERVAL)) }
  // The first claim after it: others come later by themselves.
  if (row.released === 0 && lease.fence === row.fence + 1) return { kind: 'again', at: after(now, margin) }
  const host = step.host === lease.host ? `another container of ${step.host}` : step.host
  const what = row.released === 1 ? notComeBack(step) : lostDuring(step)
  return unknown(run, step, `${what} The program was started on ${host} and may still run there.`)
}

async function afterCrash(
  run: ActiveRun,
  plan: RunPlan,
  step: StepRow,
  where: Whereabouts,
): Promise<Recovered> {
  const prepared = prepareRun(run, plan)
  const planned = stepOf(prepared, step)
  const at = new ActiveStep(run, planned, step)
  try {
    const left = where === 'here' ? await endWhatRuns(at) : []
    if (step.spool) await storeLeftOutput(at)
    if (isProven(step)) return await takeUp(run, plan, step)
    if (left.length === 0 && where === 'here' && neverBegan(step)) return await startAnew(run, plan, step)
    return await decide(at, plan, left, where)
  } finally {
    at.control.dispose()
  }
}

async function endWhatRuns(at: ActiveStep): Promise<ProcessStat[]> {
  const group = groupOf(at.row)
  if (!group) return []
  const { step } = at.planned
  await at.say('The worker was lost while this step ran. Ending whatever still runs of it.')
  const { left } = await endGroup(group, seconds(step.stopWait))
  return left
}

/** A program that never got the word to run. Nothing that a crash of the machine could have left half-written counts. */
const neverBegan = ({ spool }: StepRow) => spool !== null && hasBegun(spoolAt(spool)) === false

async function startAnew(run: ActiveRun, plan: RunPlan, step: StepRow): Promise<RunOutcome> {
  const changes = {
    state: 'waiting',
    started_at: null,
    pgid: null,
    proc_start: null,
    boot_id: null,
    spool: null,
  } as const
  const lines = told(run, step, 'The program had not begun, so it is started anew.')
  await append(run, lines, tx => updateStep(tx, step, changes))
  Object.assign(step, changes)
  return takeUp(run, plan)
}

async function decide(
  at: ActiveStep,
  plan: RunPlan,
  left: ProcessStat[],
  where: Whereabouts,
): Promise<Recovered> {
  const { active: run, row: step } = at
  const what = await whatIsKnown(at, left, where)
  if (left.length > 0) return unknown(run, step, what)
  if (run.row.abort_by && step.phase === 'main') {
    await conclude(at, { kind: 'aborted', reason: what })
    return takeUp(run, plan)
  }
  if (!plan.definition.safeToRepeat) return unknown(run, step, what)
  const begun = await begunInARow(run.deps.db, run.row)
  if (begun >= mostAttempts)
    return unknown(run, step, `${what} It was begun ${begun} times, so it is not repeated any more.`)
  // What had failed stays failed: only its tidying-up is done again.
  if (step.phase === 'on-failure') return startAnew(run, plan, step)
  await say(run, step, `${what} The runbook is declared safe to repeat: it runs once more.`)
  return { kind: 'repeat', reason: what }
}

async function whatIsKnown(at: ActiveStep, left: ProcessStat[], where: Whereabouts): Promise<string> {
  const { active: run, row: step } = at
  const program =
    where === 'before'
      ? 'The machine was started anew since, so nothing of it runs any more.'
      : stillRunning(left).trim() || (step.pgid === null ? '' : 'Nothing of it runs any more.')
  const traces = await executorOf(at.planned.step.executor).traces(at.planned.step, at)
  return [lostDuring(step), program, traces, await lastOutput(run, step)]
    .filter(part => part !== '')
    .join(' ')
}

const lostDuring = (step: StepRow) =>
  `The worker on ${step.host} was lost during the step “${step.name}”; how far it got is not known.`

const notComeBack = (step: StepRow) =>
  `The worker on ${step.host} stopped during the step “${step.name}” and did not come back; how far it got is not known.`

async function lastOutput(run: ActiveRun, step: StepRow): Promise<string> {
  const lines = await readLines(run.deps.db, run.deps.config, run.row.id, { tail: 50 })
  const last = lines.findLast(
    line => line.step === step.id && line.stream !== 'info' && line.text.trim() !== '',
  )
  return last ? `Its last line: “${last.text.slice(0, 300)}”` : ''
}

async function unknown(run: ActiveRun, step: StepRow, reason: string): Promise<RunOutcome> {
  const failed = run.steps.find(({ phase, state }) => phase === 'main' && state === 'failed')
  const whole = failed ? `The step “${failed.name}” had failed: ${failed.message} ${reason}` : reason
  await say(run, step, whole)
  return { kind: 'unknown', reason: whole }
}

/** The steps themselves are closed together with the run. */
async function say(run: ActiveRun, step: StepRow, text: string) {
  await append(run, told(run, step, text))
  await run.deps.checkpoint?.('before finish')
  if (step.host === run.lease.host) removeSpools(run.deps.config, run.row.id)
}
