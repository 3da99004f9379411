import type { Deps } from '../deps.ts'
import { type Actor, can, shownName } from '../policy.ts'
import { forbidden, notFound, ok, type Result } from '../result.ts'
import { type Access, tellAccesses } from './change-access.ts'
import { endAccesses } from './end-accesses.ts'
import { findVisibleAccess } from './find-access.ts'
import { lockAccess } from './lock-access.ts'

/**
 * Remove Access: a request that waits for its decision is withdrawn at once, an access is PENDING REMOVAL until it is
 * gone. Pressed twice, the second one finds it on its way out and changes nothing.
 */
export async function removeAccess(deps: Deps, actor: Actor, id: number): Promise<Result<Access>> {
  const done = await deps.db.transaction().execute(async (tx): Promise<Result<Access>> => {
    await lockAccess(tx, deps, id, [actor.id])
    const found = await findVisibleAccess(tx, deps, actor, id)
    if (!found) return notFound()
    const { access, subject } = found
    const undecided = access.status === 'PROCESSING' && access.decision === null
    if (!can(actor, undecided ? 'access.withdraw' : 'access.remove', subject)) return forbidden(onlyConcerned)
    const why = `${undecided ? 'Withdrawn' : 'Removed'} by ${shownName(actor)}.`
    await endAccesses(tx, deps, actor, [access], why)
    const after = await findVisibleAccess(tx, deps, actor, id)
    return ok(after?.access ?? access)
  })
  if (done.ok) tellAccesses(deps)
  return done
}

const onlyConcerned =
  'Only the person who has an access, a manager of its customer or an operator may remove it.'
