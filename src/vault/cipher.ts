import { type CipherKey, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** First byte of everything sealed: how it was done. */
const format = 1
const nonceBytes = 12
const tagBytes = 16

/** Altered, cut short, bound to something else, or sealed with another key or by a newer version. */
export class SealError extends Error {
  override name = 'SealError'
}

/** AES-256-GCM: format byte, nonce, tag, ciphertext. `about` is authenticated, not stored. */
export function seal(key: CipherKey, clear: Uint8Array, about: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(bound(about))
  const text = Buffer.concat([cipher.update(clear), cipher.final()])
  return Buffer.concat([Buffer.of(format), nonce, cipher.getAuthTag(), text])
}

/** Throws a SealError unless it was sealed with this key about the same thing. */
export function unseal(key: CipherKey, sealed: Uint8Array, about: string): Buffer {
  const bytes = ofOurs(sealed)
  const nonce = bytes.subarray(1, 1 + nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(bound(about))
  decipher.setAuthTag(bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes + tagBytes)), decipher.final()])
  } catch {
    throw new SealError('it was altered, belongs to something else, or was sealed with another key.')
  }
}

function ofOurs(sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed)
  const [as = 0] = bytes
  if (as > format)
    throw new SealError(
      `it was sealed in format ${as}, which this version of Gatehouse does not know: a newer version has done it, or it was altered.`,
    )
  if (as !== format || bytes.length < 1 + nonceBytes + tagBytes)
    throw new SealError('this is nothing that the vault has sealed.')
  return bytes
}

/** The format is bound as well: nobody can pass one off as another. */
const bound = (about: string) => Buffer.from(`gatehouse vault ${format}\n${about}`)
