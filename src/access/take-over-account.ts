import { record, systemActor } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import { handAccountTo } from '../database-accounts/hand-over.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { mailHandedOver } from './access-mails.ts'
import { isBeingWorkedOn } from './access-tasks.ts'
import { type Access, accessSubject, changeAccess, moveAccess } from './change-access.ts'
import { byOperator } from './end-accesses.ts'

/** Why an approved transfer can't be done (any more); null: it can. */
export async function inTheWayOfTransfer(
  db: DbOrTx,
  { transfer_of }: Access,
): Promise<{ kind: 'never' | 'wait'; why: string } | null> {
  if (transfer_of === null) return null
  const former = await db
    .selectFrom('accesses')
    .select(['status', 'database_account', 'reason'])
    .where('id', '=', transfer_of)
    .executeTakeFirstOrThrow()
  if (former.status === 'SUSPENDED' && former.reason.startsWith(byOperator))
    return { kind: 'wait', why: 'an operator has suspended the account, and has to give it back first' }
  if (former.status === 'APPROVED' || former.status === 'SUSPENDED') return null
  return {
    kind: 'never',
    why: `${former.database_account} was removed before it could be transferred: the access that had it is ${former.status}.`,
  }
}

/**
 * The account goes to the access that was approved, in one act with the end of the one that had it; it gets another
 * password then, since its former owner knows the present one. False: the former access is held by somebody else, or
 * worked on, just now, so look again.
 */
export async function takeOverAccount(tx: Tx, deps: Deps, access: Access): Promise<boolean> {
  if (access.transfer_of === null) return true
  const former = await held(tx, deps, access.transfer_of)
  // Whatever is under way on the server for the one would be done to the other's account.
  if (!former || isBeingWorkedOn(former)) return false
  const to = await tx
    .selectFrom('persons')
    .select(['id', 'display_name'])
    .where('id', '=', access.person_id)
    .executeTakeFirstOrThrow()
  const transferTo = { account: former.database_account, transferTo: to.id }
  const ended = {
    pending_status: null,
    attempts: 0,
    removal_at: nowInstant(deps.clock),
    removed_at: nowInstant(deps.clock),
    reason: `${former.database_account} was transferred to ${to.display_name}.`,
  }
  if (!(await moveAccess(tx, deps.clock, systemActor, former, 'handOver', ended, transferTo))) return false
  if (!(await changeAccess(tx, access, { transfer_of: null })))
    throw new Error(`Access ${access.id} was changed while its row was locked.`)
  await record(tx, deps.clock, systemActor, 'access account taken over', accessSubject(access), {
    account: former.database_account,
    transferOf: former.id,
    transferFrom: former.person_id,
  })
  await handAccountTo(tx, deps, former.id, access.id)
  await mailHandedOver(tx, deps, former, `${to.display_name} (${to.id})`)
  return true
}

/** Its number is lower: whoever waits for it while holding a higher one could wait for ever. */
async function held(tx: Tx, { engine }: Pick<Deps, 'engine'>, id: number): Promise<Access | undefined> {
  const query = tx.selectFrom('accesses').selectAll().where('id', '=', id)
  return (engine === 'postgres' ? query.forNoKeyUpdate().skipLocked() : query).executeTakeFirst()
}
