import { setTimeout as delay } from 'node:timers/promises'
import { seconds } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { newId } from '../ids.ts'
import type { Random } from './backoff.ts'
import { type Claimant, claim, nextDue } from './claims.ts'
import type { Work } from './handler.ts'
import { createWatch, heartbeatMs, leaseMs, type Watch } from './lease.ts'
import { expireLeases } from './recovery.ts'
import { RunningJobs } from './running-jobs.ts'
import { Scheduler } from './scheduler.ts'
import { singleFlight } from './single-flight.ts'
import { expireGoneWorkers, registerWorker, retireWorker, seen } from './workers.ts'

export interface Worker {
  readonly id: string
  /** Registered, and jobs of lost workers of this host are queued again. Rejects never: problems are logged and tried again. */
  readonly ready: Promise<void>
  /** Takes no new jobs, tells handlers, waits up to STOP_WAIT and a little for what they hand over. */
  stop(): Promise<void>
}

export interface WorkerOptions {
  random?: Random
  /** Milliseconds of a clock that is never set. */
  monotonic?: () => number
}

/** Registers a function to be called when something was queued; returns how to stop. */
export type OnWake = (heard: () => void) => () => void

/** After STOP_WAIT handlers still get this long to write down what they leave behind. */
const handOverGraceMs = 3_000
const leaseWatchMs = 500
/** A due job that was not claimed is just being claimed by someone else, or its wake-up is on its way. */
const shortestWaitMs = 50

export function startWorker(deps: Deps, work: Work, onWake: OnWake, options: WorkerOptions = {}): Worker {
  return new JobWorker(deps, work, onWake, options)
}

class JobWorker implements Worker {
  readonly id = newId()
  readonly ready: Promise<void>
  readonly #deps: Deps
  readonly #random: Random
  readonly #watch: Watch
  readonly #claimant: Claimant
  readonly #jobs: RunningJobs
  readonly #scheduler: Scheduler
  readonly #unsubscribe: () => void
  readonly #timers: NodeJS.Timeout[]
  readonly #beat = singleFlight(() => this.#try('heartbeat', () => this.#renewAndRecover()))
  readonly #tick = singleFlight(() => this.#try('interval', () => this.#scheduleAndLook()))
  #dueTimer: NodeJS.Timeout | undefined
  #registered = false
  #looking = false
  #lookAgain = false
  #lookingSoon = false
  #lastLook: Promise<void> = Promise.resolve()
  /** There may be due jobs for which no slot was free. */
  #backlog = false
  #stopped: Promise<void> | undefined

  constructor(deps: Deps, work: Work, onWake: OnWake, options: WorkerOptions) {
    const { clock, engine, config } = deps
    this.#deps = deps
    this.#random = options.random ?? Math.random
    this.#watch = createWatch(clock, options.monotonic)
    this.#claimant = { workerId: this.id, leaseMs: leaseMs(config), engine, clock }
    this.#jobs = new RunningJobs({
      deps,
      claimant: this.#claimant,
      watch: this.#watch,
      random: this.#random,
      handlers: work.handlers,
      onFree: () => {
        if (this.#backlog) this.#lookSoon()
      },
      onQueued: () => this.#lookSoon(),
    })
    this.#scheduler = new Scheduler(deps, work.recurring)
    this.#unsubscribe = onWake(() => this.#woken())
    this.#timers = [
      setInterval(() => void this.#tick(), seconds(config.JOB_INTERVAL)),
      setInterval(() => void this.#beat(), heartbeatMs(config)),
      setInterval(() => this.#jobs.watchLeases(), leaseWatchMs),
    ]
    this.ready = this.#begin()
  }

  /** Stopping twice is stopping once. */
  stop(): Promise<void> {
    this.#stopped ??= this.#handOver()
    return this.#stopped
  }

  async #begin() {
    await this.#tick()
    await this.#beat()
  }

  #woken() {
    if (this.#scheduler.isDue()) void this.#tick()
    this.#look()
  }

  /** The safety net: what nobody was woken for. */
  async #scheduleAndLook() {
    await this.#register()
    await this.#scheduler.tick()
    this.#look()
  }

  async #register() {
    if (this.#registered) return
    const { db, clock, config, vault } = this.#deps
    await registerWorker(db, clock, this.id, config.WORKER_HOST, vault.startedWith)
    this.#registered = true
    await this.#scheduler.prune()
  }

  async #renewAndRecover() {
    const { db, clock, config } = this.#deps
    await this.#jobs.beat()
    if (this.#registered) await seen(db, clock, config, this.id)
    await expireGoneWorkers(db, clock, config.WORKER_HOST)
    const lost = await expireLeases(db, clock, this.#random, this.#jobs.claims)
    for (const { exhausted, ...job } of lost)
      this.#deps.log[exhausted ? 'error' : 'warn'](
        job,
        `the worker of a job was lost${exhausted ? ' too often' : ''}`,
      )
    if (lost.length > 0) this.#look()
  }

  /** One look at a time; a wake-up during a look makes it look once more. */
  #look() {
    this.#lookAgain = true
    if (!this.#looking) this.#lastLook = this.#lookWhileAsked()
  }

  async #lookWhileAsked() {
    this.#looking = true
    while (this.#lookAgain && !this.#stopped) {
      this.#lookAgain = false
      await this.#try('claim', () => this.#claim())
    }
    this.#looking = false
  }

  async #claim() {
    const free = this.#deps.config.WORKER_CONCURRENCY - this.#jobs.size
    this.#backlog = free <= 0
    if (free <= 0 || !this.#registered) return
    const asked = this.#watch.read()
    const claims = await claim(this.#deps.db, this.#claimant, free)
    this.#jobs.start(claims, asked)
    this.#backlog = claims.length === free
    if (!this.#backlog && !this.#lookAgain) await this.#planNextLook()
  }

  async #planNextLook() {
    clearTimeout(this.#dueTimer)
    const due = await nextDue(this.#deps.db)
    if (due === undefined || this.#stopped) return
    const wait = Date.parse(due) - this.#deps.clock.now().getTime()
    // Later than the interval: the interval comes by anyway.
    if (wait <= seconds(this.#deps.config.JOB_INTERVAL))
      this.#dueTimer = setTimeout(() => this.#look(), Math.max(shortestWaitMs, wait))
  }

  /** Jobs tend to end together: all slots freed in one turn are filled by one claim. */
  #lookSoon() {
    if (this.#lookingSoon) return
    this.#lookingSoon = true
    setImmediate(() => {
      this.#lookingSoon = false
      this.#look()
    })
  }

  async #handOver() {
    const { db, clock, config } = this.#deps
    this.#unsubscribe()
    const [interval, ...heartbeats] = this.#timers
    clearInterval(interval)
    clearTimeout(this.#dueTimer)
    this.#jobs.handOver()
    await atMost(seconds(config.STOP_WAIT) + handOverGraceMs, () => this.#idle())
    for (const timer of heartbeats) clearInterval(timer)
    await this.#try('stop', () => retireWorker(db, clock, this.id))
    // What was given back is for others.
    this.#deps.wake()
  }

  async #idle() {
    await Promise.all([this.#tick.inFlight(), this.#beat.inFlight(), this.#lastLook])
    await this.#scheduler.emptied()
    await this.#jobs.emptied()
  }

  /** The database may be away for a while: say so, and leave it to the next time. */
  async #try(doing: string, work: () => Promise<void>) {
    try {
      await work()
    } catch (error) {
      this.#deps.log.error(
        { err: error, worker: this.id, doing },
        'the worker had a problem and will try again',
      )
    }
  }
}

async function atMost(milliseconds: number, work: () => Promise<void>): Promise<void> {
  const limit = new AbortController()
  const timeout = delay(milliseconds, undefined, { signal: limit.signal }).catch(() => {})
  await Promise.race([work(), timeout])
  limit.abort()
}
