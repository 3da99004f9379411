import { constants } from 'node:fs'
import { link, open, rename, statfs } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { codeOf, type Folder, noRoom } from './local-folder.ts'
import { StoreError } from './object-store.ts'

/** Throws `full` unless so much fits on the folder's disk. */
export async function assertRoom({ via }: Folder, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(via)
  if (bytes > bavail * bsize) throw new StoreError('full', noRoom)
}

const anew = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL

/** How much is written between two looks at the room that is left: others write there as well. */
const lookAgainAfter = 8 * 1024 * 1024

async function* whileThereIsRoom(folder: Folder, content: Readable, kept: number) {
  let unseen = 0
  for await (const chunk of content as AsyncIterable<Uint8Array>) {
    unseen += chunk.length
    if (unseen >= lookAgainAfter) {
      await assertRoom(folder, unseen + kept)
      unseen = 0
    }
    yield chunk
  }
}

/**
 * All of a content in a file of its own, on the disk for good, changed at that time. `kept`: bytes that are left free on
 * the disk of the folder.
 */
export async function fill(
  folder: Folder,
  aside: string,
  content: Readable,
  { now, kept }: { now: Date; kept: number },
): Promise<void> {
  const file = await open(aside, anew, 0o600)
  try {
    await file.writeFile(kept > 0 ? whileThereIsRoom(folder, content, kept) : content)
    await file.utimes(now, now)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A second name is given only if nobody has it; where files have but one, the name is taken first. */
export async function giveName(aside: string, place: string): Promise<void> {
  try {
    await link(aside, place)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error
    await (await open(place, anew, 0o600)).close()
    await rename(aside, place)
  }
}
