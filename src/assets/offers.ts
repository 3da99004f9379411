import type { Flag } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { type FieldErrors, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { findAsset, offerRows } from './queries.ts'

/** What an operator chose for one action of an asset. */
export interface ChosenOffer {
  runbookId: number | null
  productionAllowed: boolean
}

/** Which actions are offered on an asset, each through which runbook: the whole table at once. */
export async function changeOffers(
  deps: Deps,
  actor: Actor,
  assetId: string,
  chosen: ReadonlyMap<string, ChosenOffer>,
): Promise<Result<string>> {
  if (!can(actor, 'asset.configure')) return forbidden('Only operators set up what an asset offers.')
  return deps.db.transaction().execute(async tx => {
    const asset = await findAsset(tx, assetId)
    if (!asset) return notFound()
    const wrong = await wrongRunbooks(tx, chosen)
    if (wrong) return invalid(wrong)
    const changes: Record<string, unknown> = {}
    for (const offer of await offerRows(tx, assetId)) {
      const choice = chosen.get(offer.action_id)
      if (choice && (await changeOffer(tx, assetId, offer, choice)))
        changes[offer.action_id] = [
          { runbook: offer.runbook_id, production: offer.production_allowed === 1 },
          { runbook: choice.runbookId, production: choice.productionAllowed },
        ]
    }
    if (Object.keys(changes).length > 0) {
      const subject = { type: 'asset', id: assetId, customerId: asset.customer_id } as const
      await record(tx, deps.clock, actor, 'asset actions changed', subject, changes)
    }
    return ok(assetId)
  })
}

/** Whether anything changed. */
async function changeOffer(
  tx: Tx,
  assetId: string,
  offer: { action_id: string; runbook_id: number | null; production_allowed: Flag },
  choice: ChosenOffer,
): Promise<boolean> {
  const production_allowed: Flag = choice.productionAllowed ? 1 : 0
  if (choice.runbookId === null) {
    if (offer.runbook_id === null) return false
    await tx
      .deleteFrom('asset_actions')
      .where('asset_id', '=', assetId)
      .where('action_id', '=', offer.action_id)
      .execute()
    return true
  }
  if (offer.runbook_id === choice.runbookId && offer.production_allowed === production_allowed) return false
  const runbook_id = choice.runbookId
  await tx
    .insertInto('asset_actions')
    .values({ asset_id: assetId, action_id: offer.action_id, runbook_id, production_allowed })
    .onConflict(conflict =>
      conflict.columns(['asset_id', 'action_id']).doUpdateSet({ runbook_id, production_allowed }),
    )
    .execute()
  return true
}

async function wrongRunbooks(tx: Tx, chosen: ReadonlyMap<string, ChosenOffer>): Promise<FieldErrors | null> {
  const known = await tx.selectFrom('runbooks').select('id').execute()
  const ids = new Set(known.map(runbook => runbook.id))
  const wrong = [...chosen].filter(([, { runbookId }]) => runbookId !== null && !ids.has(runbookId))
  if (wrong.length === 0) return null
  return Object.fromEntries(
    wrong.map(([action]) => [`runbook_${action}`, 'There is no such runbook. Choose one of the list.']),
  )
}
