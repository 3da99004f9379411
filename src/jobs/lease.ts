import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Engine, Tx } from '../deps.ts'
import type { Claim } from './claims.ts'

/** The job is no longer ours: another worker has it, or may have it any moment. Stop without writing. */
export class LeaseLost extends Error {
  override name = 'LeaseLost'
}
/** The worker stops: finish what is at hand or leave it to be adopted, and release the job. */
export class HandingOver extends Error {
  override name = 'HandingOver'
}

/** The right to work on a job for a while, renewed by the worker's heartbeat. */
export interface Lease {
  readonly jobId: number
  readonly fence: number
  readonly workerId: string
  readonly host: string
  /** Aborted when the lease is lost (reason: LeaseLost) or the worker stops (reason: HandingOver). */
  readonly signal: AbortSignal
  readonly handingOver: boolean
  /** What is left of it, 0 when lost. Right at every instant, also just after the process was suspended. */
  remainingMs(): number
  /**
   * Throws LeaseLost unless the job is still ours by the database's account, and keeps it so until the end of the
   * transaction. Best called last: everyone then locks domain rows first and job rows after them.
   */
  guard(tx: Tx): Promise<void>
}

/** The worker's side of a lease. */
export interface HeldLease {
  readonly claim: Claim
  readonly lease: Lease
  readonly lost: boolean
  renewed(asked: Reading): void
  lose(why: string): void
  handOver(): void
}

/** A moment on both watches. */
export interface Reading {
  wall: number
  monotonic: number
}

/**
 * The wall clock can be set back; the monotonic one stands still while the machine sleeps. Time passed is the longer
 * of the two, counted from before the statement that took or renewed the lease was sent.
 */
export interface Watch {
  read(): Reading
  since(reading: Reading): number
}

export function createWatch(clock: Clock, monotonic: () => number = () => performance.now()): Watch {
  const read = () => ({ wall: clock.now().getTime(), monotonic: monotonic() })
  return {
    read,
    since(reading) {
      const now = read()
      return Math.max(now.wall - reading.wall, now.monotonic - reading.monotonic)
    },
  }
}

export const leaseMs = (config: Pick<Config, 'LEASE_SECONDS'>) => config.LEASE_SECONDS * 1000
/** With less than this left a lease counts as lost, and nothing may be started. */
export const leaseMarginMs = (config: Pick<Config, 'LEASE_SECONDS'>) => leaseMs(config) / 4
/** Three heartbeats a lease, so that one may fail. */
export const heartbeatMs = (config: Pick<Config, 'LEASE_SECONDS'>) => leaseMs(config) / 4

export interface LeaseSettings {
  engine: Engine
  host: string
  leaseMs: number
  watch: Watch
}

export function createLease(claim: Claim, asked: Reading, settings: LeaseSettings): HeldLease {
  const { watch } = settings
  const ending = new AbortController()
  let renewedAt = asked
  let lost = false
  let handingOver = false
  const lease: Lease = {
    jobId: claim.id,
    fence: claim.fence,
    workerId: claim.workerId,
    host: settings.host,
    signal: ending.signal,
    get handingOver() {
      return handingOver
    },
    remainingMs: () => (lost ? 0 : Math.max(0, settings.leaseMs - watch.since(renewedAt))),
    guard: tx => guard(tx, claim, settings.engine),
  }
  return {
    claim,
    lease,
    get lost() {
      return lost
    },
    renewed(at) {
      renewedAt = at
    },
    lose(why) {
      lost = true
      ending.abort(new LeaseLost(`Job ${claim.id} (${claim.name}): ${why}`))
    },
    handOver() {
      handingOver = true
      ending.abort(new HandingOver('This worker stops.'))
    },
  }
}

/** SQLite's transactions are alone by themselves; PostgreSQL needs the row locked against a takeover. */
async function guard(tx: Tx, claim: Claim, engine: Engine): Promise<void> {
  const ours = tx
    .selectFrom('jobs')
    .select('id')
    .where('id', '=', claim.id)
    .where('fence', '=', claim.fence)
    .where('state', '=', 'running')
  const row = await (engine === 'postgres' ? ours.forUpdate() : ours).executeTakeFirst()
  if (!row) throw new LeaseLost(`Job ${claim.id} (${claim.name}) was taken over by another worker.`)
}
