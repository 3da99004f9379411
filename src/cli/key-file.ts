import {
  closeSync,
  existsSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { type Config, ConfigError } from '../config.ts'
import { Secret } from '../secret.ts'
import type { MasterKey } from '../vault/master-key.ts'
import { masterKeyText, readMasterKey } from '../vault/master-key.ts'

export const keyFileOf = ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>) => path.join(DATA_DIR, 'master.key')

const largest = 4096

/** The key in a file; null: there is no such file. Throws a ConfigError for what is none. */
export function readKeyFile(file: string): MasterKey | null {
  const found = lookAt(file)
  if (!found) return null
  // Of a pipe nobody knows the end.
  if (!found.isFile()) throw new ConfigError(`${file} is no regular file. The master key has to be in one.`)
  const text = found.size > largest ? '' : contentOf(file)
  if (text.trim() === '' && found.size <= largest)
    throw new ConfigError(
      `${file} is empty. Bring the master key back from its backup; if nothing was ever stored, remove the file, and a new key is made.`,
    )
  return understood(new Secret(text), file)
}

/** Of a value that somebody has given; `where` names it in the complaint. */
export function understood(text: Secret, where: string): MasterKey {
  const key = readMasterKey(text)
  if (key) return key
  throw new ConfigError(
    `${where} is no master key: it has to be base64 of 32 bytes (openssl rand -base64 32).`,
  )
}

function lookAt(file: string): Stats | undefined {
  try {
    const there = lstatSync(file, { throwIfNoEntry: false })
    return there && statSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}

const unreadable = (file: string, error: unknown) =>
  new ConfigError(
    `The master key ${file} can't be read (${codeOf(error)}). The portal's user has to own it: chown it, chmod 600 ${file}`,
  )

/** Makes a key file that is not there, whole or not at all. False: there is one already, which stays as it is. */
export function makeKeyFile(file: string, key: MasterKey, owner?: Stats): boolean {
  if (existsSync(file)) return false
  return written(file, () => {
    const temporary = writeAside(file, key, owner)
    const made = linked(temporary, file)
    rmSync(temporary)
    syncFolder(file)
    return made
  })
}

/** Puts a key into a file, in the place of what is there and for the same owner, at one stroke. */
export const replaceKeyFile = (file: string, key: MasterKey, owner?: Stats): void =>
  written(file, () => {
    renameSync(writeAside(file, key, owner), file)
    syncFolder(file)
  })

/** Moves it there in one step that survives a power cut. */
export const moveKeyFile = (from: string, to: string): void =>
  written(to, () => {
    renameSync(from, to)
    syncFolder(to)
  })

/** A file that was cut short by a crash is begun anew. */
function writeAside(file: string, key: MasterKey, owner?: Stats): string {
  const temporary = `${file}.tmp`
  rmSync(temporary, { force: true })
  const at = openSync(temporary, 'wx', 0o600)
  try {
    // Root may rotate the key of a portal that runs as another user.
    if (owner && process.getuid?.() === 0) fchownSync(at, owner.uid, owner.gid)
    writeSync(at, `${masterKeyText(key).expose()}\n`)
    fsyncSync(at)
  } finally {
    closeSync(at)
  }
  return temporary
}

/** Unlike a rename, a link never takes the place of a file that is there. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function syncFolder(file: string) {
  const folder = openSync(path.dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function written<T>(file: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw new ConfigError(
      `The master key can't be written to ${file} (${codeOf(error)}). Make room and give the portal's user the right to write there, or give the key as MASTER_KEY.`,
    )
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'error'
