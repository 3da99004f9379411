import { voidDecisionLinks } from '../auth/decision-links.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { openStatuses } from './access-states.ts'
import { mailExpired } from './approval-mails.ts'
import { type Access, moveAccess } from './change-access.ts'
import { endAccesses } from './end-accesses.ts'
import { fateOf } from './fate.ts'
import { lockAccesses } from './lock-access.ts'

/** All accesses on an asset that have not ended, whoever's they are. */
export const openAccessesOn = (db: DbOrTx, assetId: string): Promise<Access[]> =>
  db
    .selectFrom('accesses')
    .selectAll()
    .where('asset_id', '=', assetId)
    .where('status', 'in', [...openStatuses])
    .orderBy('id')
    .execute()

/** The same, as they are until the end of the transaction. */
export async function lockOpenAccessesOn(
  tx: Tx,
  deps: Pick<Deps, 'engine'>,
  assetId: string,
): Promise<Access[]> {
  const seen = await openAccessesOn(tx, assetId)
  const ids = seen.map(access => access.id)
  const locked = await lockAccesses(tx, deps, ids)
  return locked.filter(access => (openStatuses as readonly string[]).includes(access.status))
}

/**
 * Settles all accesses on an asset that goes away, in the transaction that takes it away: what nobody has decided is
 * REJECTED, everything else is PENDING REMOVAL. The accesses are locked. Call deps.wake() after the commit.
 */
export async function settleForAsset(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config' | 'engine'>,
  actor: Actor,
  accesses: readonly Access[],
  why: string,
): Promise<void> {
  for (const access of accesses.filter(one => fateOf(one) === 'rejected'))
    await rejectForAsset(tx, deps, actor, access, why)
  const others = accesses.filter(one => fateOf(one) === 'removed')
  await endAccesses(tx, deps, actor, others, `${why}.`)
}

/** Nobody judged the request: the trail says who took the asset away, the record that the portal rejected it. */
async function rejectForAsset(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config' | 'engine'>,
  actor: Actor,
  access: Access,
  why: string,
): Promise<void> {
  const changes = {
    decision: 'REJECTED',
    decided_by: null,
    decided_at: nowInstant(deps.clock),
    reason: why,
  } as const
  if (!(await moveAccess(tx, deps.clock, actor, access, 'reject', changes, { why })))
    throw new Error(`Access ${access.id} was changed while its row was locked.`)
  await voidDecisionLinks(tx, deps, access.id)
  await mailExpired(tx, deps, { ...access, ...changes }, why)
}
