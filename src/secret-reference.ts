import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { type Config, ConfigError, secretFromEnvironment } from './config.ts'
import { Secret } from './secret.ts'

/** `env:GATEHOUSE_SECRET_NAME` or `file:/path`: a secret that is kept elsewhere. */
export const secretReference = /^(env:GATEHOUSE_SECRET_[A-Z0-9_]+|file:\/.+)$/

/** The secret can't be had; the message names the reference and says what to do. */
export class SecretReferenceError extends Error {
  override name = 'SecretReferenceError'
}

const largestFile = 64 * 1024

type Ours = Pick<Config, 'DATA_DIR' | 'files'>

/**
 * Reads it anew each time: what is kept elsewhere may be changed there. The portal's own secrets are nobody else's:
 * no file within its data folder, nor one that an option of its own was read from.
 */
export function readSecretReference(reference: string, config: Ours): Secret {
  const colon = reference.indexOf(':')
  const [kind, place] = [reference.slice(0, colon), reference.slice(colon + 1)]
  if (kind === 'file') assertNotOurs(place, config)
  const secret = kind === 'env' ? fromEnvironment(place) : fromFile(place)
  if (secret.expose().includes('\0'))
    throw new SecretReferenceError(`The secret ${reference} holds a NUL character.`)
  return secret
}

function assertNotOurs(file: string, { DATA_DIR, files }: Ours): void {
  const place = realPlace(file)
  const isInside = `${place}${path.sep}`.startsWith(`${realPlace(DATA_DIR)}${path.sep}`)
  if (isInside || Object.values(files).some(ours => place === realPlace(ours)))
    throw new SecretReferenceError(
      `The secret file:${file} is among the portal’s own files, with its keys. Keep it in a folder outside of them.`,
    )
}

/** Whatever links lead there; as it is written where nothing is. */
function realPlace(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return path.resolve(file)
  }
}

function fromEnvironment(name: string): Secret {
  try {
    const secret = secretFromEnvironment(name)
    if (secret) return secret
  } catch (error) {
    if (error instanceof ConfigError) throw new SecretReferenceError(error.message)
    throw error
  }
  throw new SecretReferenceError(
    `The secret env:${name} is not set. Set ${name} or ${name}_FILE in the portal's environment and start it again.`,
  )
}

function fromFile(file: string): Secret {
  try {
    // Of a pipe or a device nobody knows the end, and reading one would keep everybody waiting.
    const { size } = regular(statSync(file), file)
    if (size <= largestFile) return new Secret(readFileSync(file, 'utf8').replace(/\r?\n$/, ''))
  } catch (error) {
    if (error instanceof SecretReferenceError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new SecretReferenceError(
      `The secret file:${file} can't be read (${code ?? 'error'}). Give the path of a readable file.`,
    )
  }
  throw new SecretReferenceError(`The secret file:${file} is larger than 64 KiB.`)
}

function regular(found: Stats, file: string): Stats {
  if (found.isFile()) return found
  throw new SecretReferenceError(`The secret file:${file} is no regular file. Give the path of one.`)
}
