import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { seedCast } from '../../db/seeds/cast.ts'
import { freePort } from '../../scripts/free-port.ts'
import { readLines } from '../../src/automation/run-log.ts'
import { systemClock } from '../../src/clock.ts'
import type { Engine } from '../../src/deps.ts'
import { enqueue } from '../../src/jobs/queue.ts'
import { processOf } from '../../src/proc.ts'
import { type FreshDatabase, freshDatabase } from '../support/engines.ts'
import { addRequests, requestRow } from '../support/requests.ts'
import { deeds, folder, script, startRunningWorker } from './run-world.ts'

const eventually = <T>(question: () => T) => expect.poll(question, { timeout: 25_000, interval: 20 })

/** Checkpoints at which a worker is killed, by what has to become of the run. */
export interface CrashPoints {
  losesNothing: readonly string[]
  leavesUnknown: readonly string[]
  startsNothing: readonly string[]
}

export const allCrashPoints: CrashPoints = {
  losesNothing: [
    'run created',
    'program launched',
    'step committed',
    'program ended',
    'step finished',
    'before finish',
  ],
  leavesUnknown: ['program started', 'output stored'],
  startsNothing: ['process launched', 'process committed'],
}

/** What becomes of runs whose worker is killed, stopped or suspended, with real processes. */
export const lostWorker = (engine: Engine, points: CrashPoints) =>
  describe(`A worker that is lost (${engine})`, () => {
    let database: FreshDatabase
    beforeAll(async () => {
      database = await freshDatabase(engine, {
        env: { LEASE_SECONDS: '5', JOB_INTERVAL: '1', STOP_WAIT: '0' },
      })
      const now = new Date().toISOString()
      await seedCast(database.open.db, { now, passwordHash: () => null })
    })
    afterAll(() => database.close())

    let file: string
    let gate: string
    beforeEach(() => {
      const place = folder()
      file = path.join(place, 'deeds')
      gate = path.join(place, 'gate')
    })
    const openGate = () => writeFileSync(gate, '')
    /** Does and prints something, waits for the gate, does and prints the rest; ends with the test at the latest. */
    const gated = (name: string) =>
      script(
        `echo ${name} begun >>${file}; seq -f '${name} %.0f' 500; until [ -e ${gate} ]; do [ -d ${path.dirname(gate)} ] || exit; sleep 0.02; done; ` +
          `echo ${name} ended >>${file}; seq -f '${name} %.0f' 501 1000`,
        { name },
      )

    async function queue(definition: object): Promise<number> {
      const [requestId = 0] = await addRequests(database.open.db, [requestRow()])
      await enqueue(database.open.db, systemClock, { name: 'run', payload: { requestId, definition } })
      return requestId
    }
    const worker = (env: Record<string, string> = {}) => startRunningWorker({ ...database.env, ...env })
    async function logOf(requestId: number) {
      const runs = await database.open.db
        .selectFrom('runs')
        .selectAll()
        .where('request_id', '=', requestId)
        .execute()
      const last = runs.at(-1)
      const lines = last
        ? await readLines(database.open.db, database.config, last.id, { from: 1, limit: 100_000 })
        : []
      return { runs, output: lines.filter(line => line.stream === 'out').map(line => line.text), lines }
    }
    const printed = (name: string, count = 1000) =>
      Array.from({ length: count }, (_, i) => `${name} ${i + 1}`)
    const nothingRuns = async (requestId: number) => {
      const steps = await database.open.db
        .selectFrom('run_steps')
        .innerJoin('runs', 'runs.id', 'run_steps.run_id')
        .select('pgid')
        .where('request_id', '=', requestId)
        .execute()
      return steps.filter(({ pgid }) => pgid !== null && processOf(pgid)?.ended === false).length === 0
    }

    test.each(points.losesNothing)(
      'at “%s” loses nothing: the next one does what is left, once',
      async point => {
        openGate()
        const request = await queue({ steps: [gated('one'), gated('two')] })
        expect(await worker({ CRASH_AT: point }).ended()).toBe('SIGKILL')
        await worker().says('ended succeeded')
        expect(deeds(file)).toEqual(['one begun', 'one ended', 'two begun', 'two ended'])
        const { runs, output, lines } = await logOf(request)
        expect(runs).toMatchObject([{ state: 'succeeded', attempt: 1 }])
        expect(output).toEqual([...printed('one'), ...printed('two')])
        expect(lines.map(({ n }) => n)).toEqual(lines.map((_, i) => i + 1))
      },
    )

    test.each(points.leavesUnknown)(
      'at “%s” leaves a program that is ended; the outcome is UNKNOWN, and not run again',
      async point => {
        const request = await queue({ steps: [gated('one'), gated('two')], onFailure: [gated('tidy')] })
        expect(await worker({ CRASH_AT: point }).ended()).toBe('SIGKILL')
        await eventually(() => deeds(file)).toEqual(['one begun'])
        await worker().says('ended unknown')
        openGate()
        expect(await nothingRuns(request)).toBe(true)
        expect(deeds(file)).toEqual(['one begun'])
        const { runs, output, lines } = await logOf(request)
        expect(runs).toMatchObject([{ state: 'unknown', attempt: 1 }])
        expect(output).toEqual(printed('one', 500))
        expect(lines.at(-1)?.text).toMatch(
          /^The worker on .+ was lost during the step “one”; how far it got is not known\. Nothing of it runs any more\. Its last line: “one 500”$/,
        )
      },
    )

    test('during a runbook that is safe to repeat lets it run once more, as a new attempt', async () => {
      const request = await queue({ steps: [gated('one')], safeToRepeat: true })
      expect(await worker({ CRASH_AT: 'output stored' }).ended()).toBe('SIGKILL')
      const next = worker({ HOLD_AT: 'program launched' })
      await next.says('holds at program launched')
      openGate()
      next.kill('SIGUSR2')
      await next.says('ended succeeded')
      expect(deeds(file)).toEqual(['one begun', 'one begun', 'one ended'])
      const { runs, output } = await logOf(request)
      expect(runs.map(({ state, attempt }) => [attempt, state])).toEqual([
        [1, 'unknown'],
        [2, 'succeeded'],
      ])
      expect(output).toEqual(printed('one'))
    })

    test('while an operator aborts has aborted: what ran is ended, the on-failure steps run', async () => {
      const request = await queue({
        steps: [gated('one')],
        onFailure: [script(`echo tidy >>${file}`, { name: 'tidy' })],
      })
      expect(await worker({ CRASH_AT: 'output stored' }).ended()).toBe('SIGKILL')
      await database.open.db
        .updateTable('runs')
        .set({ abort_by: 'OPERATOR01', abort_reason: 'Wrong one' })
        .where('request_id', '=', request)
        .execute()
      await worker().says('ended aborted')
      const told = (await logOf(request)).lines.map(line => line.text).join('\n')
      expect(deeds(file), told).toEqual(['one begun', 'tidy'])
    })

    test('by being stopped: the program goes on and is adopted, with every line once', async () => {
      const request = await queue({ steps: [gated('one'), gated('two')] })
      const first = worker()
      await eventually(async () => (await logOf(request)).output.length).toBe(500)
      first.kill('SIGTERM')
      await first.says('outcome {"kind":"released"}')
      expect(await first.ended()).toBe(0)
      expect(await nothingRuns(request)).toBe(false)
      const next = worker()
      await next.says('ready')
      openGate()
      await next.says('ended succeeded')
      expect(deeds(file)).toEqual(['one begun', 'one ended', 'two begun', 'two ended'])
      expect((await logOf(request)).output).toEqual([...printed('one'), ...printed('two')])
    })

    test('by being stopped, the program ending meanwhile: its exit status is known', async () => {
      const request = await queue({ steps: [gated('one'), gated('two')] })
      const first = worker()
      await eventually(() => deeds(file)).toEqual(['one begun'])
      first.kill('SIGTERM')
      await first.ended()
      openGate()
      await eventually(() => nothingRuns(request)).toBe(true)
      await worker().says('ended succeeded')
      expect(deeds(file)).toEqual(['one begun', 'one ended', 'two begun', 'two ended'])
      expect((await logOf(request)).output).toEqual([...printed('one'), ...printed('two')])
    })

    test('for longer than its lease, then comes back: it neither writes nor starts anything', async () => {
      const request = await queue({ steps: [gated('one'), gated('two')] })
      const first = worker()
      // Not within a transaction: its locks would have to be waited for.
      await eventually(async () => (await logOf(request)).output.length).toBe(500)
      first.kill('SIGSTOP')
      const next = worker()
      await next.says('ended unknown')
      const before = await logOf(request)
      openGate()
      first.kill('SIGCONT')
      await first.says('gave up: LeaseLost')
      expect(deeds(file)).toEqual(['one begun'])
      expect(await logOf(request)).toEqual(before)
      expect(before.runs).toMatchObject([{ state: 'unknown' }])
    })

    test('just before it lets a program run, for longer than its lease: that program never runs', async () => {
      await queue({ steps: [gated('one')] })
      openGate()
      const first = worker({ HOLD_AT: 'step committed' })
      await first.says('holds at step committed')
      first.kill('SIGSTOP')
      const next = worker()
      await next.says('ended succeeded')
      first.kill('SIGCONT')
      first.kill('SIGUSR2')
      await first.says('gave up: LeaseLost')
      expect(deeds(file)).toEqual(['one begun', 'one ended'])
    })

    describe('during the start of a supervised program', () => {
      let port: number
      beforeEach(async () => {
        port = await freePort()
      })
      const start = () => ({
        name: 'Start',
        executor: 'process',
        operation: 'start',
        process: `application ${port}`,
        argv: [process.execPath, 'test/contracts/programs/application.mjs', String(port), file],
        folder: process.cwd(),
        output: `${file}.log`,
        healthUrl: `http://127.0.0.1:${port}/health`,
      })
      const stopAll = () => {
        for (const pid of deeds(file))
          if (processOf(Number(pid))?.ended === false) process.kill(Number(pid), 'SIGKILL')
      }

      test.each(points.startsNothing)('at “%s” leaves nothing running', async point => {
        onTestFinished(stopAll)
        await queue({ steps: [start()] })
        expect(await worker({ CRASH_AT: point }).ended()).toBe('SIGKILL')
        const next = worker()
        await next.says('ended unknown')
        expect(next.lines.join()).toContain('is not running.')
        expect(deeds(file)).toEqual([])
        await queue({ steps: [start()] })
        await next.says('ended succeeded')
        expect(deeds(file)).toHaveLength(1)
      })

      test('at “process started” leaves it running, known and not started twice', async () => {
        onTestFinished(stopAll)
        await queue({ steps: [start()], safeToRepeat: true })
        expect(await worker({ CRASH_AT: 'process started' }).ended()).toBe('SIGKILL')
        await worker().says('ended succeeded')
        expect(deeds(file)).toHaveLength(1)
      })
    })
  })
