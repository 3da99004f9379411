import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StoreError } from '../../src/files/object-store.ts'
import { defaultSettings, openStore } from '../../src/files/stores.ts'
import { engines } from '../support/engines.ts'
import { createWorld } from '../support/world.ts'

let base: string
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'gatehouse-root-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const about = { type: 'text/plain', expected: null, largest: 1000 }
const kind = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    error => (error instanceof StoreError ? error.kind : error),
  )

/** A folder that an environment writes to may be replaced by it: nobody who reads its logs is to read the portal's keys. */
describe.each(engines)('an operator’s folder that is really the portal’s own (%s)', engine => {
  test.each([
    ['by another way to it', (data: string) => `/proc/self/root${data}`],
    ['a part of it', (data: string) => `/proc/self/root${data}/files`],
    ['by a link that came later', (data: string) => linkTo(data)],
    ['a folder above it, by a link', (data: string) => linkTo(path.dirname(data))],
  ])('is not opened: %s', async (_how, wayTo) => {
    const world = await createWorld(engine)
    const data = path.join(base, 'data')
    mkdirSync(path.join(data, 'files'), { recursive: true })
    writeFileSync(path.join(data, 'master.key'), 'the key')
    try {
      const config = { ...world.deps.config, DATA_DIR: data }
      const settings = { ...defaultSettings('10000-DEV', 'logs'), root: wayTo(data) }
      const opened = await openStore({ ...world.deps, config }, settings)
      const list = async () => {
        for await (const _ of opened.entries('', { after: null, facts: false })) return
      }
      const acts: (() => Promise<unknown>)[] = [
        list,
        () => opened.open('master.key'),
        () => opened.open('data/master.key'),
        () => opened.isTaken('master.key'),
        () => opened.remove('master.key'),
        () => opened.write('planted', Readable.from([Buffer.from('x')]), about),
      ]
      for (const act of acts) expect(await kind(act())).toBe('denied')
      expect(readdirSync(data).sort()).toEqual(['files', 'master.key'])
    } finally {
      await world.close()
    }
  })

  function linkTo(folder: string): string {
    const link = path.join(base, 'link')
    symlinkSync(folder, link)
    return link
  }
})
