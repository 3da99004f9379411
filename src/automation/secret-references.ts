import { readFileSync } from 'node:fs'
import { ConfigError, secretFromEnvironment } from '../config.ts'
import { Secret } from '../secret.ts'
import { shortestSecret } from './redact.ts'
import type { RunbookDefinition } from './runbook.ts'
import { PlanError } from './template.ts'

const largestFile = 64 * 1024

/** All secrets that a runbook refers to, by reference. Throws a PlanError that names what is missing. */
export function resolveSecrets(definition: RunbookDefinition): ReadonlyMap<string, Secret> {
  const references = [...definition.steps, ...definition.onFailure].flatMap(step =>
    Object.values(step.env).flatMap(value => (typeof value === 'string' ? [] : [value.secret])),
  )
  return new Map([...new Set(references)].map(reference => [reference, resolveSecret(reference)]))
}

function resolveSecret(reference: string): Secret {
  const colon = reference.indexOf(':')
  const [kind, place] = [reference.slice(0, colon), reference.slice(colon + 1)]
  const secret = kind === 'env' ? fromEnvironment(place) : fromFile(place)
  if (secret.expose().length < shortestSecret)
    throw new PlanError(
      `The secret ${reference} is shorter than ${shortestSecret} characters, so that it can't be kept out of the log. Use a longer one.`,
    )
  if (secret.expose().includes('\0')) throw new PlanError(`The secret ${reference} holds a NUL character.`)
  return secret
}

function fromEnvironment(name: string): Secret {
  try {
    const secret = secretFromEnvironment(name)
    if (secret) return secret
  } catch (error) {
    if (error instanceof ConfigError) throw new PlanError(error.message)
    throw error
  }
  throw new PlanError(
    `The secret env:${name} is not set. Set ${name} or ${name}_FILE in the portal's environment and start it again.`,
  )
}

function fromFile(path: string): Secret {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    if (text.length <= largestFile) return new Secret(text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new PlanError(
      `The secret file:${path} can't be read (${code ?? 'error'}). Give the path of a readable file.`,
    )
  }
  throw new PlanError(`The secret file:${path} is larger than 64 KiB.`)
}
