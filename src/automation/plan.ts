import type { Config } from '../config.ts'
import type { Secret } from '../secret.ts'
import { executorOf } from './executors/registry.ts'
import type { RunPlan } from './run-records.ts'
import type { RunbookStep } from './runbook.ts'
import { resolveSecrets } from './secret-references.ts'
import { fillIn, fillInArguments, fillInFixed, PlanError, type PlanValues } from './template.ts'

/** A step as it runs: nothing left to be replaced, except references to secrets. */
export interface PlannedStep {
  phase: 'main' | 'on-failure'
  position: number
  step: RunbookStep
}

/** Puts the values into all steps. Throws a PlanError that names the step and what is wrong with it. */
export const plannedSteps = ({ definition, values }: RunPlan): PlannedStep[] => [
  ...definition.steps.map((step, position) => planned('main', position, step, values)),
  ...definition.onFailure.map((step, position) => planned('on-failure', position, step, values)),
]

function planned(
  phase: PlannedStep['phase'],
  position: number,
  step: RunbookStep,
  values: PlanValues,
): PlannedStep {
  try {
    return { phase, position, step: filledStep(step, values) }
  } catch (error) {
    if (error instanceof PlanError) throw new PlanError(`Step “${step.name}”: ${error.message}`)
    throw error
  }
}

function filledStep(step: RunbookStep, values: PlanValues): RunbookStep {
  const fill = (text: string) => fillIn(text, values)
  const fixed = (what: string, text: string) => fillInFixed(what, text, values)
  const common = {
    argv: fillInArguments(step.argv, values),
    env: Object.fromEntries(
      Object.entries(step.env).map(([name, value]) => [
        name,
        typeof value === 'string' ? fill(value) : value,
      ]),
    ),
    folder: step.folder === undefined ? undefined : fixed('folder', step.folder),
  }
  if (step.executor === 'command') return { ...step, ...common }
  return {
    ...step,
    ...common,
    process: fixed('process', step.process),
    output: fixed('output file', step.output),
    healthUrl: step.healthUrl === undefined ? undefined : fixed('health address', step.healthUrl),
  }
}

/** The environment of a step's program, secrets opened. */
export const stepEnvironment = (
  step: RunbookStep,
  secrets: ReadonlyMap<string, Secret>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(step.env).flatMap(([name, value]) => {
      const text = typeof value === 'string' ? value : secrets.get(value.secret)?.expose()
      return text === undefined ? [] : [[name, text]]
    }),
  )

export interface PlanDescription {
  steps: { phase: PlannedStep['phase']; name: string; executor: string; timeLimit: number; lines: string[] }[]
  /** Why it would not start; empty when it would. */
  problems: string[]
}

/** What would run, for the dry run: nothing is started, secrets are named by their reference only. */
export function describePlan(plan: RunPlan, config: Config): PlanDescription {
  const problems = [
    ...problemOf(() => plannedSteps(plan)),
    ...problemOf(() => resolveSecrets(plan.definition, config)),
  ]
  const steps = problemOf(() => plannedSteps(plan)).length > 0 ? asWritten(plan) : plannedSteps(plan)
  return {
    problems,
    steps: steps.map(({ phase, step }) => ({
      phase,
      name: step.name,
      executor: step.executor,
      timeLimit: step.timeLimit,
      lines: describeStep(step),
    })),
  }
}

/** The lines that stand for a step in the log and in the dry run. */
export const describeStep = (step: RunbookStep): string[] => [
  ...executorOf(step.executor).describe(step),
  ...(step.folder === undefined ? [] : [`in folder ${step.folder}`]),
  ...Object.entries(step.env).map(
    ([name, value]) => `with ${name}=${typeof value === 'string' ? value : value.secret}`,
  ),
]

/** Placeholders still in their places. */
export const asWritten = ({ definition }: RunPlan): PlannedStep[] => [
  ...definition.steps.map((step, position) => ({ phase: 'main' as const, position, step })),
  ...definition.onFailure.map((step, position) => ({ phase: 'on-failure' as const, position, step })),
]

function problemOf(work: () => unknown): string[] {
  try {
    work()
    return []
  } catch (error) {
    if (error instanceof PlanError) return [error.message]
    throw error
  }
}
