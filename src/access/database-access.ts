import type { Instant } from '../../db/schema.ts'
import { record, systemActor } from '../audit/record.ts'
import { after, minutes, seconds } from '../clock.ts'
import { accountOfAccess, type DatabaseAccount } from '../database-accounts/accounts.ts'
import {
  changeForUse,
  expectLocked,
  intendAccount,
  reservedName,
  serverIdOf,
} from '../database-accounts/grant-account.ts'
import { makeCurrent, type ProvenChange } from '../database-accounts/make-current.ts'
import { noteChangeFailure, openChangeOf } from '../database-accounts/password-change.ts'
import { mailPasswordChanged } from '../database-accounts/password-changed-mail.ts'
import { beginRemoval, markGone, markLocked } from '../database-accounts/take-away-account.ts'
import { type AccountOutcome, type AccountWork, workOnAccount } from '../database-accounts/work-on-account.ts'
import type { Deps, Tx } from '../deps.ts'
import type { JobOutcome } from '../jobs/handler.ts'
import type { Lease } from '../jobs/lease.ts'
import { noteFailure } from './access-failure.ts'
import { type AccessTask, taskOf, waitingWords } from './access-tasks.ts'
import { type Access, accessSubject, changeAccess } from './change-access.ts'
import { endAccesses } from './end-accesses.ts'
import { finishGrant, inTheWayOf } from './grant-access.ts'
import { lastPurposeOf } from './last-purpose.ts'
import { lockAccess } from './lock-access.ts'
import { finishTakingAway } from './take-away-access.ts'
import { typeOfAccess } from './type-of-access.ts'

/**
 * What a task of an access calls for on its database server, with whatever has to be written down before; null:
 * nothing is there, and nothing is to be there.
 */
export async function beginAccountWork(
  tx: Tx,
  deps: Deps,
  access: Access,
  task: AccessTask,
): Promise<AccountWork | null> {
  const account = await accountOfAccess(tx, access.id)
  if (!account)
    return task === 'grant' || task === 'resume'
      ? { kind: 'look for name', name: reservedName(access), mark: access.id, serverId: serverIdOf(access) }
      : null
  const asset = { id: access.asset_id, customerId: access.customer_id }
  if (task === 'suspend') return { kind: 'lock', account, asset }
  if (task === 'remove') {
    await beginRemoval(tx, deps, account)
    return { kind: 'drop', account, asset }
  }
  return changeWork(tx, deps, account, asset, task)
}

/** Given back from now on, whatever stands in the way of it: only by that a failure tells which way it was going. */
export async function beginGivingBack(tx: Tx, { id }: Access): Promise<void> {
  const account = await accountOfAccess(tx, id)
  if (account) await expectLocked(tx, account)
}

async function changeWork(
  tx: Tx,
  deps: Deps,
  account: DatabaseAccount,
  asset: { id: string; customerId: string },
  task: 'grant' | 'resume' | 'reset',
): Promise<AccountWork | null> {
  if (task === 'reset') {
    const change = await openChangeOf(tx, account.id)
    return change ? { kind: 'change password', account, asset, change } : null
  }
  return { kind: 'change password', account, asset, change: await changeForUse(tx, deps, account, task) }
}

/** Does it, and writes down how it ended; null: look again at what is called for. */
export const performAccountWork = (
  deps: Deps,
  lease: Lease,
  accessId: number,
  task: AccessTask,
  work: AccountWork,
): Promise<JobOutcome | null> =>
  workOnAccount(deps, lease, work, async outcome => {
    const at = await deps.db.transaction().execute(async tx => {
      const access = await lockAccess(tx, deps, accessId)
      const again = access ? await finish({ tx, deps, access, task, work }, outcome) : null
      await lease.guard(tx)
      return again
    })
    await deps.checkpoint?.('account settled')
    return at === null ? null : { kind: 'again', at }
  })

interface Finishing {
  tx: Tx
  deps: Deps
  /** As it is by now. */
  access: Access
  /** What was begun. */
  task: AccessTask
  work: AccountWork
}

/** What was done counts only as far as it is still called for. Gives when to try again. */
async function finish(at: Finishing, outcome: AccountOutcome): Promise<Instant | null> {
  const { tx, deps, access } = at
  const now = taskOf(access, await lastPurposeOf(tx, access))
  if (outcome.kind === 'failed') return failed(at, now, outcome)
  if (outcome.kind === 'free') await intend(at, now)
  if (outcome.kind === 'proven') await proven(at, now, outcome)
  if (outcome.kind === 'locked') await locked(at, now)
  if (outcome.kind === 'dropped') {
    await tell(at, 'access account removed', { why: outcome.notes.join(' ') })
    await markGone(tx, deps, accountOf(at.work))
    await finishTakingAway(tx, deps, access, 'remove')
  }
  return null
}

function accountOf(work: AccountWork): DatabaseAccount {
  if (work.kind === 'look for name') throw new Error(`There is no account ${work.name} yet.`)
  return work.account
}

async function failed(
  { tx, deps, access, task, work }: Finishing,
  now: AccessTask | null,
  { reason, lags }: { reason: string; lags: boolean },
): Promise<Instant | null> {
  if (work.kind === 'change password') await noteChangeFailure(tx, work.account.id, reason)
  if (now !== task) return null
  if (lags && work.kind === 'change password' && work.change.attempts < patience.attempts) {
    await changeAccess(tx, access, { pending_status: waitingWords(task, reason) })
    return after(deps.clock.now(), patience.between)
  }
  const again = await noteFailure(tx, deps, access, task, { kind: 'failed', step: '', reason })
  const latest = after(deps.clock.now(), patience.longest)
  return lags && latest < again ? latest : again
}

/** A standby that lags is no failure at once, and gets there some time. */
const patience = { attempts: 3, between: seconds(15), longest: minutes(30) }

/** Nobody has the name: what is going to be made is written down. */
async function intend({ tx, deps, access }: Finishing, now: AccessTask | null): Promise<void> {
  if (now !== 'grant' && now !== 'resume') return
  const { kind } = await typeOfAccess(tx, access)
  await intendAccount(tx, deps, access, kind === 'database-service' ? 'service' : 'user')
}

async function proven(at: Finishing, now: AccessTask | null, outcome: ProvenChange): Promise<void> {
  const { tx, deps, access } = at
  const current = await makeCurrent(tx, deps, outcome)
  await tell(at, 'access password proven', { cause: outcome.change.reason, new: current.isNew })
  if (now === 'grant' || now === 'resume') await giveOrEnd(at, now)
  if (now === 'reset') await changeAccess(tx, access, { pending_status: null, attempts: 0 })
  const isTold = now === 'reset' || now === 'resume' || now === 'suspend'
  if (isTold && current.isNew) await mailPasswordChanged(tx, deps, outcome.change, current)
}

/** Whoever was removed while it was made does not get it. */
async function giveOrEnd({ tx, deps, access }: Finishing, now: 'grant' | 'resume'): Promise<void> {
  const type = await typeOfAccess(tx, access)
  const obstacle = await inTheWayOf(tx, access, type, now)
  if (obstacle?.kind === 'never') await endAccesses(tx, deps, systemActor, [access], obstacle.why)
  else await finishGrant(tx, deps, access, type, now)
}

async function locked(at: Finishing, now: AccessTask | null): Promise<void> {
  await markLocked(at.tx, accountOf(at.work))
  await tell(at, 'access account locked')
  if (now === 'suspend') await finishTakingAway(at.tx, at.deps, at.access, 'suspend')
}

const tell = ({ tx, deps, access, work }: Finishing, verb: string, detail: object = {}) =>
  record(tx, deps.clock, systemActor, verb, accessSubject(access), {
    account: accountOf(work).name,
    person: access.person_id,
    asset: access.asset_id,
    ...detail,
  })
