import type { Instant } from '../../db/schema.ts'
import { type ProcessState, processState } from '../automation/executors/process/supervised.ts'
import { plannedSteps } from '../automation/plan.ts'
import { readRunbook } from '../automation/runbook-text.ts'
import { PlanError } from '../automation/template.ts'
import { minutes } from '../clock.ts'
import type { DbOrTx, Deps } from '../deps.ts'

/** What is known of an environment right now, without asking anything over the network. */
export interface PresentState {
  /** null: it has no health address, or was not asked yet. */
  health: { state: 'up' | 'down'; answer: string; since: Instant; checkedAt: Instant; stale: boolean } | null
  processes: readonly { name: string; now: ProcessState }[]
}

/** Not asked for longer than this: the answer says nothing about now. */
const staleAfter = minutes(5)
/** Each is looked up in the system; a page waits for no more. */
const mostProcesses = 5

export async function presentState(
  deps: Deps,
  asset: { id: string; variables: Readonly<Record<string, string>> },
): Promise<PresentState> {
  const row = await deps.db
    .selectFrom('asset_health')
    .selectAll()
    .where('asset_id', '=', asset.id)
    .executeTakeFirst()
  const names = await supervisedNames(deps.db, asset)
  const processes = []
  for (const name of names.slice(0, mostProcesses))
    processes.push({ name, now: await processState(deps, name) })
  return {
    health: row
      ? {
          state: row.state,
          answer: row.answer,
          since: row.since,
          checkedAt: row.checked_at,
          stale: deps.clock.now().getTime() - Date.parse(row.checked_at) > staleAfter,
        }
      : null,
    processes,
  }
}

/** Programs that the asset's runbooks look after. */
async function supervisedNames(
  db: DbOrTx,
  asset: { id: string; variables: Readonly<Record<string, string>> },
): Promise<string[]> {
  const versions = await db
    .selectFrom('asset_actions')
    .innerJoin('runbook_versions', 'runbook_versions.runbook_id', 'asset_actions.runbook_id')
    .where('asset_actions.asset_id', '=', asset.id)
    .where('runbook_versions.version', '=', eb =>
      eb
        .selectFrom('runbook_versions as newer')
        .whereRef('newer.runbook_id', '=', 'runbook_versions.runbook_id')
        .select(e => e.fn.max('newer.version').as('version')),
    )
    .select('runbook_versions.definition')
    .distinct()
    .execute()
  return [...new Set(versions.flatMap(({ definition }) => processesIn(definition, asset)))].sort()
}

function processesIn(
  text: string,
  asset: { id: string; variables: Readonly<Record<string, string>> },
): string[] {
  const read = readRunbook(text)
  if (!read.ok) return []
  try {
    const values = {
      asset: { ...asset.variables, id: asset.id },
      request: { id: '0', summary: '' },
      field: {},
    }
    return plannedSteps({ definition: read.definition, values }).flatMap(({ step }) =>
      step.executor === 'process' ? [step.process] : [],
    )
  } catch (error) {
    if (error instanceof PlanError) return []
    throw error
  }
}
