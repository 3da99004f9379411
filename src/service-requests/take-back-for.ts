import type { AuditActor } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { moveRequest } from './change-request.ts'
import { customersToRequestFor, type ServiceRequest } from './find-request.ts'
import { outOfQueue } from './request-acts.ts'
import { bringNextForward } from './request-job.ts'
import { mailTakenBack } from './request-mails.ts'

/**
 * Takes what a person has queued for a customer back to NEW if no approved Self-Service Portal access of theirs
 * covers it any more, in the transaction that ended the right. `why` stays on the record and is mailed to the
 * requester. Gives how many; call deps.wake() after the commit.
 */
export async function takeBackUncovered(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config' | 'engine'>,
  actor: AuditActor | Actor,
  personId: string,
  customerId: string,
  why: string,
): Promise<number> {
  if ((await customersToRequestFor(tx, personId)).includes(customerId)) return 0
  const queued = await queuedBy(tx, deps, personId, customerId)
  const reason = `Taken back: the Self-Service Portal access it was queued with has ended. ${why}`.trim()
  const taken: ServiceRequest[] = []
  for (const request of queued)
    if (await moveRequest(tx, deps.clock, actor, request, 'take-back', { ...outOfQueue, reason }, { reason }))
      taken.push(request)
  for (const request of taken) await mailTakenBack(tx, deps, request, reason)
  const freed = new Set(taken.filter(({ mode }) => mode === 'exclusive').map(({ asset_id }) => asset_id))
  for (const asset of [...freed].sort()) await bringNextForward(tx, deps.clock, asset)
  return taken.length
}

/** Who queued it authorises it, whoever reported it. */
function queuedBy(
  tx: Tx,
  { engine }: Pick<Deps, 'engine'>,
  personId: string,
  customerId: string,
): Promise<ServiceRequest[]> {
  const query = tx
    .selectFrom('service_requests')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('status', '=', 'QUEUED')
    .where('queued_by', '=', personId)
    .orderBy('id')
  return (engine === 'postgres' ? query.forNoKeyUpdate() : query).execute()
}
