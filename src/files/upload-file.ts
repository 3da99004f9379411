import { Readable } from 'node:stream'
import type { Deps } from '../deps.ts'
import type { Actor } from '../policy.ts'
import type { Problem } from '../result.ts'
import {
  BrokenOff,
  beginningOf,
  NotAllowed,
  type StillAllowed,
  TooLarge,
  watched,
} from './arriving-content.ts'
import { mismatch, typeOfContent } from './content-type.ts'
import { numberedName, shownName, storedName, wrongName } from './names.ts'
import { type ObjectStore, StoreError } from './object-store.ts'
import { wrongPlace } from './place.ts'
import { recordAct } from './record-act.ts'
import type { VisibleStore } from './rights.ts'
import { openStore, uploadLimit } from './stores.ts'

export interface Upload {
  /** Key of the folder it goes to. */
  folder: string
  name: string
  /** What its sender takes it for. */
  declared: string
  content: Readable
  /** Bytes, if its sender has said; at most so many. */
  expected: number | null
}

export type UploadEnd =
  | { kind: 'stored'; key: string; name: string; size: number; notes: readonly string[] }
  /** Its name, or its place. */
  | { kind: 'wrong'; message: string }
  | { kind: 'too large'; limit: number }
  | { kind: 'not allowed'; problem: Problem }
  | { kind: 'broken off' }
  | { kind: 'failed'; error: StoreError }

/**
 * Puts a file into a folder while it arrives. Nothing that is there is replaced: a name that is taken gets a number.
 * What breaks off, is too large or is no longer allowed leaves nothing behind.
 */
export async function uploadFile(
  deps: Deps,
  actor: Actor,
  found: VisibleStore,
  upload: Upload,
  still: StillAllowed,
): Promise<UploadEnd> {
  const name = storedName(upload.name)
  const wrong = wrongName(name) ?? wrongPlace(upload.folder, name)
  if (wrong !== null) return { kind: 'wrong', message: wrong }
  return ending(() =>
    withStore(deps, found, store => putInto(deps, actor, found, store, { ...upload, name }, still)),
  )
}

async function withStore<T>(deps: Deps, { settings }: VisibleStore, use: (store: ObjectStore) => Promise<T>) {
  const store = await openStore(deps, settings)
  try {
    return await use(store)
  } finally {
    store.close()
  }
}

async function putInto(
  deps: Deps,
  actor: Actor,
  found: VisibleStore,
  store: ObjectStore,
  upload: Upload,
  still: StillAllowed,
): Promise<UploadEnd> {
  const name = await freeName(store, upload)
  const key = `${upload.folder}${name}`
  const { sample, rest } = await beginningOf(upload.content)
  const type = await typeOfContent(sample)
  const limit = uploadLimit(deps.config, found.settings)
  const passed = { bytes: 0 }
  await recordAct(deps, actor, 'file upload began', found, key, { type })
  try {
    const content = Readable.from(watched(deps.clock, rest, { limit, passed, still }), { objectMode: false })
    await store.write(key, content, { type, expected: upload.expected, largest: limit })
  } catch (error) {
    await recordAct(deps, actor, 'file upload failed', found, key, {
      bytes: passed.bytes,
      reason: reasonOf(error),
    })
    throw error
  }
  await recordAct(deps, actor, 'file uploaded', found, key, { bytes: passed.bytes, type })
  const said = sample.length > 0 ? mismatch(upload.declared, type) : null
  const renamed =
    name === upload.name ? null : `There is a file of that name already, so it is called ${shownName(name)}.`
  return {
    kind: 'stored',
    key,
    name,
    size: passed.bytes,
    notes: [renamed, said].filter(note => note !== null),
  }
}

const mostOfAName = 200

async function freeName(store: ObjectStore, { folder, name }: Upload): Promise<string> {
  for (let number = 1; number <= mostOfAName; number++) {
    const candidate = numberedName(name, number)
    if (!(await store.isTaken(`${folder}${candidate}`))) return candidate
  }
  throw new StoreError('taken', `There are ${mostOfAName} files of that name already. Give it another one.`)
}

const reasonOf = (error: unknown) =>
  error instanceof StoreError ||
  error instanceof TooLarge ||
  error instanceof NotAllowed ||
  error instanceof BrokenOff
    ? error.message
    : 'something went wrong in the portal'

async function ending(act: () => Promise<UploadEnd>): Promise<UploadEnd> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof TooLarge) return { kind: 'too large', limit: error.limit }
    if (error instanceof NotAllowed) return { kind: 'not allowed', problem: error.problem }
    if (error instanceof BrokenOff) return { kind: 'broken off' }
    if (error instanceof StoreError) return { kind: 'failed', error }
    throw error
  }
}
