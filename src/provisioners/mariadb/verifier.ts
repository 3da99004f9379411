import { hash } from 'node:crypto'
import type { Secret } from '../../secret.ts'
import { cachingSha2, newSalt, type Storage } from './caching-sha2.ts'
import { ed25519PublicKey } from './ed25519.ts'

/** How a server tells whether a password is right: its plugin. */
export const plugins = ['ed25519', 'mysql_native_password', 'caching_sha2_password'] as const
export type Plugin = (typeof plugins)[number]

/** What a server stores of a password: sent instead of it, so that no log of the server ever holds it. */
export interface Verifier {
  plugin: Plugin
  text: string
}

/** MariaDB's SHA-512 key, or its older double SHA-1. */
export function mariadbVerifier(plugin: 'ed25519' | 'mysql_native_password', password: Secret): Verifier {
  return { plugin, text: texts[plugin](password.expose()) }
}

/** MySQL's salted hash. */
export const mysqlVerifier = (storage: Storage, password: Secret): Verifier => ({
  plugin: 'caching_sha2_password',
  text: cachingSha2(password.expose(), newSalt(), storage),
})

const texts = {
  // 43 characters: MariaDB stores the base64 without its padding.
  ed25519: (password: string) => ed25519PublicKey(password).toString('base64').replace(/=+$/, ''),
  mysql_native_password: (password: string) =>
    `*${hash('sha1', hash('sha1', password, 'buffer'), 'hex').toUpperCase()}`,
}
