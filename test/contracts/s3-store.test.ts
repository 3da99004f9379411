import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { StoreError } from '../../src/files/object-store.ts'
import { pickPage } from '../../src/files/pick-page.ts'
import { type Bucket, s3Store } from '../../src/files/s3-store.ts'
import { Secret } from '../../src/secret.ts'
import { movableClock } from '../support/clock.ts'
import { bucketOf, type S3Server, startS3 } from '../support/s3-server.ts'

let s3: S3Server
const clock = movableClock()
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(() => s3.close())
beforeEach(() => {
  s3.objects.clear()
  s3.trouble = undefined
})

const open = (over: Partial<Bucket> = {}) =>
  s3Store({ ...bucketOf(s3), ...over }, clock, { connect: 300, silence: 300 })
const problem = async (act: Promise<unknown>) => {
  const error = await act.then(
    () => null,
    caught => caught,
  )
  return error instanceof StoreError ? `${error.kind}: ${error.message}` : error
}
const write = (store: ReturnType<typeof open>, key: string, text = 'content') =>
  store.write(key, Readable.from([Buffer.from(text)]), {
    type: 'text/plain',
    expected: null,
    largest: 2 ** 30,
  })
const first = (store: ReturnType<typeof open>) => problem(pickPage(store, '', {}))

describe('the server of the tests believes nothing that is not signed', () => {
  test('no signature, a wrong secret, another key, another region', async () => {
    expect((await fetch(`${s3.url}/${s3.bucket}/x`)).status).toBe(403)
    expect(await first(open({ secret: new Secret('another') }))).toContain('SignatureDoesNotMatch, 403')
    expect(await first(open({ accessKeyId: 'SOMEBODY' }))).toContain('InvalidAccessKeyId')
    expect(await first(open({ region: 'us-east-1' }))).toContain('AuthorizationHeaderMalformed')
    expect(await first(open())).toBeNull()
  })

  test('a signature of something else: another object, another content, another time', async () => {
    const address = new URL(
      (await open().addressOf('a.txt', { type: 'text/plain', disposition: 'attachment' })) ?? '',
    )
    await write(open(), 'a.txt')
    await write(open(), 'b.txt')
    expect(await (await fetch(address)).text()).toBe('content')
    const other = new URL(address)
    other.pathname = other.pathname.replace('a.txt', 'b.txt')
    expect((await fetch(other)).status).toBe(403)
    const shown = new URL(address)
    shown.searchParams.set('response-content-disposition', 'inline')
    expect((await fetch(shown)).status).toBe(403)
    expect((await fetch(address, { method: 'DELETE' })).status).toBe(403)
    s3.signedBy = () => new Date(Date.now() + 61_000)
    expect((await fetch(address)).status).toBe(403)
    s3.signedBy = () => new Date(Date.now() + 16 * 60_000)
    expect(await first(open())).toContain('RequestTimeTooSkewed')
    s3.signedBy = () => new Date()
  })

  test('content in frames is refused, not stored as it comes', async () => {
    const answer = await fetch(`${s3.url}/${s3.bucket}/x`, {
      method: 'PUT',
      body: '1\r\na\r\n0\r\n\r\n',
      headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
    })
    expect([answer.status, s3.objects.size]).toEqual([403, 0])
  })
})

describe('a bucket', () => {
  test('gives addresses that keep their name and type, for a minute', async () => {
    await write(open(), 'reports/june.txt')
    const address = await open().addressOf('reports/june.txt', {
      type: 'text/plain',
      disposition: 'attachment; filename="june.txt"',
    })
    const answer = await fetch(address ?? '')
    expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      'text/plain',
      'attachment; filename="june.txt"',
    ])
    expect(new URL(address ?? '').searchParams.get('X-Amz-Expires')).toBe('60')
    expect(address).not.toContain(encodeURIComponent(s3.secretAccessKey))
  })

  test('shows nothing beside its prefix, and everything below it, whatever it is called', async () => {
    const object = { content: Buffer.from('content'), type: 'text/html', modified: clock.now(), etag: 'e' }
    const keys = [
      '../../etc/passwd',
      '/slash',
      'line\nbreak',
      'tab\tand\u0001one',
      'a//b',
      './c',
      'ünï/ç',
      'plus+ space%2F&amp;',
      '😀',
      '\uffee',
    ]
    for (const key of [
      ...keys.map(one => `10000-DEV/files/${one}`),
      '10000-DEV/logs/other',
      '10000-DEV/files',
    ])
      s3.objects.set(key, object)
    const store = open()
    const found = new Set<string>()
    const folders = ['']
    for (const folder of folders)
      for await (const entry of store.entries(folder, { after: null, facts: false }))
        if (entry.kind === 'folder') folders.push(entry.key)
        else found.add(entry.key)
    expect([...found].sort()).toEqual([...keys].sort())
    for (const key of keys) {
      const read = await (await store.open(key))?.read()
      expect(String(await buffer(read ?? Readable.from([])))).toBe('content')
    }
    // What a browser would make of the dots is another object: they go through the portal.
    const as = { type: 'text/plain', disposition: 'attachment' }
    expect(await store.addressOf('../../etc/passwd', as)).toBeNull()
    expect(await store.addressOf('a//b', as)).toBeNull()
    expect((await store.open('line\nbreak'))?.type).toBe('application/octet-stream')
  })

  test('pages through ten thousand objects without asking for all of them', async () => {
    const object = { content: Buffer.from(''), type: 'text/plain', modified: clock.now(), etag: 'e' }
    for (let i = 0; i < 10_000; i++)
      s3.objects.set(`10000-DEV/files/log/${String(i).padStart(5, '0')}`, object)
    const store = open()
    const page = await pickPage(store, 'log/', {})
    s3.asked.length = 0
    const next = await pickPage(store, 'log/', { after: page.next?.after, from: page.next?.from })
    expect([next.rows[0]?.key, next.from, next.total, next.atLeast]).toEqual(['log/00025', 26, 51, true])
    expect(s3.asked).toHaveLength(1)
    expect((await pickPage(store, 'log/', { name: '9998' })).rows.map(row => row.key)).toEqual(['log/09998'])
    expect((await pickPage(store, '', {})).rows.map(row => row.key)).toEqual(['log/'])
  })

  test('what was left of uploads that broke off is taken away when it is old', async () => {
    const upload = { type: '', parts: new Map() }
    s3.uploads.set('old', {
      ...upload,
      key: '10000-DEV/files/a',
      initiated: new Date('2026-03-01T00:00:00.000Z'),
    })
    s3.uploads.set('new', { ...upload, key: '10000-DEV/files/b', initiated: clock.now() })
    s3.uploads.set('other', {
      ...upload,
      key: '20000-DEV/a',
      initiated: new Date('2026-03-01T00:00:00.000Z'),
    })
    await open().tidy(new Date('2026-03-02T00:00:00.000Z'))
    expect([...s3.uploads.keys()]).toEqual(['new', 'other'])
    s3.uploads.clear()
  })

  test.each([
    [
      { status: 500, code: 'InternalError' },
      'gone: The object store has trouble of its own. Try again later (InternalError, 500).',
    ],
    [{ status: 507, code: 'InsufficientStorage' }, 'full: There is no room left in the object store'],
    [{ status: 403, code: 'AccessDenied' }, 'denied: The object store does not accept the portal’s key'],
    ['silence' as const, 'gone: The object store does not answer (TimeoutError)'],
  ])('%j is told in words', async (trouble, words) => {
    s3.trouble = () => trouble
    const store = open()
    expect(await first(store)).toContain(words)
    if (trouble !== 'silence') expect(await problem(write(store, 'x'))).toContain(words)
    expect(String(await first(store))).not.toContain(s3.secretAccessKey)
  })

  test('a server that is not there, and a bucket that is not', async () => {
    expect(await first(open({ endpoint: 'http://127.0.0.1:9' }))).toContain('does not answer (ECONNREFUSED)')
    expect(await first(open({ bucket: 'no-such-bucket' }))).toContain('NoSuchBucket, 404')
  })
})
