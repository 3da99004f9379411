import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import { processOf } from '../../src/proc.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'
import { deeds, folder, runbook, script, startRun } from './run-world.ts'

describe.each(engines)('A run (%s)', engine => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine)
  })
  afterAll(() => world.close())

  test('performs its steps in order and logs command, output and outcome of each', async () => {
    const run = await startRun(
      world,
      runbook(
        { name: 'Greet', executor: 'command', argv: ['/bin/echo', 'good day', "it's"] },
        script('echo to out; echo to err >&2', { name: 'Both' }),
      ),
    )
    expect(await run.execute()).toEqual({ kind: 'succeeded' })
    expect(await run.texts()).toEqual([
      'Step 1 of 2: Greet',
      `/bin/echo 'good day' 'it'\\''s'`,
      "good day it's",
      'Succeeded after 0.0 s (exit status 0).',
      'Step 2 of 2: Both',
      `/bin/sh -c 'echo to out; echo to err >&2'`,
      'to out',
      'to err',
      'Succeeded after 0.0 s (exit status 0).',
    ])
    expect((await run.lines()).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(await run.texts('err')).toEqual(['to err'])
    expect(run.shown).toEqual(['Greet', 'Both'])
    expect(
      (await run.steps()).map(({ state, exit_status, first_line }) => [state, exit_status, first_line]),
    ).toEqual([
      ['succeeded', 0, 1],
      ['succeeded', 0, 5],
    ])
    expect(world.announced).toContain(`request:${run.requestId}`)
  })

  test('stops at the first failure, then performs every on-failure step', async () => {
    const file = path.join(folder(), 'deeds')
    const run = await startRun(
      world,
      runbookDefinition.parse({
        steps: [
          script(`echo one >>${file}`, { name: 'One' }),
          script(`echo two >>${file}; exit 3`, { name: 'Two' }),
          script(`echo three >>${file}`, { name: 'Three' }),
        ],
        onFailure: [
          script(`echo tidy >>${file}; exit 1`, { name: 'Tidy' }),
          script(`echo tell >>${file}`, { name: 'Tell' }),
        ],
      }),
    )
    expect(await run.execute()).toEqual({ kind: 'failed', step: 'Two', reason: 'Exit status 3.' })
    expect(deeds(file)).toEqual(['one', 'two', 'tidy', 'tell'])
    expect((await run.steps()).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'One succeeded',
      'Two failed',
      'Three skipped',
      'Tidy failed',
      'Tell succeeded',
    ])
  })

  test('on-failure steps do not run after success', async () => {
    const file = path.join(folder(), 'deeds')
    const run = await startRun(
      world,
      runbookDefinition.parse({ steps: [script('true')], onFailure: [script(`echo tidy >>${file}`)] }),
    )
    expect(await run.execute()).toEqual({ kind: 'succeeded' })
    expect(deeds(file)).toEqual([])
  })

  test('an operator aborts a running step: all it has started is ended, the on-failure steps run', async () => {
    const file = path.join(folder(), 'deeds')
    const run = await startRun(
      world,
      runbookDefinition.parse({
        steps: [
          script(`trap 'echo ended >>${file}; exit' TERM; echo begun >>${file}; sleep 600 & wait`, {
            name: 'Long',
          }),
          script(`echo never >>${file}`, { name: 'Never' }),
        ],
        onFailure: [script(`echo tidy >>${file}`, { name: 'Tidy' })],
      }),
    )
    const outcome = run.execute()
    await expect.poll(() => deeds(file), { timeout: 20_000 }).toEqual(['begun'])
    expect(await run.abort('Wrong environment')).toBe(true)
    expect(await run.abort('Once more')).toBe(false)
    expect(await outcome).toEqual({ kind: 'aborted', by: 'OPERATOR01', reason: 'Wrong environment' })
    expect(deeds(file)).toEqual(['begun', 'ended', 'tidy'])
    expect((await run.steps()).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Long aborted',
      'Never skipped',
      'Tidy succeeded',
    ])
    expect(await run.close((await outcome) as { kind: 'aborted'; by: string; reason: string })).toBe(true)
    expect(await run.abort('Too late')).toBe(false)
  })

  test('a step that takes longer than its time limit has failed, and nothing of it is left', async () => {
    const file = path.join(folder(), 'pids')
    const run = await startRun(
      world,
      runbook(
        script(
          `trap '' TERM; sh -c 'trap "" TERM; echo $$ >>${file}; sleep 600' & echo $$ >>${file}; wait; sleep 600`,
          {
            timeLimit: 1,
            stopWait: 0,
          },
        ),
      ),
    )
    expect(await run.execute()).toEqual({
      kind: 'failed',
      step: 'Script',
      reason: 'Time limit of 1 s reached. Nothing of it is running any more.',
    })
    expect(deeds(file)).toHaveLength(2)
    expect(deeds(file).filter(pid => processOf(Number(pid))?.ended === false)).toEqual([])
  })

  test('a plan that can not be filled in fails before anything starts', async () => {
    const file = path.join(folder(), 'deeds')
    const run = await startRun(
      world,
      runbookDefinition.parse({
        steps: [
          script(`echo one >>${file}`, { name: 'One' }),
          { name: 'Two', executor: 'command', argv: ['/bin/echo', '{{asset.PORT}}'] },
        ],
        onFailure: [script(`echo tidy >>${file}`)],
      }),
    )
    expect(await run.execute()).toEqual({
      kind: 'failed',
      step: 'One',
      reason:
        'Step “Two”: The runbook uses {{asset.PORT}}, which has no value here. Set the variable PORT on the environment. Or take it out of the runbook.',
    })
    expect(deeds(file)).toEqual([])
  })

  test('a worker that lost its lease neither writes nor starts anything', async () => {
    const file = path.join(folder(), 'deeds')
    const taken = startRun(
      world,
      runbook(script(`echo one >>${file}`), script(`echo two >>${file}`, { name: 'Second' })),
      {
        deps: {
          checkpoint: async name => {
            if (name === 'step finished') await (await taken).takeOver()
          },
        },
      },
    )
    const run = await taken
    const before = run.held
    await expect(run.execute()).rejects.toThrow('taken over by another worker')
    run.held = before
    await expect(run.close({ kind: 'succeeded' })).rejects.toThrow('taken over by another worker')
    expect(deeds(file)).toEqual(['one'])
    expect((await run.steps()).map(({ state }) => state)).toEqual(['succeeded', 'waiting'])
  })

  const supervised = (file: string) => ({
    name: 'Start',
    executor: 'process',
    operation: 'start',
    process: file,
    argv: ['/bin/sh', '-c', `echo one >>${file}; exec sleep 5`],
    output: `${file}.log`,
  })

  test.each([
    ['step committed', (file: string) => script(`echo one >>${file}`)],
    ['process committed', supervised],
  ] as const)('what is committed is not let go when that took too long (%s)', async (point, step) => {
    const file = path.join(folder(), 'deeds')
    const slow = async (name: string) => {
      if (name === point) world.clock.advance(world.config.LEASE_SECONDS * 1000 * 0.8)
    }
    const run = await startRun(world, runbook(step(file)), { deps: { checkpoint: slow } })
    await expect(run.execute()).rejects.toThrow('ran out')
    expect(deeds(file)).toEqual([])
  })

  test('a worker that stops begins no further step: the next one does', async () => {
    const file = path.join(folder(), 'deeds')
    const taken = startRun(
      world,
      runbook(script(`echo one >>${file}`), script(`echo two >>${file}`, { name: 'Second' })),
      {
        deps: {
          checkpoint: async name => {
            if (name === 'step finished') (await taken).held.handOver()
          },
        },
      },
    )
    const run = await taken
    expect(await run.execute()).toEqual({ kind: 'released' })
    expect(deeds(file)).toEqual(['one'])
    expect((await run.steps()).map(({ state }) => state)).toEqual(['succeeded', 'waiting'])
    expect(await run.recover()).toEqual({ kind: 'succeeded' })
    expect(deeds(file)).toEqual(['one', 'two'])
  })

  test('nothing is started with less than the margin left of the lease', async () => {
    const file = path.join(folder(), 'deeds')
    const run = await startRun(world, runbook(script(`echo one >>${file}`)))
    world.clock.advance(world.config.LEASE_SECONDS * 1000 * 0.8)
    await expect(run.execute()).rejects.toThrow('ran out')
    expect(deeds(file)).toEqual([])
  })
})
