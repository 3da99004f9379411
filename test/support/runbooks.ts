import { type RunbookDefinition, runbookDefinition } from '../../src/automation/runbook.ts'
import { nowInstant } from '../../src/clock.ts'
import type { Deps } from '../../src/deps.ts'

/** A runbook of one step that succeeds at once. */
const quickRunbook: RunbookDefinition = runbookDefinition.parse({
  steps: [{ name: 'Answer', executor: 'command', argv: ['/bin/echo', 'done'] }],
})

export interface Offer {
  asset: string
  /** Default: Restart Asset Management Application. */
  action?: string
  definition?: RunbookDefinition
  productionAllowed?: boolean
}

/** Makes an action possible on an asset, with a runbook of its own. Gives the runbook's version. */
export async function offerAction(deps: Pick<Deps, 'db' | 'clock'>, offer: Offer): Promise<number> {
  const action = offer.action ?? 'restart-application'
  const now = nowInstant(deps.clock)
  const runbook = await deps.db
    .insertInto('runbooks')
    .values({ name: `${action} on ${offer.asset}`, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  const version = await deps.db
    .insertInto('runbook_versions')
    .values({
      runbook_id: runbook.id,
      version: 1,
      definition: JSON.stringify(offer.definition ?? quickRunbook),
      created_by: null,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await deps.db
    .insertInto('asset_actions')
    .values({
      asset_id: offer.asset,
      action_id: action,
      runbook_id: runbook.id,
      production_allowed: offer.productionAllowed ? 1 : 0,
    })
    .execute()
  return version.id
}
