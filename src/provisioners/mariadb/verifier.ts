import { hash, randomBytes } from 'node:crypto'
import type { Secret } from '../../secret.ts'
import { ed25519PublicKey } from './ed25519.ts'
import { sha256Crypt } from './sha256-crypt.ts'

/** How a server tells whether a password is right: its plugin. */
export type Plugin = 'ed25519' | 'mysql_native_password' | 'caching_sha2_password'

/** What a server stores of a password: sent instead of it, so that no log of the server ever holds it. */
export interface Verifier {
  plugin: Plugin
  text: string
}

/** MariaDB's SHA-512 key, its older double SHA-1, or MySQL's salted SHA-256. */
export function verifierFor(plugin: Plugin, password: Secret): Verifier {
  return { plugin, text: texts[plugin](password.expose()) }
}

const texts: Readonly<Record<Plugin, (password: string) => string>> = {
  // 43 characters: MariaDB stores the base64 without its padding.
  ed25519: password => ed25519PublicKey(password).toString('base64').replace(/=+$/, ''),
  mysql_native_password: password =>
    `*${hash('sha1', hash('sha1', password, 'buffer'), 'hex').toUpperCase()}`,
  caching_sha2_password: password => cachingSha2(password, printableSalt()),
}

/**
 * 5000 rounds, written as 5 times a thousand, the salt and the hash: by MySQL's source and hashes that others have
 * published, and not tried against a real MySQL.
 */
export const cachingSha2 = (password: string, salt: Buffer): string =>
  `$A$005$${salt.toString('latin1')}${sha256Crypt(password, salt, 5000)}`

/** MySQL's has 20 characters of 7 bits; letters alone can be written in a statement as they are. */
const printableSalt = () => Buffer.from(randomBytes(15).toString('base64').replace(/\+/g, '.'), 'latin1')
