import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppEnv } from '../../src/http/env.ts'
import { staticFiles } from '../../src/http/static-files.ts'

/** The stylesheet as the build leaves it: with its compressed twin beside it. */
const css = 'body { color: black }'
let folder: string
let app: Hono<AppEnv>
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-static-'))
  writeFileSync(path.join(folder, 'app.css'), css)
  writeFileSync(path.join(folder, 'app.css.gz'), gzipSync(css))
  app = new Hono<AppEnv>().route('/static', staticFiles(folder))
})
afterAll(() => rmSync(folder, { recursive: true }))

const get = async (name: string, headers: Record<string, string> = {}) =>
  app.request(`/static/${name}`, { headers })
const hashOf = async () => ((await get('app.css')).headers.get('etag') ?? '').replaceAll('"', '')

test('a file is served with its type', async () => {
  const answer = await get('app.css')
  expect(await answer.text()).toBe(css)
  expect(answer.headers.get('content-type')).toContain('text/css')
})

test('an address with the content’s hash may be kept for ever, any other must be asked for again', async () => {
  const cacheOf = async (name: string) => (await get(name)).headers.get('cache-control')
  expect(await cacheOf(`app.css?v=${await hashOf()}`)).toBe('public, max-age=31536000, immutable')
  expect(await cacheOf('app.css?v=olderhash')).toBe('no-cache')
  expect(await cacheOf('app.css')).toBe('no-cache')
})

test('what the browser has already is not sent again', async () => {
  const answer = await get('app.css', { 'if-none-match': `"${await hashOf()}"` })
  expect([answer.status, await answer.text()]).toEqual([304, ''])
})

test.each([
  ['gzip', 'gzip'],
  ['br, gzip', 'gzip'],
  ['gzip;q=0', null],
  ['', null],
])('Accept-Encoding %j gets %j', async (accepted, encoding) => {
  const answer = await get('app.css', { 'accept-encoding': accepted })
  expect(answer.headers.get('content-encoding')).toBe(encoding)
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect((encoding ? gunzipSync(bytes) : bytes).toString()).toBe(css)
})

test.each(['../package.json', '%2e%2e/package.json', 'app.css.gz', 'nothing.css', ''])(
  '%j is not there',
  async name => {
    expect((await get(name)).status).toBe(404)
  },
)
