import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Deps } from '../deps.ts'
import type { Secret } from '../secret.ts'
import { type ObjectStore, StoreError } from './object-store.ts'
import { openStore, type StoreSettings } from './stores.ts'

export interface TryLine {
  level: 'ok' | 'warning' | 'failed'
  says: string
}

const content = 'Gatehouse tries whether it can write here. It deletes this again.\n'

/** Lists, writes, reads and deletes an object of its own, as the portal will; ends with the first thing that fails. */
export async function tryStore(deps: Deps, settings: StoreSettings, secret?: Secret): Promise<TryLine[]> {
  const lines: TryLine[] = inClear(settings)
  try {
    const store = await openStore(deps, settings, secret)
    try {
      for (const [says, act] of steps(store, `gatehouse-probe-${randomUUID()}.txt`)) {
        await act()
        lines.push({ level: 'ok', says })
      }
    } finally {
      store.close()
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    deps.log.warn({ err: error, asset: settings.asset_id, store: settings.store }, 'a store failed its trial')
    lines.push({ level: 'failed', says: error.message })
  }
  return lines
}

const steps = (store: ObjectStore, key: string): readonly (readonly [string, () => Promise<void>])[] => [
  ['It can be listed.', () => listSome(store)],
  ['A file can be written.', () => store.write(key, Readable.from([Buffer.from(content)]), probe)],
  ['It can be read, and is what was written.', () => readBack(store, key)],
  ['It can be deleted.', () => takeAway(store, key)],
]

const probe = { type: 'text/plain', expected: content.length, largest: content.length }

async function listSome(store: ObjectStore): Promise<void> {
  for await (const _ of store.entries('', { after: null, facts: false })) return
}

async function readBack(store: ObjectStore, key: string): Promise<void> {
  const object = await store.open(key)
  const found = object && (await text(await object.read()))
  if (found !== content) throw new StoreError('failed', 'What was written is not what was read.')
}

async function takeAway(store: ObjectStore, key: string): Promise<void> {
  await store.remove(key)
  const object = await store.open(key)
  await object?.close()
  if (object) throw new StoreError('failed', 'What was deleted is still there.')
}

const inClear = ({ kind, endpoint }: StoreSettings): TryLine[] =>
  kind === 's3' && endpoint?.startsWith('http:')
    ? [
        {
          level: 'warning',
          says: 'The connection is not encrypted: files can be read on the way. Use an https address.',
        },
      ]
    : []
