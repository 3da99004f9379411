import { readFileSync, type Stats, statSync } from 'node:fs'
import { ConfigError, secretFromEnvironment } from './config.ts'
import { Secret } from './secret.ts'

/** `env:GATEHOUSE_SECRET_NAME` or `file:/path`: a secret that is kept elsewhere. */
export const secretReference = /^(env:GATEHOUSE_SECRET_[A-Z0-9_]+|file:\/.+)$/

/** The secret can't be had; the message names the reference and says what to do. */
export class SecretReferenceError extends Error {
  override name = 'SecretReferenceError'
}

const largestFile = 64 * 1024

/** Reads it anew each time: what is kept elsewhere may be changed there. */
export function readSecretReference(reference: string): Secret {
  const colon = reference.indexOf(':')
  const [kind, place] = [reference.slice(0, colon), reference.slice(colon + 1)]
  const secret = kind === 'env' ? fromEnvironment(place) : fromFile(place)
  if (secret.expose().includes('\0'))
    throw new SecretReferenceError(`The secret ${reference} holds a NUL character.`)
  return secret
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

function fromFile(path: string): Secret {
  try {
    // Of a pipe or a device nobody knows the end, and reading one would keep everybody waiting.
    const { size } = regular(statSync(path), path)
    if (size <= largestFile) return new Secret(readFileSync(path, 'utf8').replace(/\r?\n$/, ''))
  } catch (error) {
    if (error instanceof SecretReferenceError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new SecretReferenceError(
      `The secret file:${path} can't be read (${code ?? 'error'}). Give the path of a readable file.`,
    )
  }
  throw new SecretReferenceError(`The secret file:${path} is larger than 64 KiB.`)
}

function regular(found: Stats, path: string): Stats {
  if (found.isFile()) return found
  throw new SecretReferenceError(`The secret file:${path} is no regular file. Give the path of one.`)
}
