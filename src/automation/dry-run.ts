import type { Config } from '../config.ts'
import { describePlan, type PlanDescription } from './plan.ts'
import type { RunbookDefinition } from './runbook.ts'

export interface DryRunValues {
  asset: Readonly<Record<string, string>>
  field: Readonly<Record<string, string>>
}

/** What a runbook would do, without a request or an access: what belongs to those is made up. */
export const dryRun = (
  definition: RunbookDefinition,
  values: DryRunValues,
  config: Config,
): PlanDescription => {
  const person = { id: 'USER00', first_name: 'Dry', last_name: 'Run' }
  const address = 'user00@example.com'
  const made = {
    asset: { ...values.asset },
    field: { ...values.field },
    request: { id: '0', summary: 'Dry run' },
    access: { id: '0', justification: 'Dry run' },
    person: { ...person, login_id: address, email: address },
  }
  return describePlan({ definition, values: made }, config)
}

/** Names of the action's own fields that a runbook puts somewhere. */
export const fieldsUsedBy = (definition: RunbookDefinition): string[] => [
  ...new Set(
    [...JSON.stringify(definition).matchAll(/\{\{\s*field\.([a-z][a-z0-9_]*)\s*\}\}/g)].map(m => m[1] ?? ''),
  ),
]
