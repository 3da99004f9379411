import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { resolveSecrets } from '../../src/automation/secret-references.ts'
import { readConfig } from '../../src/config.ts'
import { readSecretReference } from '../../src/secret-reference.ts'
import { runbook } from '../jobs/run-world.ts'
import { temporaryFolder } from '../support/gatehouse.ts'

/** What is sent to servers that operators name is never one of the portal's own secrets. */
describe('a reference to a file', () => {
  const place = temporaryFolder()
  const given: Readonly<Record<string, string>> = {
    MASTER_KEY_FILE: 'hush-4711',
    DATABASE_URL_FILE: 'postgres://gatehouse:hush-4711@db.example.com/gatehouse',
    SMTP_URL_FILE: 'smtps://gatehouse:hush-4711@mail.example.com',
  }
  const data = path.join(place.folder, 'data')
  mkdirSync(path.join(data, 'deep'), { recursive: true })
  for (const name of ['data/master.key', 'data/deep/file', 'database-beside'])
    writeFileSync(path.join(place.folder, name), 'hush-4711')
  for (const [option, text] of Object.entries(given)) writeFileSync(path.join(place.folder, option), text)
  symlinkSync(path.join(data, 'master.key'), path.join(place.folder, 'link'))
  symlinkSync(data, path.join(place.folder, 'linked-data'))
  const read = (name: string, files: Record<string, string> = {}) =>
    readSecretReference(
      `file:${path.join(place.folder, name)}`,
      readConfig({ DATA_DIR: path.join(place.folder, 'linked-data'), ...files }),
    ).expose()

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

  test.each(Object.entries(given))('the file of %s is refused, wherever it is', (option, text) => {
    expect(read(option)).toBe(text)
    const files = { [option]: path.join(place.folder, option) }
    expect(() => read(option, files)).toThrow('is among the portal’s own files')
  })

  test('is refused to a runbook too', () => {
    const reference = `file:${path.join(place.folder, 'data/master.key')}`
    const step = { name: 'A', executor: 'command', argv: ['/bin/x'], env: { TOKEN: { secret: reference } } }
    const config = readConfig({ DATA_DIR: path.join(place.folder, 'data') })
    expect(() => resolveSecrets(runbook(step), config)).toThrow('is among the portal’s own files')
  })

  test('one beside them is read', () => {
    expect(read('database-beside')).toBe('hush-4711')
  })
})
