import { randomUUID } from 'node:crypto'
import { type Dirent, existsSync } from 'node:fs'
import { lstat, mkdir, opendir, rmdir, unlink } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type Clock, instant } from '../clock.ts'
import { batches } from './batches.ts'
import {
  asStoreError,
  codeOf,
  type Folder,
  isPlainName,
  openFile,
  openFolder,
  openOwnFolder,
  type Root,
} from './local-folder.ts'
import { openObject, withFacts } from './local-reading.ts'
import { assertRoom, fill, giveName } from './local-writing.ts'
import { isOwnFolder, nameOf, ownFolder, parentOf } from './names.ts'
import {
  type DescribedEntry,
  type Entry,
  type ObjectStore,
  type OldObject,
  type OpenObject,
  StoreError,
} from './object-store.ts'

/** The portal's own folder is on the disk of the portal's own data, which must not run full by what people put there. */
const keptFree = 256 * 1024 * 1024
const askedAtOnce = 64

/**
 * A folder of this machine, or of one it has mounted. `own`: the portal makes it when it is first needed. Any other must
 * have nothing to do with `closed`, where one is named.
 */
export const localStore = (
  root: string,
  own: boolean,
  clock: Clock,
  closed: string | null = null,
): ObjectStore => new LocalStore({ place: root, closed: own ? null : closed }, own, clock)

class LocalStore implements ObjectStore {
  readonly inOrder = false
  readonly #root: Root
  readonly #own: boolean
  readonly #clock: Clock
  constructor(root: Root, own: boolean, clock: Clock) {
    this.#root = root
    this.#own = own
    this.#clock = clock
  }

  async *entries(key: string, { facts }: { facts: boolean }): AsyncGenerator<Entry> {
    const folder = await this.#folder(key)
    try {
      for await (const found of batches(await opendir(folder.via), facts ? askedAtOnce : 1)) {
        const entries = found.map(one => entryOf(key, one)).filter(entry => entry !== null)
        yield* facts ? await Promise.all(entries.map(entry => withFacts(folder, entry))) : entries
      }
    } finally {
      await folder.close()
    }
  }

  async describe(entries: readonly Entry[]): Promise<DescribedEntry[]> {
    const described: DescribedEntry[] = []
    for (const entry of entries) described.push(await this.#described(entry))
    return described
  }

  async #described(entry: Entry): Promise<DescribedEntry> {
    if (entry.kind === 'object') {
      const object = await this.open(entry.key)
      if (!object) return { ...entry, type: null }
      await object.close()
      return { ...entry, size: object.size, modified: object.modified, type: object.type }
    }
    const folder = await openFolder(this.#root, parentOf(entry.key))
    try {
      return { ...(folder ? await withFacts(folder, entry) : entry), type: null }
    } finally {
      await folder?.close()
    }
  }

  async open(key: string): Promise<OpenObject | null> {
    const name = nameOf(key)
    if (key.endsWith('/') || !isPlainName(name) || this.#isOwn(key)) return null
    const folder = await this.#folderOrNull(parentOf(key))
    if (!folder) return null
    try {
      const file = await openFile(folder, name)
      return file && (await openObject(file))
    } finally {
      await folder.close()
    }
  }

  async isTaken(key: string): Promise<boolean> {
    if (this.#isOwn(key)) return true
    const folder = await this.#folder(parentOf(key))
    try {
      await lstat(`${folder.via}/${nameOf(key)}`)
      return true
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      throw asStoreError(error)
    } finally {
      await folder.close()
    }
  }

  /** Written aside, then given its name: nobody ever sees half of it. */
  async write(key: string, content: Readable, { expected }: { expected: number | null }): Promise<void> {
    await this.#make()
    const own = await openOwnFolder(this.#root, true)
    if (!own)
      throw new StoreError('denied', `There is something called ${ownFolder} where the portal keeps its own.`)
    const aside = `${own.via}/${randomUUID()}.part`
    try {
      const kept = this.#own ? keptFree : 0
      await assertRoom(own, (expected ?? 0) + kept)
      await fill(own, aside, content, { now: this.#clock.now(), kept })
      await this.#within(key, place => giveName(aside, place))
    } catch (error) {
      content.destroy()
      throw asStoreError(error)
    } finally {
      await unlink(aside).catch(() => {})
      await own.close()
    }
  }

  async makeFolder(key: string): Promise<void> {
    await this.#make()
    await this.#within(key, place => mkdir(place))
  }

  async remove(key: string, before?: Date): Promise<void> {
    if (this.#isOwn(key)) return
    await this.#within(key, async place => {
      try {
        if (before && (await lstat(place)).mtime >= before) return
        await (key.endsWith('/') ? rmdir(place) : unlink(place))
      } catch (error) {
        if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error))) throw error
      }
    })
  }

  /** A folder of an operator's that is missing is trouble; one of the portal's own is made when it is needed. */
  exists = async () => !this.#own || existsSync(this.#root.place)

  async *olderThan(time: Date): AsyncGenerator<OldObject> {
    yield* this.#oldIn('', time)
  }

  async *#oldIn(key: string, time: Date): AsyncGenerator<OldObject> {
    let empty = true
    for await (const entry of this.entries(key, { facts: true })) {
      empty = false
      if (entry.kind === 'folder') yield* this.#oldFolder(entry, time)
      else if (entry.modified !== null && entry.modified < instant(time))
        yield { key: entry.key, size: entry.size ?? 0 }
    }
    if (empty && key !== '') yield { key, size: 0 }
  }

  /** A folder is gone when it was empty for as long: what is deleted in it counts as a change of it. */
  async *#oldFolder({ key, modified }: Entry, time: Date): AsyncGenerator<OldObject> {
    const old = modified !== null && modified < instant(time)
    for await (const found of this.#oldIn(key, time)) if (old || found.key !== key) yield found
  }

  async tidy(before: Date): Promise<void> {
    const own = await openOwnFolder(this.#root, false)
    if (!own) return
    try {
      for await (const { name } of await opendir(own.via)) {
        const place = `${own.via}/${name}`
        if ((await lstat(place)).mtime < before) await unlink(place)
      }
    } catch (error) {
      throw asStoreError(error)
    } finally {
      await own.close()
    }
  }

  addressOf = async () => null
  close = () => {}

  #isOwn = (key: string) => isOwnFolder(key.split('/')[0] ?? '')

  async #folderOrNull(key: string): Promise<Folder | null> {
    await this.#make()
    return openFolder(this.#root, key)
  }

  async #folder(key: string): Promise<Folder> {
    const folder = await this.#folderOrNull(key)
    if (!folder) throw new StoreError('missing', 'There is no such folder any more.')
    return folder
  }

  /** An operator's folder is not made: when it is missing, the disk it stands on is. */
  async #make(): Promise<void> {
    if (this.#own) await mkdir(this.#root.place, { recursive: true, mode: 0o700 })
  }

  /** In the folder of a key, by the place that the key's name has there. */
  async #within(key: string, act: (place: string) => Promise<unknown>): Promise<void> {
    const name = nameOf(key)
    if (!isPlainName(name) || this.#isOwn(key))
      throw new StoreError('name', `Nothing can be called “${name}”.`)
    const folder = await this.#folder(parentOf(key))
    try {
      await act(`${folder.via}/${name}`)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw new StoreError('taken', 'That name is taken.', { cause: error })
      throw asStoreError(error)
    } finally {
      await folder.close()
    }
  }
}

/** What the portal keeps there itself is no part of it, nor is what is neither file nor folder. */
function entryOf(folder: string, found: Dirent): Entry | null {
  const kind = found.isFile() ? 'object' : found.isDirectory() ? 'folder' : null
  if (kind === null || (folder === '' && isOwnFolder(found.name))) return null
  return { kind, key: `${folder}${found.name}${kind === 'folder' ? '/' : ''}`, size: null, modified: null }
}
