import { z } from 'zod'
import { type RunbookDefinition, runbookDefinition } from '../automation/runbook.ts'
import type { RunPlan } from '../automation/runs.ts'
import type { Tx } from '../deps.ts'
import { fieldValues } from './action-fields.ts'
import type { ServiceRequest } from './find-request.ts'

const variables = z.record(z.string(), z.string())

/** What runs: the runbook's version and the values frozen at Queue Request, on the environment as it is set up. */
export async function planOf(tx: Tx, request: ServiceRequest): Promise<RunPlan> {
  const version = await tx
    .selectFrom('runbook_versions')
    .select('definition')
    .where('id', '=', request.runbook_version_id)
    .executeTakeFirstOrThrow()
  const asset = await tx
    .selectFrom('assets')
    .select(['id', 'variables'])
    .where('id', '=', request.asset_id)
    .executeTakeFirstOrThrow()
  return {
    definition: definitionOf(version.definition),
    values: {
      asset: { ...variables.parse(JSON.parse(asset.variables)), id: asset.id },
      request: { id: String(request.id), summary: request.summary },
      field: { ...fieldValues.parse(JSON.parse(request.fields)) },
    },
  }
}

const definitions = new Map<string, RunbookDefinition>()
const mostDefinitions = 100

/** Checking one takes as long as all queries of a pick-up; versions never change, so each text is checked once. */
function definitionOf(text: string): RunbookDefinition {
  const known = definitions.get(text)
  if (known) return known
  if (definitions.size >= mostDefinitions) definitions.clear()
  const definition = runbookDefinition.parse(JSON.parse(text))
  definitions.set(text, definition)
  return definition
}
