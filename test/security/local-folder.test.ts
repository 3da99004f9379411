import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localStore } from '../../src/files/local-store.ts'
import { type ObjectStore, StoreError } from '../../src/files/object-store.ts'
import { movableClock } from '../support/clock.ts'

/** Nothing leads out of a store's folder, whatever stands in an address or in the folder itself. */
let base: string
let root: string
let store: ObjectStore
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'gatehouse-root-'))
  root = path.join(base, 'root')
  mkdirSync(path.join(root, 'inside'), { recursive: true })
  mkdirSync(path.join(base, 'outside'))
  writeFileSync(path.join(base, 'outside', 'secret.txt'), 'secret')
  writeFileSync(path.join(root, 'inside', 'own.txt'), 'own')
  store = localStore(root, false, movableClock())
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const about = { type: 'text/plain', expected: null, largest: 1000 }
const put = (key: string) => store.write(key, Readable.from([Buffer.from('x')]), about)
const kind = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    error => (error instanceof StoreError ? error.kind : error),
  )
const listed = async (folder: string) => {
  const keys: string[] = []
  for await (const { key } of store.entries(folder, { after: null, facts: true })) keys.push(key)
  return keys.sort()
}
const outside = () => readdirSync(path.join(base, 'outside'))

const ways = [
  '../outside/secret.txt',
  'inside/../../outside/secret.txt',
  '..',
  '.',
  './inside/own.txt',
  'inside/./own.txt',
  'inside//own.txt',
  '/etc/passwd',
  '//etc/passwd',
  'inside/own.txt/',
  'inside/own.txt/x',
  'inside\0/own.txt',
  '..\\outside\\secret.txt',
  '%2e%2e/outside/secret.txt',
  '．．/outside/secret.txt',
  '..／outside／secret.txt',
  'INSIDE/own.txt',
  '.gatehouse/x.part',
  '.GateHouse/x.part',
  'a'.repeat(300),
  '',
]

test.each(ways)('%j is nothing that can be read, made or removed', async way => {
  mkdirSync(path.join(root, '.gatehouse'))
  writeFileSync(path.join(root, '.gatehouse', 'x.part'), 'half')
  expect(await store.open(way).catch(error => (error as StoreError).kind)).toSatisfy(
    found => found === null || found === 'missing',
  )
  const folder = way === '' ? '..' : way
  expect(await kind(listed(`${folder}/`))).toBe('missing')
  if (/\.\.\/|^\.+$|^\/|^$|gatehouse/i.test(way)) {
    expect(await kind(put(way))).not.toBe('done')
    expect(await kind(store.makeFolder(`${folder}/`))).not.toBe('done')
  }
  await kind(store.remove(way))
  expect([outside(), existsSync(path.join(root, 'inside', 'own.txt'))]).toEqual([['secret.txt'], true])
  expect(existsSync(path.join(root, '.gatehouse', 'x.part'))).toBe(true)
})

describe('links are neither shown nor followed', () => {
  beforeEach(() => {
    symlinkSync(path.join(base, 'outside', 'secret.txt'), path.join(root, 'link.txt'))
    symlinkSync(path.join(base, 'outside'), path.join(root, 'away'))
    symlinkSync('own.txt', path.join(root, 'inside', 'near.txt'))
    symlinkSync('/nowhere', path.join(root, 'broken'))
  })

  test('to a file or to a folder, outside or inside', async () => {
    expect(await listed('')).toEqual(['inside/'])
    expect(await listed('inside/')).toEqual(['inside/own.txt'])
    for (const key of ['link.txt', 'inside/near.txt', 'broken']) expect(await store.open(key)).toBeNull()
    expect(await store.open('away/secret.txt').catch(() => null)).toBeNull()
    expect(await kind(put('away/new.txt'))).toBe('missing')
    expect(await kind(store.makeFolder('away/new/'))).toBe('missing')
    expect(await kind(store.remove('away/secret.txt'))).toBe('missing')
    // Their names are taken all the same.
    expect(await kind(put('link.txt'))).toBe('taken')
    expect(await kind(put('broken'))).toBe('taken')
    expect(outside()).toEqual(['secret.txt'])
  })

  test('what is removed is the link and not what it leads to; what is old is looked for behind none', async () => {
    const old: string[] = []
    for await (const { key } of store.olderThan(new Date(Date.now() + 1000))) old.push(key)
    expect(old).toEqual(['inside/own.txt'])
    await store.remove('link.txt')
    expect(outside()).toEqual(['secret.txt'])
  })

  test('nor where the portal keeps what is not finished', async () => {
    symlinkSync(path.join(base, 'outside'), path.join(root, '.gatehouse'))
    expect(await kind(put('new.txt'))).toBe('denied')
    await store.tidy(new Date(Date.now() + 1000))
    expect(outside()).toEqual(['secret.txt'])
  })

  test('the root itself may be one', async () => {
    symlinkSync(root, path.join(base, 'by-link'))
    const behind = localStore(path.join(base, 'by-link'), false, movableClock())
    expect(
      String(await buffer((await (await behind.open('inside/own.txt'))?.read()) ?? Readable.from([]))),
    ).toBe('own')
  })
})

test('what other programs have called strangely is shown, given and removed like everything else', async () => {
  const names = [
    'line\nbreak',
    '\u202etxt.exe',
    '..hidden',
    'a\\b',
    '<img src=x onerror=alert(1)>',
    ' ',
    '‥',
    'CON',
    '\u001b[31mred',
  ]
  for (const name of names) writeFileSync(path.join(root, 'inside', name), name)
  expect(await listed('inside/')).toEqual([...names, 'own.txt'].map(name => `inside/${name}`).sort())
  for (const name of names) {
    const object = await store.open(`inside/${name}`)
    expect(String(await buffer((await object?.read()) ?? Readable.from([])))).toBe(name)
    await store.remove(`inside/${name}`)
  }
  expect(readdirSync(path.join(root, 'inside'))).toEqual(['own.txt'])
})

test('what is no file is not opened, and keeps nobody waiting', async () => {
  execFileSync('mkfifo', [path.join(root, 'pipe')])
  expect([await listed(''), await store.open('pipe'), await store.open('inside')]).toEqual([
    ['inside/'],
    null,
    null,
  ])
})

test('an operator’s folder that is not there is said to be missing and never made', async () => {
  const away = localStore(path.join(base, 'not-mounted'), false, movableClock())
  const error = await away.write('x', Readable.from(['x']), about).catch(caught => caught)
  expect([error.kind, existsSync(path.join(base, 'not-mounted'))]).toEqual(['gone', false])
  expect(error.message).toContain('ENOENT')
})

test('files and folders are readable for the portal only', async () => {
  const own = path.join(base, 'data', 'files', '10000-DEV', 'files')
  const made = localStore(own, true, movableClock())
  await made.write('x.txt', Readable.from([Buffer.from('x')]), about)
  await made.makeFolder('f/')
  expect([own, path.join(own, 'x.txt')].map(place => (statSync(place).mode & 0o077).toString(8))).toEqual([
    '0',
    '0',
  ])
})

test('a disk that is full is told, and keeps nothing of it', async () => {
  const tooMuch = { ...about, expected: 2 ** 50 }
  const error = await store.write('big', Readable.from([Buffer.from('x')]), tooMuch).catch(caught => caught)
  expect([error.kind, error.message]).toEqual(['full', expect.stringContaining('There is no room left')])
  expect([await listed(''), readdirSync(path.join(root, '.gatehouse'))]).toEqual([['inside/'], []])
})

test('a disk that runs full on the way keeps nothing of it either', async ({ skip }) => {
  const disk = path.join(base, 'disk')
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    return skip('Only root can make a small disk here.')
  }
  try {
    const small = localStore(disk, false, movableClock())
    const pieces = Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024))
    const error = await small.write('big', Readable.from(pieces), about).catch(caught => caught)
    expect([error.kind, error.message]).toEqual(['full', expect.stringContaining('There is no room left')])
    expect(readdirSync(path.join(disk, '.gatehouse'))).toEqual([])
    await small.write('small', Readable.from([Buffer.alloc(64 * 1024)]), about)
    expect(readdirSync(disk).sort()).toEqual(['.gatehouse', 'small'])
  } finally {
    execFileSync('umount', [disk])
  }
})

test('on the portal’s own disk room is left for its data, whatever an upload says of its size', async ({
  skip,
}) => {
  const disk = path.join(base, 'own-disk')
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=320m', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    return skip('Only root can make a small disk here.')
  }
  const free = () => {
    const { bavail, bsize } = statfsSync(disk)
    return (bavail * bsize) / 2 ** 20
  }
  let least = free()
  function* endless() {
    for (let i = 0; i < 400; i++) {
      yield Buffer.alloc(2 ** 20)
      least = Math.min(least, free())
    }
  }
  try {
    const own = localStore(path.join(disk, 'files'), true, movableClock())
    for (const expected of [null, 1]) {
      const error = await own
        .write('big', Readable.from(endless()), { ...about, expected })
        .catch(found => found)
      expect([error.kind, least > 230]).toEqual(['full', true])
    }
    expect(readdirSync(path.join(disk, 'files', '.gatehouse'))).toEqual([])
  } finally {
    execFileSync('umount', [disk])
  }
})
