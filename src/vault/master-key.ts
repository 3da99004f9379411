import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { Secret } from '../secret.ts'

/** The key all secrets are wrapped with, and the fingerprint by which it is known. */
export interface MasterKey {
  id: string
  /** Prints nothing of itself, as a Secret does. */
  key: KeyObject
}

const keyBytes = 32

/** A new key as it is written into files and variables: base64 of 32 random bytes. */
export const newMasterKeyText = () => new Secret(randomBytes(keyBytes).toString('base64'))

/** The key as it is written into files and variables. */
export const masterKeyText = ({ key }: MasterKey) => new Secret(key.export().toString('base64'))

/** Reads base64 (or hex) of 32 bytes; null: it is no such key. */
export function readMasterKey(text: Secret): MasterKey | null {
  const written = text.expose().trim()
  const bytes = /^[0-9a-f]{64}$/i.test(written)
    ? Buffer.from(written, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(written)
      ? Buffer.from(written, 'base64')
      : null
  return bytes?.length === keyBytes ? masterKeyOf(bytes) : null
}

/** Of its 32 bytes. */
export const masterKeyOf = (bytes: Buffer): MasterKey => ({
  id: fingerprint(bytes),
  key: createSecretKey(bytes),
})

/** Says which key it is and nothing about it. */
const fingerprint = (key: Buffer) =>
  createHash('sha256').update('gatehouse master key\n').update(key).digest('hex').slice(0, 16)
