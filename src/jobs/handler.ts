import type { Instant } from '../../db/schema.ts'
import type { Deps } from '../deps.ts'
import type { Lease } from './lease.ts'

/** A job as its handler gets it. */
export interface ClaimedJob {
  id: number
  name: string
  payload: unknown
  /** This one included. More than 1: an earlier attempt failed, or its worker was lost. */
  attempts: number
  maxAttempts: number
  /** The worker that held it before; null the first time. */
  previousWorkerId: string | null
  lease: Lease
}

export type JobOutcome =
  | { kind: 'done' }
  /** Not now: once more at `at`. Does not count as an attempt. */
  | { kind: 'again'; at: Instant }
  /** Given back at once, for the next worker or the next start. Does not count as an attempt. */
  | { kind: 'released' }

/**
 * Does a job. A thrown error is a failed attempt, tried again later. It may find that an attempt before it got
 * anywhere, to the very end included: a worker can be lost between the last commit and the answer.
 */
export type JobHandler = (deps: Deps, job: ClaimedJob) => Promise<JobOutcome>

export type RecurringWork = {
  name: string
  /** One node runs each occurrence; two may overlap when one takes longer than the interval. */
  run(deps: Deps): Promise<void>
} & When

/** Every so many seconds, or each day at a time of day: 'HH:MM', in the time zone of the machine. */
export type When = { everySeconds: number } | { dailyAt: string }

/** What a worker knows to do: the registries of work.ts. */
export interface Work {
  handlers: Readonly<Record<string, JobHandler>>
  recurring: readonly RecurringWork[]
}
