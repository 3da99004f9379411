import type { RunbookStep } from '../runbook.ts'
import { command } from './command/command.ts'
import type { Executor } from './executor.ts'
import { process } from './process/process.ts'

const executors = { command, process } satisfies {
  [K in RunbookStep['executor']]: Executor<Extract<RunbookStep, { executor: K }>>
}

/** The name in a step chooses the executor that understands that step. */
export const executorOf = (name: RunbookStep['executor']): Executor<RunbookStep> =>
  executors[name] as Executor<RunbookStep>
