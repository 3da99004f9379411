import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildPrograms, type Running, start, temporaryFolder } from '../support/gatehouse.ts'

const personLine = /^\S+@example\.com {2}[^\s,|]+ {2}(OPERATOR|MANAGER|STD_USER)$/
let place: ReturnType<typeof temporaryFolder>
let env: Record<string, string>
let running: Running | undefined

const demo = (...args: string[]) => start('demo', args, env)
const personsOf = (text: string) => text.split('\n').filter(line => personLine.test(line))

async function started() {
  running = demo()
  await running.line(/^ {2}20000-DEV {2}http:/)
  return running
}

async function stop(program: Running) {
  program.kill('SIGTERM')
  return program.ended
}

beforeAll(() => buildPrograms())
beforeEach(() => {
  place = temporaryFolder()
  env = { DATA_DIR: path.join(place.folder, 'data'), PORT: '0' }
})
afterEach(async () => {
  if (running) {
    await stop(running)
    await demo('--wipe').ended
  }
  running = undefined
  place.remove()
})

test('from an empty folder it prints its address, then a line a person, and its environments really run', async () => {
  const program = await started()
  const lines = program.out().split('\n')
  expect(lines[0]).toMatch(/^Gatehouse is at http:\/\/127\.0\.0\.1:[1-9]\d*$/)
  expect(lines.slice(1, 8).every(line => personLine.test(line))).toBe(true)
  expect(program.out()).toMatch(/^user01@example\.com {2}\S+ {2}STD_USER$/m)
  expect(await healthOfAll(program)).toEqual([
    ['10000-DEV', 'ready'],
    ['10000-TST', 'ready'],
    ['10000-PRD', 'ready'],
    ['20000-DEV', 'ready'],
  ])
  // The passwords are for this user alone.
  expect(statSync(path.join(env.DATA_DIR ?? '', 'demo-passwords')).mode & 0o777).toBe(0o600)
  expect(statSync(env.DATA_DIR ?? '').mode & 0o777).toBe(0o700)
  // Another one at the same address says why it doesn't start, and nothing besides.
  const { port } = new URL(/http:\S+/.exec(lines[0] ?? '')?.[0] ?? '')
  const second = await start('demo', [], { DATA_DIR: path.join(place.folder, 'second'), PORT: port }).ended
  expect([second.status, second.err.trim().split('\n')]).toEqual([
    1,
    [expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`)],
  ])
  // Nothing is taken away from below a portal that runs.
  const { status, err } = await demo('--wipe').ended
  expect([status, err]).toEqual([1, expect.stringContaining('Stop it with Ctrl+C first')])
  expect(existsSync(path.join(env.DATA_DIR ?? '', 'demo-passwords'))).toBe(true)
})

test('it goes on where it was, is stopped with its data kept, and removed with all of it', async () => {
  const first = await started()
  const before = await processes(first)
  expect((await stop(first)).status).toBe(0)
  const second = await started()
  expect(personsOf(second.out())).toEqual(personsOf(first.out()))
  expect(await processes(second)).toEqual(before)
  const urls = urlsOf(second)
  await stop(second)
  expect((await demo('--stop').ended).out).toContain('10000-DEV: stopped')
  for (const url of urls) await expect(fetch(url)).rejects.toThrow()
  expect(existsSync(path.join(env.DATA_DIR ?? '', 'gatehouse.sqlite'))).toBe(true)
  const { status, out } = await demo('--wipe').ended
  expect(out).toContain('The demo is gone')
  expect(status).toBe(0)
  expect(readdirSync(place.folder)).toEqual([])
})

describe('--wipe', () => {
  test('leaves what is not the demo’s', async () => {
    await stop(await started())
    writeFileSync(path.join(env.DATA_DIR ?? '', 'notes.txt'), 'mine')
    expect((await demo('--wipe').ended).out).toContain('it also holds notes.txt')
    expect(readdirSync(env.DATA_DIR ?? '')).toEqual(['notes.txt'])
  })

  test('does nothing where no demo is', async () => {
    expect(await demo('--wipe').ended).toMatchObject({ status: 0, err: '' })
  })
})

test('a folder with a portal of somebody’s own is left alone', async () => {
  await start('gatehouse', ['migrate'], env).ended
  const { status, err } = await demo().ended
  expect(status).toBe(1)
  expect(err).toContain('holds a portal that is not the demo')
})

const urlsOf = (program: Running) => program.out().match(/(?<=^ {2}\d{5}-\w{3} {2})http:.+$/gm) ?? []

const healthOfAll = (program: Running) =>
  Promise.all(
    urlsOf(program).map(async url => {
      const { environment, status } = (await (await fetch(new URL('health', url))).json()) as Record<
        string,
        string
      >
      return [environment, status]
    }),
  )

/** Pids of the applications, as their pages say. */
const processes = (program: Running) =>
  Promise.all(urlsOf(program).map(async url => /Process \d+/.exec(await (await fetch(url)).text())?.[0]))
