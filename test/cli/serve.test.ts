import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { engines, freshDatabase } from '../support/engines.ts'
import { buildPrograms, type Running, start, temporaryFolder } from '../support/gatehouse.ts'

let place: ReturnType<typeof temporaryFolder>
let env: Record<string, string>
const started: Running[] = []

beforeAll(() => buildPrograms())
beforeEach(() => {
  place = temporaryFolder()
  env = { DATA_DIR: place.folder, PORT: '0' }
})
afterEach(async () => {
  for (const program of started.splice(0)) {
    program.kill('SIGKILL')
    await program.ended
  }
  place.remove()
})

function begin(command: string, more: Record<string, string> = {}) {
  const program = start('gatehouse', [command], { ...env, ...more })
  started.push(program)
  return program
}

const addressOf = async (program: Running) =>
  (await program.line(/^Gatehouse is at http:/)).replace('Gatehouse is at ', '')

test('on an empty database it prints where it is and how to set it up', async () => {
  const portal = begin('serve')
  const url = await addressOf(portal)
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
  const link = (await portal.line(/Set up the first operator/)).split(' ').at(-1) ?? ''
  expect(link.startsWith(`${url}/`)).toBe(true)
  expect((await fetch(link)).status).toBe(200)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it in order', async signal => {
  const portal = begin('serve')
  const url = await addressOf(portal)
  // A connection kept alive must not hold it up.
  await (await fetch(`${url}/healthz`)).text()
  portal.kill(signal)
  expect(await portal.ended).toMatchObject({ status: 0, err: '' })
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
})

test('it starts again on the same data', async () => {
  const first = begin('serve')
  await addressOf(first)
  first.kill('SIGTERM')
  await first.ended
  const second = begin('serve')
  expect((await fetch(`${await addressOf(second)}/readyz`)).status).toBe(200)
})

test('a second one on the same port changes nothing and says why', async () => {
  const first = begin('serve')
  const { port } = new URL(await addressOf(first))
  const second = await begin('serve', { PORT: port }).ended
  expect(second).toMatchObject({ status: 1, out: '' })
  expect(second.err).toContain(`Port ${port} on 127.0.0.1 is taken`)
})

test.each(engines)('two that start at once share an empty database (%s)', async engine => {
  const database = await freshDatabase(engine, { empty: true })
  onTestFinished(() => database.close())
  const both = [begin('serve', database.env), begin('serve', database.env)]
  for (const portal of both) expect((await fetch(`${await addressOf(portal)}/readyz`)).status).toBe(200)
  for (const portal of both) portal.kill('SIGTERM')
  for (const portal of both) expect(await portal.ended).toMatchObject({ status: 0, err: '' })
})

test('worker runs without pages and stops in order', async () => {
  const worker = begin('worker')
  await worker.line(/worker started/)
  worker.kill('SIGTERM')
  expect(await worker.ended).toMatchObject({ status: 0, err: '' })
})

test('its log is lines of JSON', async () => {
  const portal = begin('serve')
  const url = await addressOf(portal)
  await (await fetch(`${url}/sign-in`)).text()
  portal.kill('SIGTERM')
  const { out } = await portal.ended
  const lines = out.split('\n').filter(line => line.startsWith('{'))
  expect(lines.map(line => JSON.parse(line).path)).toContain('/sign-in')
})

test('options may stand in files', async () => {
  const file = path.join(place.folder, 'public-url')
  writeFileSync(file, 'https://portal.example.com\n')
  const portal = begin('serve', { PUBLIC_URL_FILE: file })
  await portal.line(/^Gatehouse is at https:\/\/portal\.example\.com$/)
})
