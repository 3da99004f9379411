import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { s3Store } from '../../src/files/s3-store.ts'
import { movableClock } from '../support/clock.ts'
import { bucketOf, type S3Server, startS3 } from '../support/s3-server.ts'

let s3: S3Server
const clock = movableClock()
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(() => s3.close())

const content = (words: string) => ({
  content: Buffer.from(words),
  type: 'text/plain',
  modified: clock.now(),
  etag: 'e',
})
beforeEach(() => {
  s3.objects.clear()
  s3.objects.set('10000-DEV/files/own.txt', content('own'))
  s3.objects.set('10000-DEV/files/a/own.txt', content('own'))
  s3.objects.set('20000-DEV/files/secret.txt', content('of another customer'))
})
const open = () => s3Store(bucketOf(s3), clock, { connect: 300, silence: 300 })
const upwards = ['../../20000-DEV/files/secret.txt', 'a/../../../20000-DEV/files/secret.txt']

/** Where objects are files, a key with dots means one beside the prefix: what a person asks for stays in their store. */
test.each(upwards)(
  'a key that leads upwards is no key, even on a server that would follow it: %s',
  async key => {
    s3.folds = true
    const store = open()
    expect(await store.open(key)).toBeNull()
    expect(await store.isTaken(key)).toBe(false)
    await store.remove(key)
    const about = { type: 'text/plain', expected: null, largest: 100 }
    const upload = store.write(key.replace('secret', 'planted'), Readable.from([Buffer.from('x')]), about)
    await expect(upload).rejects.toMatchObject({ kind: 'name' })
    await expect(store.makeFolder(key.replace('secret.txt', 'planted/'))).rejects.toMatchObject({
      kind: 'name',
    })
    const found: string[] = []
    for await (const entry of store.entries(key.replace('secret.txt', ''), { after: null, facts: false }))
      found.push(entry.key)
    expect(found).toEqual([])
    expect([...s3.objects.keys()].sort()).toEqual([
      '10000-DEV/files/a/own.txt',
      '10000-DEV/files/own.txt',
      '20000-DEV/files/secret.txt',
    ])
  },
)

test.each(upwards)('one that is called so is had, listed and deleted as any other: %s', async key => {
  s3.folds = false
  s3.objects.set(`10000-DEV/files/${key}`, content('called so'))
  const store = open()
  expect(await text((await (await store.open(key))?.read()) ?? Readable.from([]))).toBe('called so')
  const found: string[] = []
  for await (const entry of store.entries(key.replace('secret.txt', ''), { after: null, facts: false }))
    found.push(entry.key)
  expect(found).toEqual([key])
  await store.remove(key)
  expect(await store.open(key)).toBeNull()
  expect(s3.objects.has('20000-DEV/files/secret.txt')).toBe(true)
})
