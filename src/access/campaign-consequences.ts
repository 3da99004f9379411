import { systemActor } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import {
  changeParts,
  type Part,
  partsInForce,
  personsWithParts,
  settleGone,
  settleItems,
  takeAccesses,
  takeParts,
} from './campaign-parts.ts'
import { type PartState, unansweredStates } from './campaign-states.ts'
import type { Campaign } from './campaigns.ts'
import type { Access } from './change-access.ts'
import { endAccesses, suspendAccess } from './end-accesses.ts'

/** Each access is a change, an audit row and a job of its own: fewer to a transaction. */
const BATCH = 50

/** Unanswered parts become SUSPENDED, with their accesses. */
export async function suspendUnanswered(deps: Deps, campaign: Campaign): Promise<void> {
  const why = `Not re-validated by the deadline of “${campaign.name}”. It is given back when its owner presses Re-validate CBN on Manage Access.`
  await eachUnanswered(deps, campaign, ['OPEN'], async (tx, parts, accesses, now) => {
    for (const access of accesses)
      if (access.status === 'APPROVED') await suspendAccess(tx, deps, access, why)
    await settleItems(tx, idsOf(parts), idsOf(accesses), { outcome: 'SUSPENDED', by: null, at: now })
    await changeParts(tx, idsOf(parts), { state: 'SUSPENDED', suspended_at: now })
  })
}

/** Parts that stayed unanswered are REMOVED, and so are their accesses. */
export async function removeUnanswered(deps: Deps, campaign: Campaign): Promise<void> {
  const why = `Not re-validated by the deadline of “${campaign.name}”.`
  await eachUnanswered(deps, campaign, unansweredStates, async (tx, parts, accesses, now) => {
    await endAccesses(tx, deps, systemActor, accesses, why)
    await settleItems(tx, idsOf(parts), idsOf(accesses), { outcome: 'REMOVED', by: null, at: now })
    await changeParts(tx, idsOf(parts), { state: 'REMOVED', closed_at: now })
  })
}

type Consequence = (tx: Tx, parts: readonly Part[], accesses: readonly Access[], now: string) => Promise<void>

/** A batch of persons to a transaction. Where nothing is in force any more nothing is done. */
async function eachUnanswered(
  deps: Deps,
  campaign: Campaign,
  states: readonly PartState[],
  work: Consequence,
): Promise<void> {
  for (const state of states)
    for await (const persons of personsWithParts(deps.db, { campaignId: campaign.id, state }, BATCH)) {
      await deps.db.transaction().execute(async tx => {
        const parts = await takeParts(tx, deps, campaign.id, persons, states)
        const accesses = await takeAccesses(tx, deps, idsOf(parts))
        const now = nowInstant(deps.clock)
        await settleGone(tx, idsOf(parts), now)
        const inForce = await partsInForce(tx, idsOf(parts))
        const held = parts.filter(part => inForce.has(part.id))
        if (held.length > 0) await work(tx, held, accesses, now)
      })
      deps.wake()
    }
}

const idsOf = (rows: readonly { id: number }[]) => rows.map(row => row.id)
