import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { type LogLine, readLines } from '../../src/automation/run-log.ts'
import { type RunbookDefinition, runbookDefinition } from '../../src/automation/runbook.ts'
import {
  createRun,
  executeRun,
  finishRun,
  type Recovered,
  type RunOutcome,
  type RunPlan,
  recoverRun,
  requestAbort,
  stepsOfRun,
} from '../../src/automation/runs.ts'
import type { Deps } from '../../src/deps.ts'
import { createLease, createWatch, type HeldLease } from '../../src/jobs/lease.ts'
import { type Program, startProgram } from '../support/program.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import type { World } from '../support/world.ts'

/** A run with its service request and its job, in the hands of the test. */
export interface TestRun {
  id: number
  requestId: number
  plan: RunPlan
  held: HeldLease
  deps: Deps
  execute(): Promise<RunOutcome>
  /** As the next worker that claims the job. */
  recover(host?: string): Promise<Recovered>
  /** The lease is another worker's now; the old one is not told. */
  takeOver(host?: string): Promise<void>
  abort(reason: string): Promise<boolean>
  close(outcome: Parameters<typeof finishRun>[4]): Promise<boolean>
  lines(): Promise<LogLine[]>
  /** Texts of the log, of one stream or of all. */
  texts(stream?: LogLine['stream']): Promise<string[]>
  steps(): ReturnType<typeof stepsOfRun>
  /** Names of the steps committed so far, as the request shows them. */
  shown: string[]
}

export type Definition = Parameters<typeof runbookDefinition.parse>[0]

/** A step that runs a shell script, for tests only: runbooks have no shell. */
export const script = (text: string, more: object = {}) => ({
  name: 'Script',
  executor: 'command' as const,
  argv: ['/bin/sh', '-c', text],
  ...more,
})

export const runbook = (...steps: object[]): RunbookDefinition => runbookDefinition.parse({ steps })

export async function startRun(
  world: World,
  definition: RunbookDefinition,
  options: { values?: Partial<RunPlan['values']>; deps?: Partial<Deps> } = {},
): Promise<TestRun> {
  const deps: Deps = { ...world.deps, ...options.deps }
  const { db } = deps
  const plan = { definition, values: { asset: {}, request: {}, field: {}, ...options.values } }
  const [requestId = 0] = await addRequests(db, [requestRow()])
  const { id: jobId } = await db
    .insertInto('jobs')
    .values({
      name: 'run service request',
      payload: JSON.stringify({ requestId }),
      unique_key: null,
      state: 'running',
      run_at: world.clock.instant(),
      again_at: null,
      attempts: 1,
      fence: 1,
      worker_id: 'worker-1',
      previous_worker_id: null,
      lease_until: world.clock.instant(),
      last_error: null,
      created_at: world.clock.instant(),
      finished_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  let fence = 1
  const lease = (host = world.config.WORKER_HOST) => leaseOf(world, jobId, fence, host)
  const shown: string[] = []
  const hooks = {
    onStep: async (_: unknown, step: string) => {
      shown.push(step)
    },
  }
  const run: TestRun = {
    id: 0,
    requestId,
    plan,
    deps,
    held: lease(),
    shown,
    execute: () => executeRun(deps, run.held.lease, run.id, plan, hooks),
    takeOver: async host => {
      fence += 1
      await db
        .updateTable('jobs')
        .set({ fence, worker_id: `worker-${fence}` })
        .where('id', '=', jobId)
        .execute()
      run.held = lease(host)
    },
    recover: async host => {
      await run.takeOver(host)
      return recoverRun(deps, run.held.lease, run.id, plan, hooks)
    },
    abort: async reason => {
      const asked = await db.transaction().execute(tx => requestAbort(tx, run.id, 'OPERATOR01', reason))
      deps.announce(`request:${requestId}`)
      return asked
    },
    close: outcome => db.transaction().execute(tx => finishRun(tx, deps, run.held.lease, run.id, outcome)),
    lines: () => readLines(db, world.config, run.id, { from: 1, limit: 1_000_000 }),
    texts: async stream =>
      (await run.lines()).filter(line => !stream || line.stream === stream).map(({ text }) => text),
    steps: () => stepsOfRun(db, run.id),
  }
  run.id = await db
    .transaction()
    .execute(tx => createRun(tx, deps, run.held.lease, { requestId, attempt: 1, plan }))
  return run
}

function leaseOf(world: World, jobId: number, fence: number, host: string): HeldLease {
  const watch = createWatch(world.clock, () => 0)
  const claim = {
    id: jobId,
    name: 'run service request',
    payload: '{}',
    attempts: 1,
    maxAttempts: 8,
    fence,
    workerId: `worker-${fence}`,
    previousWorkerId: null,
  }
  const { engine, config } = world
  return createLease(claim, watch.read(), { engine, host, leaseMs: config.LEASE_SECONDS * 1000, watch })
}

/** A folder of the test's own. */
export function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'gatehouse-run-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** Lines of a file that programs under test append to: what they really did. */
export function deeds(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1)
  } catch {
    return []
  }
}

/** A worker as a process of its own that performs runs; killed with the test at the latest. */
export function startRunningWorker(env: Readonly<Record<string, string>>): Program {
  const program = startProgram('test/jobs/programs/running-worker.ts', [], {
    PATH: process.env.PATH ?? '',
    ...env,
  })
  onTestFinished(async () => {
    program.kill('SIGKILL')
    await program.ended()
  })
  return program
}
