import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readlink, realpath } from 'node:fs/promises'
import path from 'node:path'
import { isOwnFolder, ownFolder } from './names.ts'
import { StoreError } from './object-store.ts'

/** Where a store is kept. */
export interface Root {
  place: string
  /** What it must not be, nor be in, nor have in it, whatever links lead there: the portal's own data. Null: it is there. */
  closed: string | null
}

/** An open folder; what is done below `via` is done in this very folder, whatever becomes of the names above it. */
export interface Folder {
  via: string
  close(): Promise<void>
}

const noLink = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Opens a folder below a root. No link is followed on the way: what was opened has to be where its name says, and that
 * is asked of the open folder itself, so that nobody can put a link in its place in between. null: there is none.
 */
export async function openFolder(root: Root, key: string): Promise<Folder | null> {
  const parts = partsOf(key)
  return parts && openBelow(root, parts)
}

/** Where the portal keeps what is not finished; `make`: it is made if need be. */
export async function openOwnFolder(root: Root, make: boolean): Promise<Folder | null> {
  if (make) await makeBelow(root, ownFolder)
  return openBelow(root, [ownFolder])
}

async function openBelow(root: Root, parts: readonly string[]): Promise<Folder | null> {
  const place = path.join(await realRoot(root), ...parts)
  const handle = await openOrNull(place, noLink | constants.O_DIRECTORY)
  if (!handle) return null
  if ((await placeOf(handle, place)) === place)
    return { via: viaOf(handle, place), close: () => handle.close() }
  await handle.close()
  return null
}

async function makeBelow(root: Root, name: string): Promise<void> {
  try {
    await mkdir(path.join(await realRoot(root), name), { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw asStoreError(error)
  }
}

/** A file of an open folder; null: there is none, or it is something else, such as a link. */
export async function openFile(folder: Folder, name: string): Promise<FileHandle | null> {
  const handle = await openOrNull(`${folder.via}/${name}`, noLink)
  if (!handle) return null
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  return null
}

/** Its parts, none of which leads anywhere but down; null otherwise. */
function partsOf(key: string): string[] | null {
  if (key === '') return []
  const parts = key.slice(0, -1).split('/')
  const leadsDown = parts.every(isPlainName) && !isOwnFolder(parts[0] ?? '')
  return key.endsWith('/') && leadsDown ? parts : null
}

/** A name of one thing in a folder. A backslash is one more character, except where it is a slash too. */
export const isPlainName = (name: string) =>
  !['', '.', '..'].includes(name) && !name.includes('\0') && !name.includes('/') && !name.includes(path.sep)

const isLinux = process.platform === 'linux'

/** What is asked of the root first: an operator's may be on a disk that is not there. */
async function realRoot({ place, closed }: Root): Promise<string> {
  const real = await realPlace(place)
  if (closed !== null && overlaps(real, await realPlace(closed)))
    throw new StoreError(
      'denied',
      'The folder where it is kept leads to the portal’s own data, so it is not opened. Whoever operates the portal has to see to it.',
    )
  return real
}

async function realPlace(place: string): Promise<string> {
  try {
    return await realpath(place)
  } catch (error) {
    throw new StoreError(
      'gone',
      `The folder ${place} can’t be opened (${codeOf(error)}). Whoever operates the portal has to see to it.`,
      { cause: error },
    )
  }
}

/** One is the other, or is in it. */
export function overlaps(a: string, b: string): boolean {
  const [one, two] = [a, b].map(folder => `${path.resolve(folder)}${path.sep}`.replace(/\/+$/, '/'))
  return (one ?? '').startsWith(two ?? '') || (two ?? '').startsWith(one ?? '')
}

const placeOf = (handle: FileHandle, asked: string) =>
  isLinux ? readlink(`/proc/self/fd/${handle.fd}`) : realpath(asked)

const viaOf = (handle: FileHandle, place: string) => (isLinux ? `/proc/self/fd/${handle.fd}` : place)

async function openOrNull(place: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(place, flags)
  } catch (error) {
    // A link, nothing, something below a file, a device nobody listens at, or a name that no file can have.
    if (['ELOOP', 'ENOENT', 'ENOTDIR', 'ENXIO', 'ENAMETOOLONG', 'EMLINK'].includes(codeOf(error))) return null
    throw asStoreError(error)
  }
}

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'error'

/** What a disk says, in words; anything else stays as it is. */
export function asStoreError(error: unknown): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new StoreError('full', noRoom, { cause: error })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StoreError(
        'denied',
        'The portal may not do this in the folder where it is kept. Nothing was changed. Tell whoever operates the portal.',
        { cause: error },
      )
    case 'ENAMETOOLONG':
      return new StoreError('name', 'The name is too long to be stored. Shorten it and try again.', {
        cause: error,
      })
    default:
      return error
  }
}

export const noRoom =
  'There is no room left where it is to be stored. Nothing was stored. Tell whoever operates the portal, and try again later.'
