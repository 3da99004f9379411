import type { Deps } from '../deps.ts'
import type { Lease } from '../jobs/lease.ts'
import { type ActiveRun, append, openRun, type RunHooks, type StepRow, told } from './active-run.ts'
import { type Begun, type PreparedRun, performStep, prepareRun, stepOf } from './perform-step.ts'
import { removeSpools } from './programs/spool.ts'
import type { RunOutcome, RunPlan } from './run-records.ts'

export type { RunHooks } from './active-run.ts'

/**
 * Performs the steps of a run that have not been performed, in order; after a failure or an abort the on-failure steps.
 * Throws LeaseLost when the run is not ours any more.
 */
export async function executeRun(
  deps: Deps,
  lease: Lease,
  runId: number,
  plan: RunPlan,
  hooks: RunHooks,
): Promise<RunOutcome> {
  return goOn(await openRun(deps, lease, runId, hooks), plan)
}

/** From where a run is to its end; `resumed` is a step that a stopped worker has left. */
export async function goOn(run: ActiveRun, plan: RunPlan, resumed?: StepRow): Promise<RunOutcome> {
  const prepared = prepareRun(run, plan)
  if (resumed && (await perform(run, prepared, resumed, 'resume')) === 'released') return release(run)
  if ((await performMain(run, prepared)) === 'released') return release(run)
  const trouble = await troubleOf(run)
  if (trouble && (await tidyUp(run, prepared)) === 'released') return release(run)
  await skip(run)
  await run.deps.checkpoint?.('before finish')
  removeSpools(run.deps.config, run.row.id)
  return trouble ?? { kind: 'succeeded' }
}

async function performMain(run: ActiveRun, prepared: PreparedRun): Promise<Begun> {
  for (const row of stepsIn(run, 'main')) {
    if (row.state === 'succeeded') continue
    if (row.state !== 'waiting' || run.abortBy) return 'done'
    if ((await perform(run, prepared, row, 'run')) === 'released') return 'released'
    if (String(row.state) !== 'succeeded') return 'done'
  }
  return 'done'
}

/** Between two steps a worker that stops hands over at once. */
async function perform(
  run: ActiveRun,
  prepared: PreparedRun,
  row: StepRow,
  how: 'run' | 'resume',
): Promise<Begun> {
  if (run.lease.handingOver) return 'released'
  const begun = await performStep(run, stepOf(prepared, row), row, how)
  if (begun === 'done') await run.deps.checkpoint?.('step finished')
  return begun
}

async function troubleOf(
  run: ActiveRun,
): Promise<Extract<RunOutcome, { kind: 'failed' | 'aborted' }> | undefined> {
  const ended = stepsIn(run, 'main').find(({ state }) => state !== 'succeeded')
  if (!ended) return undefined
  if (ended.state === 'failed') return { kind: 'failed', step: ended.name, reason: ended.message }
  const asked = await run.deps.db
    .selectFrom('runs')
    .select(['abort_by', 'abort_reason'])
    .where('id', '=', run.row.id)
    .executeTakeFirstOrThrow()
  return { kind: 'aborted', by: asked.abort_by ?? '', reason: asked.abort_reason ?? '' }
}

/** Every on-failure step gets its turn, whatever becomes of the others; none if nothing had begun. */
async function tidyUp(run: ActiveRun, prepared: PreparedRun): Promise<Begun> {
  if (!stepsIn(run, 'main').some(({ started_at }) => started_at !== null)) return 'done'
  for (const row of stepsIn(run, 'on-failure'))
    if (row.state === 'waiting' && (await perform(run, prepared, row, 'run')) === 'released')
      return 'released'
  return 'done'
}

/** Steps whose turn does not come any more. */
async function skip(run: ActiveRun) {
  const waiting = run.steps.filter(({ state }) => state === 'waiting')
  if (waiting.length === 0) return
  await append(run, [], async tx => {
    await tx
      .updateTable('run_steps')
      .set({ state: 'skipped' })
      .where('run_id', '=', run.row.id)
      .where('state', '=', 'waiting')
      .execute()
  })
  for (const row of waiting) row.state = 'skipped'
}

async function release(run: ActiveRun): Promise<RunOutcome> {
  await append(run, told(run, null, 'This worker stops. The next one goes on from here.'), async tx => {
    await tx.updateTable('runs').set({ released: 1 }).where('id', '=', run.row.id).execute()
  })
  return { kind: 'released' }
}

const stepsIn = (run: ActiveRun, phase: StepRow['phase']) => run.steps.filter(row => row.phase === phase)
