import { nowInstant } from '../clock.ts'
import { inheritedEnvironment } from '../config.ts'
import type { Tx } from '../deps.ts'
import { type ActiveRun, append, type StepRow, told, updateStep } from './active-run.ts'
import type { StepContext, StepEnd, StepProgram } from './executors/executor.ts'
import { type FollowedStep, followProgram, runProgram } from './follow-program.ts'
import { describeStep, type PlannedStep, stepEnvironment } from './plan.ts'
import type { NewLine } from './run-log/line.ts'
import { topicOfRun } from './run-records.ts'
import { StepControl } from './step-control.ts'

/** A step in the hands of its executor. */
export class ActiveStep implements StepContext, FollowedStep {
  readonly active: ActiveRun
  readonly planned: PlannedStep
  readonly row: StepRow
  readonly control: StepControl
  readonly env: Readonly<Record<string, string>>

  constructor(active: ActiveRun, planned: PlannedStep, row: StepRow) {
    const run = { id: active.row.id, topic: topicOfRun(active.row) }
    this.active = active
    this.planned = planned
    this.row = row
    this.control = new StepControl(active.deps, active.lease, run, planned.phase === 'main')
    this.env = { ...inheritedEnvironment(), ...stepEnvironment(planned.step, active.secrets) }
    if (row.started_at) this.control.limit(planned.step.timeLimit, row.started_at)
  }

  get deps() {
    return this.active.deps
  }
  get db() {
    return this.active.deps.db
  }
  get host() {
    return this.active.lease.host
  }
  get startedAt() {
    return this.row.started_at ?? nowInstant(this.deps.clock)
  }
  get signal() {
    return this.control.signal
  }
  stopReason() {
    return this.control.stopReason()
  }
  mayStart() {
    this.control.mayStart()
  }

  async begin(program: Partial<StepRow> = {}) {
    this.mayStart()
    const { step } = this.planned
    const lines = this.header()
    const changes = {
      ...program,
      state: 'running',
      host: this.host,
      started_at: nowInstant(this.deps.clock),
      first_line: this.active.log.nextLine,
      command: lines
        .map(({ text }) => text)
        .slice(1)
        .join('\n'),
    } as const
    await this.append(lines, async tx => {
      await updateStep(tx, this.row, changes)
      await this.active.hooks.onStep(tx, step.name)
    })
    Object.assign(this.row, changes)
    this.control.limit(step.timeLimit, this.startedAt)
    await this.deps.checkpoint?.('step committed')
  }

  /** What it is and what it will do. */
  header(): NewLine[] {
    return told(this.active, this.row, this.#title(), ...describeStep(this.planned.step))
  }

  #title(): string {
    const { phase, position, step } = this.planned
    const of = this.active.steps.filter(row => row.phase === phase).length
    return `${phase === 'main' ? 'Step' : 'On-failure step'} ${position + 1} of ${of}: ${step.name}`
  }

  say(...lines: string[]): Promise<void> {
    return this.append(told(this.active, this.row, ...lines))
  }

  async append(lines: readonly NewLine[], alongside?: (tx: Tx) => Promise<void>) {
    await append(this.active, lines, alongside)
    if (this.active.abortBy && this.planned.phase === 'main' && !this.signal.aborted)
      await this.control.look()
  }

  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(async tx => {
      const result = await work(tx)
      await this.active.lease.guard(tx)
      return result
    })
  }

  runProgram(program: StepProgram): Promise<StepEnd> {
    return runProgram(this, program)
  }

  followProgram(program: StepProgram): Promise<StepEnd> {
    return followProgram(this, program)
  }
}
