import { type AuditActor, systemActor } from '../audit/record.ts'
import { voidDecisionLinks } from '../auth/decision-links.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { portalAccess } from '../service-requests/find-request.ts'
import { takeBackUncovered } from '../service-requests/take-back-for.ts'
import { mailEnded, mailSuspended } from './access-mails.ts'
import { openStatuses, pendingWords } from './access-states.ts'
import { enqueueAccessWork } from './background-work.ts'
import { type Access, changeAccess, moveAccess } from './change-access.ts'
import { lockAccesses } from './lock-access.ts'

type Needed = Pick<Deps, 'clock' | 'config' | 'engine'>
type Ender = AuditActor | Actor

/**
 * Ends open accesses, in the transaction of the act that calls for it: a request nobody has approved is REMOVED at
 * once, everything else is PENDING REMOVAL until it is proven gone. They are looked at as they are now; those that
 * are on their way out already are left alone. Service requests that nothing else covers are taken back. `why` is
 * told to people, such as "Removed by Manager 01." Gives how many; call deps.wake() after the commit.
 */
export async function endAccesses(
  tx: Tx,
  deps: Needed,
  actor: Ender,
  accesses: readonly Pick<Access, 'id'>[],
  why: string,
): Promise<number> {
  const now = await lockAccesses(
    tx,
    deps,
    accesses.map(access => access.id),
  )
  const ended: Access[] = []
  for (const access of now) if (await endOne(tx, deps, actor, access, why)) ended.push(access)
  await settleEnded(tx, deps, actor, ended, why)
  return ended.length
}

const isUndecided = (access: Access) => access.status === 'PROCESSING' && access.decision === null

async function endOne(tx: Tx, deps: Needed, actor: Ender, access: Access, why: string): Promise<boolean> {
  const now = nowInstant(deps.clock)
  const by = { removal_at: now, removal_by: actor.id, reason: why }
  if (isUndecided(access)) {
    const changes = { ...by, removed_at: now }
    if (!(await moveAccess(tx, deps.clock, actor, access, 'withdraw', changes, { why }))) return false
    await voidDecisionLinks(tx, deps, access.id)
  } else {
    const event = access.status === 'PROCESSING' ? 'abandon' : 'remove'
    const changes = { ...by, pending_status: pendingWords.removed, attempts: 0 }
    if (!(await moveAccess(tx, deps.clock, actor, access, event, changes, { why }))) return false
  }
  if (access.status === 'PROCESSING') await mailEnded(tx, deps, access, why)
  return true
}

/** What ends with them; jobs last, as everybody takes their rows. */
async function settleEnded(tx: Tx, deps: Needed, actor: Ender, ended: readonly Access[], why: string) {
  await takeBackRequests(
    tx,
    deps,
    actor,
    ended.filter(access => access.status === 'APPROVED'),
    why,
  )
  for (const access of ended) if (!isUndecided(access)) await enqueueAccessWork(tx, deps, access.id)
}

/** Queued service requests that these accesses gave the right to, where no other one does. */
async function takeBackRequests(
  tx: Tx,
  deps: Needed,
  actor: Ender,
  lost: readonly Access[],
  why: string,
): Promise<void> {
  const rights = new Map(
    lost
      .filter(access => access.access_type === portalAccess)
      .map(access => [`${access.person_id} ${access.customer_id}`, access]),
  )
  for (const { person_id, customer_id } of rights.values())
    await takeBackUncovered(tx, deps, actor, person_id, customer_id, why)
}

/** Open accesses of a person, all or under some customers, as `endAccesses` takes them. */
export function openAccessesOf(tx: Tx, personId: string, customerIds?: readonly string[]): Promise<Access[]> {
  const query = tx
    .selectFrom('accesses')
    .selectAll()
    .where('person_id', '=', personId)
    .where('status', 'in', [...openStatuses])
    .orderBy('id')
  return (customerIds ? query.where('customer_id', 'in', [...customerIds]) : query).execute()
}

/** Begins the reason of accesses that an operator has suspended: only operators give them back. */
export const byOperator = 'An operator ended it'

/**
 * SUSPENDED: it opens nothing until it is resumed; nobody asked for it to end for good. False: it is not APPROVED
 * (any more).
 */
export async function suspendAccess(
  tx: Tx,
  deps: Needed,
  seen: Pick<Access, 'id'>,
  why: string,
): Promise<boolean> {
  const [access] = await lockAccesses(tx, deps, [seen.id])
  if (!access) return false
  const changes = {
    suspended_at: nowInstant(deps.clock),
    reason: why,
    pending_status: pendingWords.suspend,
    attempts: 0,
  }
  if (!(await moveAccess(tx, deps.clock, systemActor, access, 'suspend', changes, { why }))) return false
  await mailSuspended(tx, deps, access, why)
  await takeBackRequests(tx, deps, systemActor, [access], why)
  await enqueueAccessWork(tx, deps, access.id)
  return true
}

/**
 * Asks for a suspended access to be given back: it is APPROVED again, and its person told, once that is proven.
 * False: it is not SUSPENDED (any more).
 */
export async function resumeAccess(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'engine'>,
  seen: Pick<Access, 'id'>,
): Promise<boolean> {
  const [access] = await lockAccesses(tx, deps, [seen.id])
  if (access?.status !== 'SUSPENDED') return false
  if (access.pending_status !== pendingWords.resume)
    await changeAccess(tx, access, { pending_status: pendingWords.resume, attempts: 0 })
  await enqueueAccessWork(tx, deps, access.id)
  return true
}
