import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import { processOf } from '../../src/proc.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'
import { deeds, folder, runbook, script, startRun, type TestRun } from './run-world.ts'

const eventually = <T>(question: () => T) => expect.poll(question, { timeout: 20_000, interval: 10 })

describe.each(engines)('The next worker (%s)', engine => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine, { env: { WORKER_HOST: 'here', STOP_WAIT: '0' } })
  })
  afterAll(() => world.close())

  let file: string
  let gate: string
  beforeEach(() => {
    const place = folder()
    file = path.join(place, 'deeds')
    gate = path.join(place, 'gate')
  })
  const gated = (name: string, more: object = {}) =>
    script(
      `echo ${name} >>${file}; echo ${name} $TOKEN; until [ -e ${gate} ]; do [ -d ${path.dirname(gate)} ] || exit; sleep 0.02; done; echo last $TOKEN`,
      {
        name,
        ...more,
      },
    )
  const change = (run: TestRun, changes: object) =>
    world.deps.db
      .updateTable('run_steps')
      .set(changes)
      .where('run_id', '=', run.id)
      .where('state', '=', 'running')
      .execute()

  /** A run whose worker has stopped during its first step, leaving the program. */
  async function released(...steps: object[]): Promise<TestRun> {
    const run = await startRun(world, runbook(...steps))
    const outcome = run.execute()
    await eventually(async () => (await run.texts('out')).length).toBe(1)
    run.held.handOver()
    expect(await outcome).toEqual({ kind: 'released' })
    return run
  }
  /** A run whose worker has lost its lease during its first step. */
  async function lost(definition: object): Promise<TestRun> {
    const run = await startRun(world, runbookDefinition.parse(definition))
    const outcome = run.execute().catch((error: Error) => error.name)
    await eventually(async () => (await run.texts('out')).length).toBe(1)
    run.held.lose('The test says so.')
    expect(await outcome).toBe('LeaseLost')
    return run
  }
  const pgid = async (run: TestRun) => Number((await run.steps())[0]?.pgid)

  test('on the same host adopts what was handed over, and goes on with the next step', async () => {
    const run = await released(gated('one'), gated('two'))
    const outcome = run.recover()
    writeFileSync(gate, '')
    expect(await outcome).toEqual({ kind: 'succeeded' })
    expect(deeds(file)).toEqual(['one', 'two'])
    expect(await run.texts('out')).toEqual(['one', 'last', 'two', 'last'])
  })

  test('applies the time limit from when the step began, whoever began it', async () => {
    const run = await released(gated('one', { timeLimit: 60, stopWait: 0 }))
    world.clock.advance(61_000)
    expect(await run.recover()).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('Time limit of 60 s'),
    })
    expect(processOf(await pgid(run))?.ended ?? true).toBe(true)
  })

  test('withholds the output of an adopted program whose secrets are not to be found any more', async () => {
    vi.stubEnv('GATEHOUSE_SECRET_TOKEN', 'hunter2-hunter2')
    const run = await released(gated('one', { env: { TOKEN: { secret: 'env:GATEHOUSE_SECRET_TOKEN' } } }))
    vi.unstubAllEnvs()
    writeFileSync(gate, '')
    expect(await run.recover()).toEqual({ kind: 'succeeded' })
    expect(await run.texts('out')).toEqual(['one [secret]', '[withheld]'])
  })

  test('on another host leaves what was handed over to its own, as long as it may run', async () => {
    const run = await released(gated('one', { timeLimit: 60 }))
    expect(await run.recover('elsewhere')).toEqual({
      kind: 'again',
      at: new Date(world.clock.now().getTime() + world.config.JOB_INTERVAL * 1000).toISOString(),
    })
    world.clock.advance(120_000)
    expect(await run.recover('elsewhere')).toEqual({
      kind: 'unknown',
      reason:
        'The worker on here stopped during the step “one” and did not come back; how far it got is not known. The program was started on here and may still run there.',
    })
    expect(processOf(await pgid(run))?.ended).toBe(false)
    process.kill(-(await pgid(run)), 'SIGKILL')
  })

  test('on another host waits for the margin, then says that the program may still run there', async () => {
    const run = await lost({ steps: [gated('one')], safeToRepeat: true })
    const margin = (world.config.LEASE_SECONDS * 1000) / 4
    expect(await run.recover('elsewhere')).toEqual({
      kind: 'again',
      at: new Date(world.clock.now().getTime() + margin).toISOString(),
    })
    const outcome = await run.recover('elsewhere')
    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('may still run there') })
    if (outcome.kind === 'unknown') expect(await run.close(outcome)).toBe(true)
    expect((await run.steps()).map(({ state }) => state)).toEqual(['unknown'])
    process.kill(-(await pgid(run)), 'SIGKILL')
  })

  test('after the machine was started anew kills nothing and knows that nothing runs', async () => {
    const run = await lost({ steps: [gated('one')] })
    await change(run, { boot_id: '11111111-2222-3333-4444-555555555555:1' })
    expect(await run.recover()).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('The machine was started anew since, so nothing of it runs any more.'),
    })
    expect(processOf(await pgid(run))?.ended).toBe(false)
    process.kill(-(await pgid(run)), 'SIGKILL')
  })

  test('never ends another program that has got the same number meanwhile', async () => {
    const run = await lost({ steps: [gated('one', { stopWait: 0 })] })
    const own = await pgid(run)
    process.kill(-own, 'SIGKILL')
    await eventually(() => processOf(own)?.ended ?? true).toBe(true)
    const other = spawn('/bin/sleep', ['600'], { detached: true })
    await once(other, 'spawn')
    await change(run, { pgid: other.pid })
    expect(await run.recover()).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('Nothing of it runs any more.'),
    })
    expect(processOf(other.pid ?? 0)?.ended).toBe(false)
    other.kill('SIGKILL')
  })

  test('a failure stays a failure when the worker was lost while tidying up', async () => {
    const definition = {
      steps: [script(`echo main >>${file}; echo x; exit 4`, { name: 'main' })],
      onFailure: [gated('tidy')],
    }
    const run = await startRun(world, runbookDefinition.parse(definition))
    const outcome = run.execute().catch((error: Error) => error.name)
    await eventually(async () => await run.texts('out')).toEqual(['x', 'tidy'])
    run.held.lose('The test says so.')
    expect(await outcome).toBe('LeaseLost')
    expect(await run.recover()).toMatchObject({
      kind: 'unknown',
      reason: expect.stringMatching(
        /^The step “main” had failed: Exit status 4\. The worker on here was lost during the step “tidy”/,
      ),
    })
    expect(deeds(file)).toEqual(['main', 'tidy'])
  })

  test('repeats what is safe to repeat twice, not for ever: it may be what takes the worker down', async () => {
    const definition = { steps: [gated('one')], safeToRepeat: true }
    const attempts = async (attempt: number) => {
      const run = await lost(definition)
      await world.deps.db.updateTable('runs').set({ attempt }).where('id', '=', run.id).execute()
      return run.recover()
    }
    expect(await attempts(2)).toMatchObject({ kind: 'repeat' })
    expect(await attempts(3)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('It was begun 3 times, so it is not repeated any more.'),
    })
  })

  test('what was over before it was told is told again in the same way', async () => {
    const run = await startRun(world, runbook(script(`echo one >>${file}; exit 5`, { name: 'one' })))
    const first = await run.execute()
    expect(await run.recover()).toEqual(first)
    expect(deeds(file)).toEqual(['one'])
  })
})
