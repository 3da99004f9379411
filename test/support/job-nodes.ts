import { pino } from 'pino'
import { expect, onTestFinished } from 'vitest'
import type { OpenDatabase } from '../../db/open.ts'
import type { Row } from '../../db/schema.ts'
import type { Clock } from '../../src/clock.ts'
import { type Config, readConfig } from '../../src/config.ts'
import type { Db, Deps } from '../../src/deps.ts'
import type { JobHandler, RecurringWork } from '../../src/jobs/handler.ts'
import { createSignals, type Signals } from '../../src/jobs/signals.ts'
import { startWorker, type Worker, type WorkerOptions } from '../../src/jobs/worker.ts'
import { testVault } from './vault.ts'

export interface JobNode {
  deps: Deps
  signals: Signals
  worker: Worker
  stop(): Promise<void>
}

export interface JobNodeOptions extends WorkerOptions {
  clock: Clock
  handlers?: Readonly<Record<string, JobHandler>>
  recurring?: readonly RecurringWork[]
  config?: Partial<Config>
  /** Instead of a pair of its own. */
  signals?: Signals
}

/** Options under which nothing happens by the interval within a test: only what was woken for. */
const patient = { JOB_INTERVAL: 300, LEASE_SECONDS: 600, STOP_WAIT: 5, WORKER_HOST: 'this-host' }

/** A worker with its signals, ready to work; ended with the test at the latest. */
export async function startNode(open: OpenDatabase, options: JobNodeOptions): Promise<JobNode> {
  const log = pino({ level: 'silent' })
  const signals = options.signals ?? createSignals(open, log)
  const { clock, handlers = {}, recurring = [] } = options
  const deps: Deps = {
    db: open.db,
    engine: open.engine,
    config: { ...readConfig({}), ...patient, ...options.config },
    clock,
    log,
    vault: testVault(clock, open.engine),
    wake: signals.wake,
    announce: signals.announce,
    listen: signals.listen,
    stopping: new AbortController().signal,
  }
  const worker = startWorker(deps, { handlers, recurring }, signals.onWake, options)
  const stop = async () => {
    await worker.stop()
    await signals.close()
  }
  onTestFinished(stop)
  await Promise.all([signals.ready, worker.ready])
  return { deps, signals, worker, stop }
}

export const jobsOf = (db: Db) => db.selectFrom('jobs').selectAll().orderBy('id').execute()

export async function onlyJob(db: Db): Promise<Row<'jobs'>> {
  const [job, ...others] = await jobsOf(db)
  if (!job || others.length > 0)
    throw new Error(`One job was expected, there are ${others.length + Number(!!job)}.`)
  return job
}

/** Waits until the database says so. */
export const eventually = <T>(question: () => T) => expect.poll(question, { timeout: 20_000, interval: 10 })

/** A promise with its handles, for handlers that wait for the test. */
export const signalled = <T = void>() => Promise.withResolvers<T>()
