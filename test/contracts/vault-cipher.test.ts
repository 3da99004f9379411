import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { SealError, seal, unseal } from '../../src/vault/cipher.ts'

const key = randomBytes(32)
const about = 'key of 7'
const clear = Buffer.from('correct horse battery')
const sealed = seal(key, clear, about)

/** How unsealing it fails. */
function complaint(bytes: Uint8Array, withKey = key, ofWhat = about): string {
  try {
    return `opened: ${unseal(withKey, bytes, ofWhat)}`
  } catch (error) {
    return error instanceof SealError ? error.message : `${error}`
  }
}

const refused = /altered, belongs to something else/

test('what was sealed comes out again', () => {
  expect(unseal(key, sealed, about)).toEqual(clear)
  expect(unseal(key, seal(key, Buffer.alloc(0), about), about)).toEqual(Buffer.alloc(0))
})

test('sealed twice, nothing is the same but format and length', () => {
  const again = seal(key, clear, about)
  expect([again[0], again.length]).toEqual([sealed[0], sealed.length])
  const nonces = new Set(
    Array.from({ length: 1000 }, () => seal(key, clear, about).subarray(1, 13).toString('hex')),
  )
  expect(nonces.size).toBe(1000)
  expect(again.subarray(29)).not.toEqual(sealed.subarray(29))
})

test('every single bit counts', () => {
  const bits = Array.from({ length: sealed.length * 8 }, (_, bit) => bit)
  const opened = bits.filter(bit => {
    const flipped = Buffer.from(sealed)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return complaint(flipped).startsWith('opened')
  })
  expect(opened).toEqual([])
  expect(bits).toHaveLength((1 + 12 + 16 + clear.length) * 8)
})

test('it opens with its own key and about its own thing alone', () => {
  expect(complaint(sealed, randomBytes(32))).toMatch(refused)
  expect(complaint(sealed, key, 'key of 8')).toMatch(refused)
  expect(complaint(sealed, key, '')).toMatch(refused)
})

test('cut short or added to, it is refused', () => {
  const shorter = Array.from({ length: sealed.length }, (_, length) => complaint(sealed.subarray(0, length)))
  expect(shorter.filter(words => words.startsWith('opened') || words.startsWith('TypeError'))).toEqual([])
  expect(complaint(Buffer.concat([sealed, Buffer.of(0)]))).toMatch(refused)
})

test('a format of the future is named', () => {
  const newer = Buffer.from(sealed)
  newer[0] = 2
  expect(complaint(newer)).toMatch(/format 2, which this version of Gatehouse does not know/)
  newer[0] = 0
  expect(complaint(newer)).toBe('this is nothing that the vault has sealed.')
})
