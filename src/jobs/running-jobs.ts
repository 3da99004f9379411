import { setTimeout as delay } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Random } from './backoff.ts'
import { type Claim, type Claimant, heartbeat } from './claims.ts'
import { coalesce } from './coalesce.ts'
import type { JobHandler, JobOutcome } from './handler.ts'
import {
  createLease,
  HandingOver,
  type HeldLease,
  LeaseLost,
  leaseMarginMs,
  type Reading,
  type Watch,
} from './lease.ts'
import { finish, postpone, release, retryLater } from './outcomes.ts'

export interface RunningJobsOptions {
  deps: Deps
  claimant: Claimant
  watch: Watch
  random: Random
  handlers: Readonly<Record<string, JobHandler>>
  /** A slot has become free. */
  onFree(): void
  /** A job that was held is queued again, now or for later. */
  onQueued(): void
}

type Ending = JobOutcome | { kind: 'failed'; error: unknown }

const settleRetryMs = 250

/** The jobs a worker holds: runs their handlers, renews their leases, writes their outcomes. */
export class RunningJobs {
  readonly #options: RunningJobsOptions
  readonly #held = new Set<HeldLease>()
  readonly #finish: (claim: Claim) => Promise<void>
  #handingOver = false
  #emptied = () => {}

  constructor(options: RunningJobsOptions) {
    const { deps } = options
    this.#options = options
    this.#finish = coalesce(async claims => {
      if (await finish(deps.db, deps.clock, deps.engine, claims)) options.onQueued()
    })
  }

  get size() {
    return this.#held.size
  }

  get claims(): Claim[] {
    return [...this.#held].filter(held => !held.lost).map(held => held.claim)
  }

  /** `asked`: when the claim was sent. */
  start(claims: readonly Claim[], asked: Reading): void {
    const { claimant, watch, deps } = this.#options
    const settings = {
      engine: claimant.engine,
      host: deps.config.WORKER_HOST,
      leaseMs: claimant.leaseMs,
      watch,
    }
    for (const claim of claims) {
      const held = createLease(claim, asked, settings)
      this.#held.add(held)
      void this.#run(held)
    }
  }

  async #run(held: HeldLease) {
    const ending = this.#handingOver ? ({ kind: 'released' } as const) : await this.#outcome(held)
    await this.#settle(held, ending)
    this.#held.delete(held)
    if (this.#held.size === 0) this.#emptied()
    this.#options.onFree()
  }

  async #outcome({ claim, lease }: HeldLease): Promise<Ending> {
    try {
      const handler = this.#options.handlers[claim.name]
      if (!handler) throw new Error(`This version of Gatehouse has nothing that does “${claim.name}”.`)
      const { id, name, attempts, maxAttempts, previousWorkerId } = claim
      const payload: unknown = JSON.parse(claim.payload)
      return await handler(this.#options.deps, {
        id,
        name,
        payload,
        attempts,
        maxAttempts,
        previousWorkerId,
        lease,
      })
    } catch (error) {
      return error instanceof HandingOver ? { kind: 'released' } : { kind: 'failed', error }
    }
  }

  /** Tries until it is written or the lease has run out: then the job is taken over and its handler finds it done. */
  async #settle(held: HeldLease, ending: Ending) {
    const { log } = this.#options.deps
    this.#report(held, ending)
    while (!held.lost && held.lease.remainingMs() > 0) {
      try {
        return await this.#write(held.claim, ending)
      } catch (error) {
        log.warn({ err: error, job: held.claim.id }, 'the outcome of a job could not be written yet')
        await delay(settleRetryMs)
      }
    }
    log.warn({ job: held.claim.id, name: held.claim.name }, 'a job was given up: its lease was lost')
  }

  async #write(claim: Claim, ending: Ending): Promise<void> {
    const { deps, random } = this.#options
    if (ending.kind === 'done') return this.#finish(claim)
    if (ending.kind === 'again') await postpone(deps.db, claim, ending.at)
    else if (ending.kind === 'released') await release(deps.db, deps.clock, claim)
    else await retryLater(deps.db, deps.clock, claim, { error: ending.error, random })
    this.#options.onQueued()
  }

  #report({ claim, lost }: HeldLease, ending: Ending) {
    if (ending.kind !== 'failed' || lost || ending.error instanceof LeaseLost) return
    const { id, name, attempts, maxAttempts } = claim
    const level = attempts < maxAttempts ? 'warn' : 'error'
    this.#options.deps.log[level]({ err: ending.error, job: id, name, attempts, maxAttempts }, 'a job failed')
  }

  /** Renews all leases; those the database refuses are lost. */
  async beat(): Promise<void> {
    const { deps, claimant, watch } = this.#options
    const asked = watch.read()
    const { renewed, lost } = await heartbeat(deps.db, claimant, this.claims)
    for (const held of this.#held) {
      if (renewed.includes(held.claim)) held.renewed(asked)
      if (lost.includes(held.claim)) held.lose('another worker has taken it over.')
    }
  }

  /** Gives up what could run out before a heartbeat gets through. */
  watchLeases(): void {
    const margin = leaseMarginMs(this.#options.deps.config)
    for (const held of this.#held)
      if (!held.lost && held.lease.remainingMs() < margin)
        held.lose('its lease could not be renewed in time.')
  }

  /** Tells handlers to come to an end; what is still claimed is given back unstarted. */
  handOver(): void {
    this.#handingOver = true
    for (const held of this.#held) held.handOver()
  }

  emptied(): Promise<void> {
    return this.#held.size === 0
      ? Promise.resolve()
      : new Promise(resolve => {
          this.#emptied = resolve
        })
  }
}
