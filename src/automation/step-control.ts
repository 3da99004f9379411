import { minutes, seconds } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { HandingOver, type Lease, LeaseLost, leaseMarginMs } from '../jobs/lease.ts'
import type { StopReason } from './executors/executor.ts'

const abortLookMs = 2_000
const longestTimerMs = minutes(24 * 60)

export interface ControlledRun {
  id: number
  /** What is announced when an abort is asked for. */
  topic: string
}

/** Tells a step when it has to end, and why: time limit, abort, stop of the worker, loss of the lease. */
export class StepControl {
  readonly #deps: Deps
  readonly #lease: Lease
  readonly #run: ControlledRun
  readonly #ending = new AbortController()
  readonly #timers: NodeJS.Timeout[] = []
  readonly #undo: (() => void)[] = []
  #reason: StopReason | undefined
  #looking: Promise<void> | undefined

  /** On-failure steps can't be aborted: they tidy up after the abort. */
  constructor(deps: Deps, lease: Lease, run: ControlledRun, abortable: boolean) {
    this.#deps = deps
    this.#lease = lease
    this.#run = run
    this.#heedLease()
    if (abortable) this.#heedAbort()
  }

  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Throws when the lease is lost. */
  stopReason(): StopReason | undefined {
    if (this.#lease.remainingMs() <= 0) throw lost(this.#lease)
    return this.#reason
  }

  /** Throws unless more than the margin is left of the lease. */
  mayStart() {
    if (this.#lease.remainingMs() <= leaseMarginMs(this.#deps.config)) throw lost(this.#lease)
  }

  /** Counted from when the step began, whoever began it. */
  limit(limitSeconds: number, startedAt: string) {
    const left = Date.parse(startedAt) + seconds(limitSeconds) - this.#deps.clock.now().getTime()
    const wait = Math.min(Math.max(0, left), longestTimerMs)
    this.#after(wait, () => this.#stop({ kind: 'time limit', seconds: limitSeconds }))
  }

  /** Looks whether an operator has asked for an abort; one look at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #look() {
    const run = await this.#deps.db
      .selectFrom('runs')
      .select(['abort_by', 'abort_reason'])
      .where('id', '=', this.#run.id)
      .executeTakeFirst()
    if (run?.abort_by) this.#stop({ kind: 'abort', by: run.abort_by, reason: run.abort_reason ?? '' })
  }

  dispose() {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const undo of this.#undo) undo()
  }

  #heedLease() {
    const { signal } = this.#lease
    const heard = () => {
      if (signal.reason instanceof HandingOver)
        this.#after(seconds(this.#deps.config.STOP_WAIT), () => this.#stop({ kind: 'release' }))
      else this.#ending.abort(signal.reason)
    }
    if (signal.aborted) heard()
    else {
      signal.addEventListener('abort', heard)
      this.#undo.push(() => signal.removeEventListener('abort', heard))
    }
  }

  #heedAbort() {
    const look = () =>
      void this.look().catch(error => this.#deps.log.warn({ err: error }, 'could not look for an abort'))
    this.#undo.push(this.#deps.listen(this.#run.topic, look))
    const timer = setInterval(look, abortLookMs)
    this.#undo.push(() => clearInterval(timer))
  }

  #stop(reason: StopReason) {
    // A release gives way: whatever ends the step here and now is done here and now.
    if (this.#reason && this.#reason.kind !== 'release') return
    this.#reason = reason
    this.#ending.abort(new Error(reason.kind))
  }

  #after(milliseconds: number, act: () => void) {
    this.#timers.push(setTimeout(act, milliseconds))
  }
}

export const lost = ({ jobId, signal }: Lease): LeaseLost =>
  signal.reason instanceof LeaseLost ? signal.reason : new LeaseLost(`The lease of job ${jobId} ran out.`)
