import type { Instant } from '../../../db/schema.ts'
import type { Db, Deps, Tx } from '../../deps.ts'

/** A program of a step: run in a group of its own, followed into the log, ended with all it has started. */
export interface StepProgram {
  argv: readonly string[]
  folder?: string | undefined
  merge: boolean
  /** Seconds from SIGTERM to SIGKILL. */
  stopWait: number
}

export type StepEnd =
  | { kind: 'succeeded'; exitStatus?: number }
  | { kind: 'failed'; reason: string; exitStatus?: number }
  /** The operator's abort has ended it. */
  | { kind: 'aborted'; reason: string }
  /** The worker stops; `resume` goes on with it. */
  | { kind: 'released' }

/** Why a step has to end before it is through. */
export type StopReason =
  | { kind: 'time limit'; seconds: number }
  | { kind: 'abort'; by: string; reason: string }
  | { kind: 'release' }

/** What an executor may do for a step. Everything it writes holds only while the lease does. */
export interface StepContext {
  readonly deps: Pick<Deps, 'config' | 'clock' | 'checkpoint'>
  readonly db: Db
  readonly host: string
  /** When the step first began, also if another worker began it. */
  readonly startedAt: Instant
  /** The step's environment, secrets opened, upon the little that programs inherit. */
  readonly env: Readonly<Record<string, string>>
  /** Aborted when the step has to end: `stopReason` says why. */
  readonly signal: AbortSignal
  /** Undefined while it may go on. Throws when the lease is lost. */
  stopReason(): StopReason | undefined
  /** Throws unless enough of the lease is left to start something. */
  mayStart(): void
  /** Commits that the step has begun. Before it nothing may have an effect. */
  begin(): Promise<void>
  /** Adds lines to the log; secrets are taken out. */
  say(...lines: string[]): Promise<void>
  /** A further write, in a transaction of its own under the lease. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  runProgram(program: StepProgram): Promise<StepEnd>
  /** Goes on following the program that a stopped worker has left. */
  followProgram(program: StepProgram): Promise<StepEnd>
}

/** What can be looked at without a lease. */
export type Outlook = Pick<StepContext, 'deps' | 'db' | 'host'>

/** The step can't be done; the message says why. */
export class StepError extends Error {
  override name = 'StepError'
}

/** One way to perform a step. A folder each, and a line in registry.ts. */
export interface Executor<Step> {
  /** What it will do, in lines; no secrets. */
  describe(step: Step): string[]
  run(step: Step, at: StepContext): Promise<StepEnd>
  /** Goes on with a step that a stopping worker has released. Nothing is done twice. */
  resume(step: Step, at: StepContext): Promise<StepEnd>
  /** After a crash: what can be seen of it now, in a sentence; empty if nothing. */
  traces(step: Step, at: Outlook): Promise<string>
}
