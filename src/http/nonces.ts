import { randomFillSync } from 'node:crypto'

const length = 9
// Asking for random bytes costs the same for nine and for thousands, and every page needs nine.
const pool = Buffer.alloc(length * 512)
let used = pool.length

/** A text that was never given before. */
export function newNonce(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += length
  return pool.toString('base64url', used - length, used)
}
