import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { processState } from '../../src/automation/executors/process/supervised.ts'
import { endGroup } from '../../src/automation/programs/group.ts'
import { runbookDefinition } from '../../src/automation/runbook.ts'
import { processOf } from '../../src/proc.ts'
import { deeds, folder, runbook, script, startRun } from '../jobs/run-world.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'

const lives = (pid: number) => processOf(pid)?.ended === false
const eventually = <T>(question: () => T) => expect.poll(question, { timeout: 20_000, interval: 10 })

describe.each(engines)('Executors (%s)', engine => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine)
  })
  afterAll(() => world.close())

  let place: string
  let port: number
  beforeEach(async () => {
    place = folder()
    port = await freePort()
  })
  afterEach(() => {
    for (const pid of deeds(path.join(place, 'pids')))
      if (lives(Number(pid))) process.kill(Number(pid), 'SIGKILL')
  })

  const application = (operation: string, more: object = {}, ...args: string[]) => ({
    name: operation,
    executor: 'process' as const,
    operation,
    process: `application ${port}`,
    argv: [
      process.execPath,
      'test/contracts/programs/application.mjs',
      String(port),
      path.join(place, 'pids'),
      ...args,
    ],
    folder: process.cwd(),
    output: path.join(place, 'application.log'),
    healthUrl: `http://127.0.0.1:${port}/health`,
    stopWait: 10,
    ...more,
  })
  const perform = async (...steps: object[]) => {
    const run = await startRun(world, runbook(...steps))
    const outcome = await run.execute()
    return { outcome, reason: 'reason' in outcome ? outcome.reason : '', texts: await run.texts('info') }
  }
  const pids = () => deeds(path.join(place, 'pids')).map(Number)

  // The same questions to each of them.
  const ways = {
    command: (argv: string[], more: object = {}) => ({ name: 'Step', executor: 'command', argv, ...more }),
    process: (argv: string[], more: object = {}) =>
      application('start', { argv, healthUrl: undefined, ...more }),
  }
  describe.each(Object.keys(ways) as (keyof typeof ways)[])('%s', name => {
    const way = ways[name]
    test('says that a program does not exist', async () => {
      expect((await perform(way(['/nowhere/program']))).reason).toBe(
        'The program /nowhere/program does not exist, or this user may not reach it.',
      )
      expect((await perform(way(['no-such-program'], { env: { PATH: '/bin:/usr/bin' } }))).reason).toBe(
        'The program no-such-program was not found in /bin:/usr/bin. Give its full path.',
      )
    })
    test('says that a program may not be executed, or is none', async () => {
      const file = path.join(place, 'program')
      writeFileSync(file, 'x')
      chmodSync(file, 0o644)
      expect((await perform(way([file]))).reason).toContain('may not be executed by this user')
      expect((await perform(way([place]))).reason).toContain('is not a file')
    })
    test('says that a working folder does not exist', async () => {
      expect((await perform(way(['/bin/true'], { folder: '/nowhere' }))).reason).toContain(
        'The working folder /nowhere does not exist',
      )
      expect((await perform(way(['/bin/true'], { folder: 'relative' }))).reason).toContain(
        'is not a full path',
      )
    })
    test('takes words of the shell for arguments and names of programs', async () => {
      const file = path.join(place, 'seen')
      writeFileSync(path.join(place, 'exit'), `#!/bin/sh\nprintf '%s\\n' "$@" >${file}; exec sleep 2\n`, {
        mode: 0o755,
      })
      const argv = ['exit', '$(touch x)', 'a;b', '`c`', "d'e", 'f g', '', '-n', '*'].filter(
        word => word !== '',
      )
      await perform(way(argv, { env: { PATH: `${place}:/usr/bin:/bin` } }))
      await eventually(() => deeds(file)).toEqual(argv.slice(1))
    })
    test('gives the program its own session and group, no input and no files of ours', async () => {
      const file = path.join(place, 'seen')
      const text = `cut -d' ' -f5,6 /proc/$$/stat; ls /proc/$$/fd | tr '\\n' ' '; cat; sleep 1`
      await perform(way(['/bin/sh', '-c', `{ ${text}; } >${file} 2>&1; sleep 1`]))
      await eventually(() => deeds(file).length).toBeGreaterThan(0)
      const [ids = ''] = deeds(file)
      const [group, session] = ids.split(' ')
      expect(group).toBe(session)
      expect(Number(group)).not.toBe(process.pid)
      expect(readFileSync(file, 'utf8')).not.toMatch(/\b[3-9]\b \d/)
    })
  })

  describe('command', () => {
    test.each([
      ['exit 7', 'Exit status 7.'],
      ['kill -SEGV $$', 'Exit status 139: ended by SIGSEGV.'],
      ['exit 127', 'Exit status 127: the program, or the one that interprets it, was not found.'],
    ])('%s: %s', async (text, reason) => {
      expect((await perform(script(text))).reason).toBe(reason)
    })

    test('succeeds when the program has ended, and tells what it has left running', async () => {
      const { outcome, texts } = await perform(script(`sleep 600 & echo $! >>${place}/pids; echo started`))
      expect(outcome).toEqual({ kind: 'succeeded' })
      const [pid = 0] = pids()
      expect(lives(pid)).toBe(true)
      expect(texts).toContain(`Still running in the background: sleep (pid ${pid}).`)
    })

    test('a program that is killed with its supervisor has failed', async () => {
      const run = await startRun(world, runbook(script('echo begun; sleep 600')))
      const outcome = run.execute()
      await eventually(() => run.texts('out')).toEqual(['begun'])
      process.kill(-Number((await run.steps())[0]?.pgid), 'SIGKILL')
      expect(await outcome).toMatchObject({
        reason: 'It was ended from outside (SIGKILL), without an exit status.',
      })
    })

    test('a time limit ends also what went into a session of its own', async () => {
      const text = `setsid sh -c 'trap "" TERM; echo $$ >>${place}/pids; sleep 600' & sleep 600`
      const { reason } = await perform(script(text, { timeLimit: 1, stopWait: 0 }))
      expect(reason).toBe('Time limit of 1 s reached. Nothing of it is running any more.')
      expect(pids()).toHaveLength(1)
      expect(pids().filter(lives)).toEqual([])
    })
  })

  describe('process', () => {
    const state = () => processState({ ...world.deps }, `application ${port}`)

    test('starts a program, finds it running, checks, restarts and stops it', async () => {
      expect(await state()).toEqual({ state: 'unknown' })
      const started = await perform(application('start', {}, '300'))
      expect(started.outcome).toEqual({ kind: 'succeeded' })
      const [first = 0] = pids()
      expect(started.texts).toContain(`Started “application ${port}” (pid ${first}).`)
      expect(started.texts).toContain(`http://127.0.0.1:${port}/health answers 200.`)
      expect(await state()).toEqual({
        state: 'running',
        host: world.config.WORKER_HOST,
        pid: first,
        since: world.clock.instant(),
      })
      expect(readFileSync(path.join(place, 'application.log'), 'utf8')).toBe('application starts\n')

      const again = await perform(application('start'), application('check'))
      expect(again.outcome).toEqual({ kind: 'succeeded' })
      expect(again.texts).toContain(`The program “application ${port}” is running (pid ${first}).`)
      expect(pids()).toEqual([first])

      const restarted = await perform(application('restart'))
      expect(restarted.outcome).toEqual({ kind: 'succeeded' })
      const [, second = 0] = pids()
      expect([lives(first), lives(second)]).toEqual([false, true])

      const stopped = await perform(application('stop'), application('stop', { name: 'Once more' }))
      expect(stopped.outcome).toEqual({ kind: 'succeeded' })
      expect(stopped.texts).toContain(`The program “application ${port}” is not running.`)
      expect(lives(second)).toBe(false)
      expect(await state()).toMatchObject({ state: 'stopped' })
    })

    test('kills a program that does not stop, and says so', async () => {
      await perform(application('start', {}, '0', 'stubborn'))
      const { outcome, texts } = await perform(application('stop', { stopWait: 0 }))
      expect(outcome).toEqual({ kind: 'succeeded' })
      expect(texts).toContain('It did not stop within 0 s and was killed.')
      expect(pids().filter(lives)).toEqual([])
    })

    test('a program that ends at once has failed, with its last words', async () => {
      const { reason, texts } = await perform(
        application('start', { argv: ['/bin/sh', '-c', 'echo "no licence \x1b[31mfound"; exit 3'] }),
      )
      expect(reason).toMatch(/^The program “application \d+” \(pid \d+\) has ended by itself\.$/)
      expect(texts).toContain('| no licence found')
    })

    test('one that never gets healthy has failed at the time limit, and is left running', async () => {
      const { reason } = await perform(application('start', { timeLimit: 1 }, '600000'))
      expect(reason).toBe(
        `Time limit of 1 s reached. http://127.0.0.1:${port}/health answers 503. The program is left running.`,
      )
      expect(pids().filter(lives)).toHaveLength(1)
    })

    test('check fails for a program that is not running, or was killed meanwhile', async () => {
      expect((await perform(application('check'))).reason).toContain('is not running')
      await perform(application('start'))
      process.kill(pids()[0] ?? 0, 'SIGKILL')
      await eventually(() => lives(pids()[0] ?? 0)).toBe(false)
      expect(await state()).toMatchObject({ state: 'stopped' })
      expect((await perform(application('check'))).reason).toContain('is not running')
    })

    test('two starts at the same time make one program', async () => {
      const outcomes = await Promise.all([1, 2, 3].map(() => perform(application('start'))))
      expect(outcomes.map(({ outcome }) => outcome.kind)).toEqual(['succeeded', 'succeeded', 'succeeded'])
      expect(pids()).toHaveLength(1)
    })

    test('a program that another machine looks after is left to it', async () => {
      const { db, clock } = world.deps
      const now = clock.now().toISOString()
      await db
        .insertInto('supervised_processes')
        .values({
          name: `application ${port}`,
          host: 'elsewhere',
          boot_id: 'x:1',
          pid: 1,
          proc_start: '1',
          state: 'running',
          started_at: now,
        })
        .execute()
      const worker = {
        id: `worker ${port}`,
        host: 'elsewhere',
        boot_id: 'x:1',
        pid: 1,
        proc_start: '1',
        version: '1',
      }
      await db
        .insertInto('workers')
        .values({ ...worker, started_at: now, seen_at: now, stopped_at: null })
        .execute()
      expect((await perform(application('start'))).reason).toContain('was started on elsewhere')
      expect(await state()).toEqual({ state: 'elsewhere', host: 'elsewhere' })
      await db.updateTable('workers').set({ stopped_at: now }).where('id', '=', worker.id).execute()
      expect((await perform(application('start'))).outcome).toEqual({ kind: 'succeeded' })
    })

    test('what a killed program has left is ended before it is started again', async () => {
      const left = `sleep 600 & echo $! >>${place}/pids; exec sleep 600`
      await perform(application('start', { argv: ['/bin/sh', '-c', left], healthUrl: undefined }))
      const found = await state()
      if (found.state !== 'running') throw new Error('It should run.')
      process.kill(found.pid, 'SIGKILL')
      await eventually(() => lives(found.pid)).toBe(false)
      const { texts } = await perform(application('start'))
      expect(texts.join('\n')).toContain('Left over from its last run: sleep (pid')
      expect(pids().filter(lives)).toHaveLength(1)
    })

    test('a pid that another program has got meanwhile is left alone', async () => {
      const other = spawn('/bin/sleep', ['600'], { detached: true })
      await once(other, 'spawn')
      const pid = other.pid ?? 0
      const ended = once(other, 'exit')
      await perform(application('start'))
      await perform(application('stop'))
      await world.deps.db
        .updateTable('supervised_processes')
        .set({ pid, state: 'running' })
        .where('name', '=', `application ${port}`)
        .execute()
      expect(await state()).toMatchObject({ state: 'stopped' })
      expect((await perform(application('stop'))).texts).toContain(
        `The program “application ${port}” is not running.`,
      )
      expect(await endGroup({ pid, start: '1', mark: 'GATEHOUSE_STEP=other' }, 0)).toEqual({
        left: [],
        killed: false,
      })
      expect(lives(pid)).toBe(true)
      other.kill('SIGKILL')
      await ended
    })
  })

  test('a runbook names an executor that exists', () => {
    expect(() =>
      runbookDefinition.parse({ steps: [{ name: 'x', executor: 'shell', argv: ['ls'] }] }),
    ).toThrow()
  })
})
