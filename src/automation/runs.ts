/** What other domains use of runs. */
export { executeRun, type RunHooks } from './execute-run.ts'
export { type Recovered, recoverRun } from './recover-run.ts'
export {
  createRun,
  type FinishedRun,
  finishRun,
  latestRun,
  type RunOutcome,
  type RunPlan,
  requestAbort,
  stepsOfRun,
  valuesOf,
} from './run-records.ts'
