import { systemActor } from '../audit/record.ts'
import { after, days, nowInstant } from '../clock.ts'
import { inTheWayOfAccount } from '../database-accounts/grant-account.ts'
import type { Deps, Tx } from '../deps.ts'
import { isStorageKind } from '../files/offer.ts'
import { holdsStore } from '../files/rights.ts'
import { isListed } from '../people/give-customer.ts'
import { customersToRequestFor, portalAccess } from '../service-requests/find-request.ts'
import { mailGranted, mailResumed } from './access-mails.ts'
import { type AccessType, isDatabaseKind } from './access-types.ts'
import { type Access, moveAccess } from './change-access.ts'
import { inTheWayOfTransfer } from './take-over-account.ts'

/** Before it ends, its person is told so long in advance. */
export const endingNotice = days(7)

/** Why an access can't be granted any more; `wait`: not yet; `failed`: something of the set-up is missing. */
export type InTheWay = { kind: 'wait'; why?: string } | { kind: 'never' | 'failed'; why: string } | null

/** What was true when it was approved may have changed since. */
export async function inTheWayOf(
  tx: Tx,
  access: Access,
  type: AccessType,
  task: 'grant' | 'resume',
): Promise<InTheWay> {
  const person = await tx
    .selectFrom('persons')
    .select(['display_name', 'status'])
    .where('id', '=', access.person_id)
    .executeTakeFirstOrThrow()
  if (person.status === 'INACTIVE') return never(`${person.display_name} is not an active user any more.`)
  if (!(await isListed(tx, access.person_id, access.customer_id)))
    return never(
      `Customer ${access.customer_id} is not in the Customer Access List of ${person.display_name} any more.`,
    )
  const asset = await tx
    .selectFrom('assets')
    .select(['customer_id', 'status'])
    .where('id', '=', access.asset_id)
    .executeTakeFirstOrThrow()
  if (asset.customer_id !== access.customer_id)
    return never(`${access.asset_id} belongs to another customer by now.`)
  if (asset.status === 'RETIRED') return never(`${access.asset_id} has been retired.`)
  if (task === 'grant' && type.status === 'WITHDRAWN') return never(`${type.name} is not offered any more.`)
  if (person.status !== 'ACTIVE') return { kind: 'wait' }
  if (!isDatabaseKind(type.kind)) return null
  return (await inTheWayOfTransfer(tx, access)) ?? inTheWayOfAccount(tx, access, task)
}

const never = (why: string): InTheWay => ({ kind: 'never', why })

/** APPROVED, with its mail: the runbook has succeeded, or there is none and the right can be read back. */
export async function finishGrant(
  tx: Tx,
  deps: Deps,
  access: Access,
  type: AccessType,
  task: 'grant' | 'resume',
): Promise<void> {
  const now = nowInstant(deps.clock)
  const endsSoon = access.ends_at !== null && access.ends_at <= after(now, endingNotice)
  const changes = {
    pending_status: null,
    attempts: 0,
    reason: '',
    ...(task === 'grant' ? { granted_at: now } : { suspended_at: null }),
    // The mail about the grant says when it ends.
    ...(endsSoon && { ending_mailed_at: now }),
  }
  if (!(await moveAccess(tx, deps.clock, systemActor, access, task, changes)))
    throw new Error(`Access ${access.id} was changed while its row was locked.`)
  if (type.id === portalAccess) await readBack(tx, access)
  if (isStorageKind(type.kind)) await readBackStorage(tx, access, type.kind)
  await (task === 'grant' ? mailGranted : mailResumed)(tx, deps, access)
}

/** The question that every service request asks. */
async function readBack(tx: Tx, access: Access): Promise<void> {
  const customers = await customersToRequestFor(tx, access.person_id)
  if (!customers.includes(access.customer_id))
    throw new Error(`Access ${access.id} was granted, but opens nothing.`)
}

/** The question that the store asks at every look into it. */
async function readBackStorage(tx: Tx, access: Access, store: 'files' | 'logs'): Promise<void> {
  const asset = { id: access.asset_id, customer_id: access.customer_id }
  if (!(await holdsStore(tx, access.person_id, asset, store)))
    throw new Error(`Access ${access.id} was granted, but opens nothing.`)
}
