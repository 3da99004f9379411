import type { Config } from '../config.ts'
import type { Secret } from '../secret.ts'
import { readSecretReference, SecretReferenceError } from '../secret-reference.ts'
import { shortestSecret } from './redact.ts'
import type { RunbookDefinition } from './runbook.ts'
import { PlanError } from './template.ts'

/** All secrets that a runbook refers to, by reference. Throws a PlanError that names what is missing. */
export function resolveSecrets(definition: RunbookDefinition, config: Config): ReadonlyMap<string, Secret> {
  const references = [...definition.steps, ...definition.onFailure].flatMap(step =>
    Object.values(step.env).flatMap(value => (typeof value === 'string' ? [] : [value.secret])),
  )
  return new Map([...new Set(references)].map(reference => [reference, resolveSecret(reference, config)]))
}

function resolveSecret(reference: string, config: Config): Secret {
  const secret = read(reference, config)
  if (secret.expose().length < shortestSecret)
    throw new PlanError(
      `The secret ${reference} is shorter than ${shortestSecret} characters, so that it can't be kept out of the log. Use a longer one.`,
    )
  return secret
}

function read(reference: string, config: Config): Secret {
  try {
    return readSecretReference(reference, config)
  } catch (error) {
    if (error instanceof SecretReferenceError) throw new PlanError(error.message)
    throw error
  }
}
