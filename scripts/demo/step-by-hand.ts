import type { StepContext } from '../../src/automation/executors/executor.ts'
import { stepEnvironment } from '../../src/automation/plan.ts'
import type { RunbookStep } from '../../src/automation/runbook.ts'
import { nowInstant } from '../../src/clock.ts'
import { inheritedEnvironment } from '../../src/config.ts'
import type { Deps } from '../../src/deps.ts'

/** What an executor needs for a step outside of any service request: nothing to log to, no lease to lose. */
export const stepByHand = (deps: Deps, step: RunbookStep): StepContext => ({
  deps,
  db: deps.db,
  host: deps.config.WORKER_HOST,
  startedAt: nowInstant(deps.clock),
  env: { ...inheritedEnvironment(), ...stepEnvironment(step, new Map()) },
  signal: AbortSignal.timeout(step.timeLimit * 1000),
  stopReason: () => undefined,
  mayStart: () => {},
  begin: async () => {},
  say: async () => {},
  write: work => deps.db.transaction().execute(work),
  runProgram: () => notHere(),
  followProgram: () => notHere(),
})

function notHere(): never {
  throw new Error('Only supervised programs are started by hand.')
}
