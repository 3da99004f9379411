/** What other domains use of runs. */
export { executeRun, type RunHooks } from './execute-run.ts'
export { type Recovered, recoverRun } from './recover-run.ts'
export {
  createRun,
  type FinishedRun,
  finishRun,
  latestGrant,
  latestRun,
  latestRunOfAccess,
  type RunOutcome,
  type RunPlan,
  type RunSubject,
  requestAbort,
  runsOfAccess,
  stepsOfRun,
  topicOfRun,
  valuesOf,
} from './run-records.ts'
