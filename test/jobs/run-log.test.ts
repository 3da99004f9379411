import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findLines, logExtent, logText, readLines } from '../../src/automation/run-log.ts'
import { engines } from '../support/engines.ts'
import { createWorld, type World } from '../support/world.ts'
import { folder, runbook, script, startRun } from './run-world.ts'

describe.each(engines)('The log of a run (%s)', engine => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine, { env: { RUN_LOG_LIMIT: '1' } })
  })
  afterAll(() => world.close())
  const at = (run: { id: number }) => [world.deps.db, world.config, run.id] as const

  test('holds 100,000 lines; the limit keeps the first 90 % and the last 10 %', async () => {
    const run = await startRun(world, runbook(script('seq -f "line %.0f" 100000')))
    expect(await run.execute()).toEqual({ kind: 'succeeded' })
    const extent = await logExtent(world.deps.db, run.id)
    const { omitted } = extent
    // Two lines before the output, one behind it.
    expect(extent.lines).toBe(100_003)
    if (!omitted) throw new Error('The limit left nothing out.')
    const lines = await run.lines()
    const gap = lines.findIndex(line => line.omitted !== undefined)
    expect(lines[gap]).toMatchObject({ n: omitted.from, omitted: omitted.lines })
    expect(lines[gap]?.text).toBe(
      `… ${omitted.lines.toLocaleString('en')} lines (${(omitted.bytes / 1024 / 1024).toFixed(1)} MiB) left out: the log limit is 1 MiB …`,
    )
    expect(lines[gap - 1]?.text).toBe(`line ${omitted.from - 3}`)
    expect(lines[gap + 1]?.text).toBe(`line ${omitted.to - 1}`)
    expect(lines.at(-2)?.text).toBe('line 100000')
    expect(lines.length - 1 + omitted.lines).toBe(100_003)
    const kept = extent.bytes - omitted.bytes
    expect(kept).toBeLessThanOrEqual(1024 * 1024)
    expect(kept).toBeGreaterThan(0.97 * 1024 * 1024)

    expect((await readLines(...at(run), { from: omitted.from - 1, limit: 3 })).map(line => line.n)).toEqual([
      omitted.from - 1,
      omitted.from,
      omitted.to + 1,
    ])
    expect((await readLines(...at(run), { from: omitted.from + 5, limit: 2 })).map(line => line.n)).toEqual([
      omitted.from + 5,
      omitted.to + 1,
    ])
    const last = await readLines(...at(run), { tail: 20 })
    expect(last.map(line => line.n)).toEqual(Array.from({ length: 20 }, (_, i) => 99_984 + i))
    const whole = await readLines(...at(run), { tail: 200_000 })
    expect(whole).toEqual(lines)

    let downloaded = ''
    for await (const text of logText(...at(run))) downloaded += text
    expect(
      downloaded
        .split('\n')
        .slice(0, -1)
        .map(line => line.slice(30)),
    ).toEqual(lines.map(line => line.text))
    expect(downloaded).toContain('2026-03-02T09:00:00.000Z out  line 1\n')
  })

  test('finds text in any case, a part at a time', async () => {
    const run = await startRun(world, runbook(script('seq -f "Line %.0f" 3000; echo ERROR here')))
    await run.execute()
    const { db } = world.deps
    const found = await findLines(db, run.id, 'error HERE')
    expect(found).toMatchObject({
      lines: [{ text: '/bin/sh -c \'seq -f "Line %.0f" 3000; echo ERROR here\'' }, { text: 'ERROR here' }],
      next: null,
    })
    const first = await findLines(db, run.id, 'line 1', { limit: 2 })
    expect(first.lines.map(line => line.text)).toEqual(['Line 1', 'Line 10'])
    const next = await findLines(db, run.id, 'line 1', { from: first.next ?? 0, limit: 2 })
    expect(next.lines.map(line => line.text)).toEqual(['Line 11', 'Line 12'])
    expect(await findLines(db, run.id, 'error', { from: 10, lookAt: 1000 })).toMatchObject({
      lines: [],
      next: 1010,
    })
  })

  test('what a program prints is stored harmless and in order', async () => {
    const run = await startRun(
      world,
      runbook(script(String.raw`printf 'a\000b\033[31mred\033[0m \377\n10%%\r20%%\r\nend'`)),
    )
    await run.execute()
    expect(await run.texts('out')).toEqual(['a␀bred \ufffd', '10%', '20%', 'end'])
  })

  test('with one stream for both outputs their order is exact', async () => {
    const run = await startRun(
      world,
      runbook(script('for i in $(seq 200); do echo out $i; echo err $i >&2; done', { merge: true })),
    )
    await run.execute()
    expect(await run.texts('out')).toEqual(
      Array.from({ length: 200 }, (_, i) => [`out ${i + 1}`, `err ${i + 1}`]).flat(),
    )
  })

  test('secrets are taken out of commands, output and reasons; programs get them, and nothing else of the portal', async () => {
    const file = path.join(folder(), 'token')
    writeFileSync(file, 'from-a-file')
    vi.stubEnv('GATEHOUSE_SECRET_TOKEN', 'hunter2-hunter2')
    vi.stubEnv('DATABASE_URL', 'postgres://portal:own@db/x')
    const env = { TOKEN: { secret: 'env:GATEHOUSE_SECRET_TOKEN' }, OTHER: { secret: `file:${file}` } }
    const run = await startRun(
      world,
      runbook(
        script('printf "%s" "$TOKEN" | base64; echo "$TOKEN $OTHER"; env | cut -d= -f1 | sort', { env }),
        { name: 'Tell', executor: 'command', argv: ['/bin/echo', 'hunter2-hunter2'], env: {} },
      ),
    )
    await run.execute()
    vi.unstubAllEnvs()
    const texts = await run.texts()
    expect(texts.join('\n')).not.toMatch(/hunter2|from-a-file|aHVudGVyMi1o/)
    expect(texts).toContain('[secret] [secret]')
    expect(texts).toContain('/bin/echo [secret]')
    expect((await run.texts('out')).slice(2, -1)).toEqual(
      expect.arrayContaining(['GATEHOUSE_STEP', 'HOME', 'LANG', 'OTHER', 'PATH', 'TOKEN']),
    )
    expect(texts).not.toContain('DATABASE_URL')
    expect(texts).not.toContain('GATEHOUSE_SECRET_TOKEN')
    expect((await run.steps())[1]?.command).toBe('/bin/echo [secret]')
  })
})
