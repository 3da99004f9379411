import { accessSubject } from '../access/change-access.ts'
import { findVisibleAccess } from '../access/find-access.ts'
import { lockAccess } from '../access/lock-access.ts'
import { record } from '../audit/record.ts'
import type { Deps } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import { accountOfAccess } from './accounts.ts'
import { changeAccount } from './change-steps.ts'

/** Takes back a reset that was scheduled; gives the Database Account ID. */
export const cancelReset = (deps: Deps, actor: Actor, accessId: number): Promise<Result<string>> =>
  deps.db.transaction().execute(async (tx): Promise<Result<string>> => {
    await lockAccess(tx, deps, accessId, [actor.id])
    const found = await findVisibleAccess(tx, deps, actor, accessId)
    if (!found) return notFound()
    const { access, subject } = found
    if (!can(actor, 'access.reset-password', subject))
      return forbidden('Only those who may reset the password may cancel a scheduled reset.')
    const account = await accountOfAccess(tx, accessId)
    if (!account || account.reset_due_at === null)
      return conflict('No reset of this password is scheduled any more. Nothing was changed.')
    await changeAccount(tx, account, { reset_due_at: null, reset_by: null })
    const detail = {
      account: account.name,
      person: access.person_id,
      asset: access.asset_id,
      was: account.reset_due_at,
    }
    const by = { id: actor.id, role: actor.role }
    await record(tx, deps.clock, by, 'access password change cancelled', accessSubject(access), detail)
    return ok(account.name)
  })
