import type { RequestStatus } from '../../db/schema.ts'
import type { AuditActor } from '../audit/record.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { moveRequest, topicOf } from './change-request.ts'
import type { ServiceRequest } from './find-request.ts'
import { mailCancelled } from './request-mails.ts'
import { isRunning, runningStatuses } from './running.ts'

const waiting = ['NEW', 'QUEUED'] as const satisfies readonly RequestStatus[]

/** All requests of an asset that have not ended. */
export const openRequestsOf = (db: DbOrTx, assetId: string): Promise<ServiceRequest[]> =>
  openOnes(db, assetId).execute()

/** The same, as they are until the end of the transaction. */
export const lockOpenRequestsOf = (
  tx: Tx,
  { engine }: Pick<Deps, 'engine'>,
  assetId: string,
): Promise<ServiceRequest[]> =>
  (engine === 'postgres' ? openOnes(tx, assetId).forNoKeyUpdate() : openOnes(tx, assetId)).execute()

const openOnes = (db: DbOrTx, assetId: string) =>
  db
    .selectFrom('service_requests')
    .selectAll()
    .where('asset_id', '=', assetId)
    .where('status', 'in', [...runningStatuses, ...waiting])
    .orderBy('id')

/**
 * Cancels requests that wait for an asset that goes away, in the transaction that takes it away, and tells their
 * requesters. The requests are locked. Call tellCancelled after the commit.
 */
export async function cancelForAsset(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  actor: AuditActor | Actor,
  requests: readonly ServiceRequest[],
  why: string,
): Promise<number> {
  const reason = `Cancelled: ${why}`
  const changes = { reason, job_status: '' }
  let cancelled = 0
  for (const request of requests.filter(one => !isRunning(one.status))) {
    if (!(await moveRequest(tx, deps.clock, actor, request, 'cancel', changes, { reason: why }))) continue
    await mailCancelled(tx, deps, request, reason)
    cancelled += 1
  }
  return cancelled
}

/** After the commit: open pages draw themselves anew. */
export function tellCancelled(deps: Pick<Deps, 'announce'>, requests: readonly Pick<ServiceRequest, 'id'>[]) {
  for (const { id } of requests) deps.announce(topicOf(id))
}
