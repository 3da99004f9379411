import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../src/clock.ts'
import type { Config } from '../../src/config.ts'
import type { ClaimedJob, JobHandler } from '../../src/jobs/handler.ts'
import { enqueue } from '../../src/jobs/queue.ts'
import { movableClock } from '../support/clock.ts'
import { engines, type FreshDatabase, freshDatabase } from '../support/engines.ts'
import { eventually, onlyJob, signalled, startNode } from '../support/job-nodes.ts'
import { type Program, startProgram } from '../support/program.ts'

describe.each(engines)('worker processes (%s)', engine => {
  let database: FreshDatabase
  const programs: Program[] = []
  beforeEach(async () => {
    database = await freshDatabase(engine)
  })
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.kill('SIGKILL')
      await program.ended()
    }
    await database.close()
  })

  const db = () => database.open.db

  /** Nothing in it happens by the interval. */
  async function startProcess(env: Readonly<Record<string, string>> = {}): Promise<Program> {
    const program = startProgram('test/jobs/programs/holding-worker.ts', [], {
      ...database.env,
      JOB_INTERVAL: '300',
      WORKER_HOST: 'this-host',
      ...env,
    })
    programs.push(program)
    await program.says('ready')
    return program
  }

  /** A process of which a job is held, seen from the database. */
  async function processHolding(env: Readonly<Record<string, string>>) {
    await enqueue(db(), systemClock, { name: 'hold', payload: {} })
    const program = await startProcess(env)
    await program.says('holds, attempt 1')
    const { worker_id: workerId } = await onlyJob(db())
    const worker = await db().selectFrom('workers').selectAll().executeTakeFirstOrThrow()
    expect(worker.id).toBe(workerId)
    return { program, workerId, pid: worker.pid }
  }

  /** A worker in this process that takes the job over. */
  async function startSuccessor(clock: Clock, config: Partial<Config> = {}) {
    const taken = signalled<ClaimedJob>()
    const hold: JobHandler = async (_, job) => {
      taken.resolve(job)
      return { kind: 'done' }
    }
    const node = await startNode(database.open, { clock, config, handlers: { hold } })
    return { taken: taken.promise, node }
  }

  const oneHourAhead = () => movableClock(new Date(Date.now() + 3_600_000).toISOString())
  const settings = () => db().selectFrom('settings').selectAll().execute()

  test('killed in the middle of a job: the next start on the same host does it again without waiting', async () => {
    const { program, workerId } = await processHolding({ LEASE_SECONDS: '600' })
    program.kill('SIGKILL')
    expect(await program.ended()).toBe('SIGKILL')
    const { taken } = await startSuccessor(systemClock)
    expect(await taken).toMatchObject({ attempts: 2, previousWorkerId: workerId })
    await eventually(() => onlyJob(db())).toMatchObject({ state: 'done', fence: 2 })
    const gone = await db()
      .selectFrom('workers')
      .selectAll()
      .where('id', '=', workerId ?? '')
      .executeTakeFirstOrThrow()
    expect(gone.stopped_at).toBe(gone.seen_at)
  })

  test('killed in the middle of a job: another host does it again when the lease has run out, not before', async () => {
    const { program, workerId } = await processHolding({ LEASE_SECONDS: '600' })
    program.kill('SIGKILL')
    await program.ended()
    const clock = movableClock(new Date().toISOString())
    const { taken, node } = await startSuccessor(clock, { WORKER_HOST: 'other-host', LEASE_SECONDS: 5 })
    expect(await onlyJob(db())).toMatchObject({ state: 'running', worker_id: workerId })
    clock.advance(600_000)
    expect(await taken).toMatchObject({ attempts: 2, previousWorkerId: workerId })
    await node.stop()
    expect((await onlyJob(db())).state).toBe('done')
  })

  test('suspended past its lease, then continued in the middle of its work: it neither writes nor finishes', async () => {
    const { program, pid } = await processHolding({ LEASE_SECONDS: '5' })
    await suspend(program, pid)
    const { node } = await startSuccessor(oneHourAhead())
    const mine = { state: 'done', fence: 2, worker_id: node.worker.id }
    await eventually(() => onlyJob(db())).toMatchObject(mine)
    program.kill('SIGUSR2')
    program.kill('SIGCONT')
    await program.says('did not write: LeaseLost')
    program.kill('SIGTERM')
    expect(await program.ended()).toBe(0)
    expect(await onlyJob(db())).toMatchObject(mine)
    expect(await settings()).toEqual([])
  })

  test('suspended past its lease, then continued: it is told that the job is no longer its own', async () => {
    const { program, pid } = await processHolding({ LEASE_SECONDS: '5' })
    await suspend(program, pid)
    const { node } = await startSuccessor(oneHourAhead())
    await eventually(() => onlyJob(db())).toMatchObject({ state: 'done', worker_id: node.worker.id })
    program.kill('SIGCONT')
    await program.says('told: LeaseLost')
    program.kill('SIGUSR2')
    await program.says('did not write: LeaseLost')
  })

  test('suspended and continued with nobody having taken its job: it goes on', async () => {
    const { program, pid } = await processHolding({ LEASE_SECONDS: '600' })
    await suspend(program, pid)
    program.kill('SIGUSR2')
    program.kill('SIGCONT')
    await program.says('wrote')
    await eventually(() => onlyJob(db())).toMatchObject({ state: 'done', attempts: 1 })
    expect(await settings()).toMatchObject([{ name: `by ${pid}` }])
  })

  test('a worker alive on the same host keeps its job when another one starts', async () => {
    const { program, workerId } = await processHolding({ LEASE_SECONDS: '600' })
    await startSuccessor(systemClock)
    expect(await onlyJob(db())).toMatchObject({ state: 'running', worker_id: workerId, fence: 1 })
    program.kill('SIGUSR2')
    await program.says('wrote')
  })

  test('asked to stop: it tells its job, lets it end, and ends itself', async () => {
    const { program } = await processHolding({ STOP_WAIT: '20' })
    program.kill('SIGTERM')
    await program.says('told: HandingOver')
    program.kill('SIGUSR2')
    expect(await program.ended()).toBe(0)
    expect((await onlyJob(db())).state).toBe('done')
  })

  test('what one process queues or announces reaches the other long before its interval', async () => {
    const program = await startProcess()
    const { node } = await startSuccessor(systemClock)
    await enqueue(db(), systemClock, { name: 'greet', payload: {} })
    // Its own worker must not take it: it has stopped, only its signals go on.
    await node.worker.stop()
    node.deps.wake()
    await program.says('greets')
    node.deps.announce('request:2261')
    await program.says('heard of request 2261')
  })
})

async function suspend(program: Program, pid: number) {
  program.kill('SIGSTOP')
  await eventually(async () => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]).toBe('T')
}
