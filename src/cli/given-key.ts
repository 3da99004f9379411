import { statSync } from 'node:fs'
import type { Config } from '../config.ts'
import type { MasterKey } from '../vault/master-key.ts'
import { keyFileOf, readKeyFile, understood } from './key-file.ts'

/** The key that a process is to work with, and where it was found. */
export interface GivenKey {
  key: MasterKey
  where: string
}

/** MASTER_KEY, or what the data folder holds; null: neither. Makes none. Throws a ConfigError for what is no key. */
export function givenKey(config: Config): GivenKey | null {
  if (config.MASTER_KEY) return namedKey(config, 'MASTER_KEY')
  const file = keyFileOf(config)
  const key = readKeyFile(file)
  return key && { key, where: file }
}

/** The key that an option gives. */
export function namedKey(config: Config, name: 'MASTER_KEY' | 'NEW_MASTER_KEY'): GivenKey | null {
  const text = config[name]
  const file = config.files[name]
  const where = file === undefined ? name : `${name}_FILE (${file})`
  return text ? { key: understood(text, where), where } : null
}

/** What to do about a key file that others may read. Of a file of one's own the group may be meant to read it. */
export function openKeyFile(config: Config): string | undefined {
  const [file, others] = config.MASTER_KEY
    ? [config.files.MASTER_KEY, 0o007]
    : ([keyFileOf(config), 0o077] as const)
  const found = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })
  if (!found || (found.mode & others) === 0) return undefined
  return `The master key ${file} can be read by other users of this machine. Close it: chmod ${others === 0o077 ? '600' : 'o='} ${file}`
}
