import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** In memory where there is room: a database is some 400 files, and every test file has one of its own. */
export function quickFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2 ** 30 ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}
