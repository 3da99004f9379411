import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { sha256Crypt } from './sha256-crypt.ts'

/** How a MySQL stores what it makes of a password; older ones know the first only. */
export type StorageFormat = 'CRYPT5' | 'PBKDF2_SHA512'

export interface Storage {
  format: StorageFormat
  /** A multiple of a thousand. */
  rounds: number
}

/** What MySQL itself would store: format, rounds in thousands (three hexadecimal digits), salt and hash. */
export function cachingSha2(password: string, salt: Buffer, { format, rounds }: Storage): string {
  const thousands = (rounds / 1000).toString(16).toUpperCase().padStart(3, '0')
  const { letter, hashed } = formats[format]
  return `$${letter}$${thousands}$${salt.toString('latin1')}${hashed(password, salt, rounds)}`
}

const formats = {
  CRYPT5: { letter: 'A', hashed: sha256Crypt },
  PBKDF2_SHA512: {
    letter: 'B',
    hashed: (password: string, salt: Buffer, rounds: number) =>
      pbkdf2Sync(password, salt, rounds, 64, 'sha512').toString('base64'),
  },
} as const

export const isStorageFormat = (name: string): name is StorageFormat => Object.hasOwn(formats, name)

/** MySQL’s has 20 characters of 7 bits, none of them `$`. */
export const newSalt = () => Buffer.from(randomBytes(15).toString('base64').replace(/\+/g, '.'), 'latin1')
