import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localStore } from '../../src/files/local-store.ts'
import { type NewObject, type ObjectStore, StoreError } from '../../src/files/object-store.ts'
import { type FilesQuery, pickPage } from '../../src/files/pick-page.ts'
import { s3Store } from '../../src/files/s3-store.ts'
import { movableClock } from '../support/clock.ts'
import { bucketOf, startS3 } from '../support/s3-server.ts'

/** One contract for all kinds of stores: a folder of this machine, and a bucket. */
const clock = movableClock('2026-03-01T12:00:00.000Z')
const mib = 1024 * 1024

interface Opened {
  store: ObjectStore
  /** Of what is not finished; nothing else in the store. */
  leftovers(): number
  close(): Promise<void>
}

const kinds: Record<string, () => Promise<Opened>> = {
  'local folder': async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'gatehouse-store-'))
    return {
      store: localStore(root, true, clock),
      leftovers: () => readdirSync(path.join(root, '.gatehouse')).length,
      close: async () => rmSync(root, { recursive: true }),
    }
  },
  'S3 bucket': async () => {
    const s3 = await startS3()
    s3.now = () => clock.now()
    const store = s3Store(bucketOf(s3), clock)
    return {
      store,
      leftovers: () => s3.uploads.size,
      close: async () => {
        store.close()
        await s3.close()
      },
    }
  },
}

const about: NewObject = { type: 'text/plain', expected: null, largest: 100 * mib }

describe.each(Object.entries(kinds))('%s', (_kind, open) => {
  let opened: Opened
  let store: ObjectStore
  beforeAll(async () => {
    clock.set('2026-03-01T12:00:00.000Z')
    opened = await open()
    store = opened.store
  })
  afterAll(() => opened.close())

  const write = (key: string, text: string, type = 'text/plain') =>
    store.write(key, Readable.from([Buffer.from(text)]), { ...about, type })
  const read = async (key: string, range?: { first: number; last: number }) => {
    const object = await store.open(key)
    return object && String(await buffer(await object.read(range)))
  }
  const names = async (folder: string, query: FilesQuery = {}) =>
    (await pickPage(store, folder, query)).rows.map(entry => entry.key)
  const problem = async (act: Promise<unknown>) => {
    const error = await act.catch(caught => caught)
    return error instanceof StoreError ? error.kind : error
  }

  test('gives back what was put there, with its facts', async () => {
    await write('note.txt', 'Hello, Prüfung')
    expect(await read('note.txt')).toBe('Hello, Prüfung')
    expect(await read('note.txt', { first: 7, last: 9 })).toBe('Pr\ufffd')
    const object = await store.open('note.txt')
    await object?.close()
    expect(object).toMatchObject({ size: 15, type: 'text/plain', modified: '2026-03-01T12:00:00.000Z' })
    const [entry] = (await pickPage(store, '', {})).rows
    expect(await store.describe(entry ? [entry] : [])).toEqual([
      { kind: 'object', key: 'note.txt', size: 15, modified: '2026-03-01T12:00:00.000Z', type: 'text/plain' },
    ])
  })

  test('an empty file is a file', async () => {
    await write('empty', '')
    expect(await read('empty')).toBe('')
    await store.remove('empty')
  })

  test('replaces nothing', async () => {
    expect(await store.isTaken('note.txt')).toBe(true)
    expect(await problem(write('note.txt', 'another'))).toBe('taken')
    expect(await read('note.txt')).toBe('Hello, Prüfung')
    expect(opened.leftovers()).toBe(0)
  })

  test('what is not there is not there, however often it is removed', async () => {
    expect([await store.open('nothing'), await store.isTaken('nothing')]).toEqual([null, false])
    await store.remove('nothing')
  })

  test('folders are made, listed apart from what is in them, and can be empty', async () => {
    await store.makeFolder('reports/')
    await store.makeFolder('reports/2026/')
    await write('reports/june.txt', 'June')
    expect(await names('')).toEqual(['note.txt', 'reports/'])
    expect(await names('reports/')).toEqual(['reports/2026/', 'reports/june.txt'])
    expect(await names('reports/2026/')).toEqual([])
    expect(await problem(store.makeFolder('reports/'))).toBe('taken')
    expect([await store.isTaken('reports'), await store.isTaken('reports/2026/')]).toEqual([true, true])
  })

  test('lists page by page, in every order, forwards and backwards', async () => {
    await store.makeFolder('many/')
    for (let i = 0; i < 60; i++)
      await write(`many/${String(i).padStart(2, '0')}.txt`, 'x'.repeat((i * 7) % 60))
    const first = await pickPage(store, 'many/', {})
    expect(first.rows.map(row => row.key.slice(5, 7)).join()).toBe(range(0, 25))
    const second = await pickPage(store, 'many/', { after: first.next?.after, from: first.next?.from })
    expect([second.from, second.to, second.rows[0]?.key]).toEqual([26, 50, 'many/25.txt'])
    const third = await pickPage(store, 'many/', { after: second.next?.after, from: '51' })
    expect([third.next, third.to, third.total, third.atLeast]).toEqual([null, 60, 60, false])
    const back = await pickPage(store, 'many/', { before: third.previous?.before, from: '26' })
    expect(back.rows).toEqual(second.rows)
    expect((await names('many/', { sort: '-name' }))[0]).toBe('many/59.txt')
    const bySize = (await pickPage(store, 'many/', { sort: 'size' })).rows.map(row => row.size)
    expect(bySize).toEqual([...bySize].sort((a, b) => (a ?? 0) - (b ?? 0)))
    expect(bySize[0]).toBe(0)
    expect(await names('many/', { name: '5.TX' })).toEqual([0, 1, 2, 3, 4, 5].map(ten => `many/${ten}5.txt`))
  })

  test('takes a large file in pieces, whole or not at all', async () => {
    const hash = createHash('sha256')
    await store.write('large', Readable.from(pieces(20, hash)), {
      ...about,
      type: 'application/octet-stream',
    })
    const object = await store.open('large')
    const found = createHash('sha256')
    for await (const piece of (await object?.read()) ?? []) found.update(piece as Buffer)
    expect([object?.size, found.digest('hex')]).toEqual([20 * mib, hash.digest('hex')])

    const broken = async function* () {
      yield* pieces(18, createHash('sha256'))
      throw new Error('The cable is loose.')
    }
    await expect(store.write('half', Readable.from(broken()), about)).rejects.toThrow('The cable is loose.')
    expect([await store.open('half'), opened.leftovers()]).toEqual([null, 0])
  })

  test('finds what is old, and removes it', async () => {
    clock.advance(10 * 86_400_000)
    await write('reports/new.txt', 'new')
    const old: string[] = []
    const until = new Date('2026-03-05T00:00:00.000Z')
    for await (const { key } of store.olderThan(until)) old.push(key)
    expect(old).toContain('reports/june.txt')
    expect(old).toContain('note.txt')
    expect(old).not.toContain('reports/new.txt')
    for (const key of old) await store.remove(key, until)
    // What has taken the name of an old one since it was listed is not old.
    await store.remove('reports/new.txt', until)
    expect(await names('')).not.toContain('note.txt')
    expect(await names('reports/')).toContain('reports/new.txt')
    expect(await names('reports/')).not.toContain('reports/june.txt')
  })
})

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => String(from + i).padStart(2, '0')).join()

async function* pieces(count: number, hash: ReturnType<typeof createHash>) {
  for (let i = 0; i < count; i++) {
    const piece = Buffer.alloc(mib, i)
    hash.update(piece)
    yield piece
  }
}
