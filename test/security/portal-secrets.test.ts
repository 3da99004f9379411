import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { readSecretReference } from '../../src/secret-reference.ts'
import { temporaryFolder } from '../support/gatehouse.ts'

/** What is sent to servers that operators name is never one of the portal's own secrets. */
describe('a reference to a file', () => {
  const place = temporaryFolder()
  const data = path.join(place.folder, 'data')
  mkdirSync(path.join(data, 'deep'), { recursive: true })
  for (const name of ['data/master.key', 'data/deep/file', 'given.key', 'database-beside'])
    writeFileSync(path.join(place.folder, name), 'hush-4711')
  symlinkSync(path.join(data, 'master.key'), path.join(place.folder, 'link'))
  symlinkSync(data, path.join(place.folder, 'linked-data'))
  const read = (name: string) =>
    readSecretReference(
      `file:${path.join(place.folder, name)}`,
      path.join(place.folder, 'linked-data'),
    ).expose()
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test.each([
    'data/master.key',
    'data/deep/file',
    'link',
    'linked-data/master.key',
    'data/../data/master.key',
    'data',
  ])('%s is refused', name => {
    expect(() => read(name)).toThrow(
      /is among the portal’s own files, with its keys\. Keep it in a folder outside/,
    )
  })

  test('the file of the master key is refused, wherever it is', () => {
    expect(read('given.key')).toBe('hush-4711')
    vi.stubEnv('MASTER_KEY_FILE', path.join(place.folder, 'given.key'))
    expect(() => read('given.key')).toThrow('is among the portal’s own files')
  })

  test('one beside them is read', () => {
    expect(read('database-beside')).toBe('hush-4711')
  })
})
