import { type AuditActor, record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'

interface RevokedAccess {
  id: number
  asset_id: string
  customer_id: string
  access_type: string
}

/** Ends accesses that exist in the portal only, so nothing has to be taken back on another system. */
export async function revokeAccesses(
  tx: Tx,
  deps: Deps,
  actor: AuditActor,
  accesses: readonly RevokedAccess[],
): Promise<void> {
  if (accesses.length === 0) return
  await tx
    .updateTable('accesses')
    .set({ status: 'REMOVED', pending_status: null })
    .where(
      'id',
      'in',
      accesses.map(access => access.id),
    )
    .execute()
  for (const access of accesses)
    await record(
      tx,
      deps.clock,
      actor,
      'access removed',
      { type: 'access', id: access.id, customerId: access.customer_id },
      { asset: access.asset_id, type: access.access_type },
    )
}
