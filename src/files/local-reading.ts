import { type FileHandle, lstat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { instant } from '../clock.ts'
import { sampleBytes, typeOfContent } from './content-type.ts'
import { asStoreError, type Folder } from './local-folder.ts'
import { nameOf } from './names.ts'
import type { Entry, OpenObject } from './object-store.ts'

const readAhead = 256 * 1024

/** An entry with its size and time; without them when it is gone meanwhile. */
export async function withFacts(folder: Folder, entry: Entry): Promise<Entry> {
  try {
    const { size, mtime } = await lstat(`${folder.via}/${nameOf(entry.key)}`)
    return { ...entry, size: entry.kind === 'object' ? size : null, modified: instant(mtime) }
  } catch {
    // Gone meanwhile, or called something that is no text.
    return entry
  }
}

/** An open file as an object. */
export async function openObject(file: FileHandle): Promise<OpenObject> {
  try {
    const { size, mtime, mtimeMs, ino } = await file.stat()
    const { bytesRead, buffer } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0)
    return {
      size,
      modified: instant(mtime),
      type: await typeOfContent(buffer.subarray(0, bytesRead)),
      etag: `${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}`,
      // Never more than it was when its size was told: a log goes on growing.
      read: async ({ first, last } = { first: 0, last: size - 1 }) => {
        if (last >= first) return file.createReadStream({ start: first, end: last, highWaterMark: readAhead })
        await file.close()
        return Readable.from([])
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw asStoreError(error)
  }
}
