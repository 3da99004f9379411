import { createHash, hash } from 'node:crypto'

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The hash of SHA-256 crypt (Drepper), in its own letters; MySQL's salts are longer than crypt(3) allows. */
export function sha256Crypt(password: string, salt: Buffer, rounds: number): string {
  const word = Buffer.from(password)
  let digest = firstDigest(word, salt)
  const p = filled(word.length, repeated(word, word.length))
  const s = filled(salt.length, repeated(salt, 16 + (digest[0] ?? 0)))
  for (let round = 0; round < rounds; round += 1) {
    const next = createHash('sha256').update(round % 2 ? p : digest)
    if (round % 3) next.update(s)
    if (round % 7) next.update(p)
    digest = next.update(round % 2 ? digest : p).digest()
  }
  return letters(digest)
}

function firstDigest(word: Buffer, salt: Buffer): Buffer {
  const other = sha256(word, salt, word)
  const first = createHash('sha256').update(word).update(salt).update(filled(word.length, other))
  for (let bits = word.length; bits > 0; bits >>= 1) first.update(bits & 1 ? other : word)
  return first.digest()
}

const sha256 = (...parts: Buffer[]) => hash('sha256', Buffer.concat(parts), 'buffer')

const repeated = (what: Buffer, times: number) => sha256(...Array<Buffer>(times).fill(what))

/** A digest again and again, until there are that many bytes. */
const filled = (length: number, digest: Buffer) =>
  Buffer.concat(Array<Buffer>(Math.ceil(length / 32)).fill(digest)).subarray(0, length)

/** Three bytes give four letters, in the order that crypt(3) mixes them. */
const triples = [
  [0, 10, 20],
  [21, 1, 11],
  [12, 22, 2],
  [3, 13, 23],
  [24, 4, 14],
  [15, 25, 5],
  [6, 16, 26],
  [27, 7, 17],
  [18, 28, 8],
  [9, 19, 29],
] as const

function letters(digest: Buffer): string {
  const at = (place: number) => digest[place] ?? 0
  const most = triples.map(([a, b, c]) => encoded((at(a) << 16) | (at(b) << 8) | at(c), 4))
  return most.join('') + encoded((at(31) << 8) | at(30), 3)
}

const encoded = (value: number, count: number) =>
  Array.from({ length: count }, (_, place) => alphabet[(value >> (6 * place)) & 63]).join('')
