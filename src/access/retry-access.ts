import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import { accessTasks, hasFailed, taskOf } from './access-tasks.ts'
import { newestGrant } from './access-types.ts'
import { enqueueAccessWork } from './background-work.ts'
import { type Access, accessSubject, changeAccess, tellAccesses } from './change-access.ts'
import { findVisibleAccess } from './find-access.ts'
import { lastPurposeOf } from './last-purpose.ts'
import { lockAccess } from './lock-access.ts'

/** Has the failed background work on an access tried at once with the newest runbook, also where nobody knows how far it came. */
export async function retryAccess(deps: Deps, actor: Actor, id: number): Promise<Result<void>> {
  const done = await deps.db.transaction().execute(async tx => {
    await lockAccess(tx, deps, id, [actor.id])
    const found = await findVisibleAccess(tx, deps, actor, id)
    if (!found) return notFound()
    if (!can(actor, 'access.retry')) return forbidden('Only operators retry what has failed.')
    return retryWithin(tx, deps, actor, found.access)
  })
  if (done.ok) tellAccesses(deps)
  return done
}

async function retryWithin(tx: Tx, deps: Deps, actor: Actor, access: Access): Promise<Result<void>> {
  const task = taskOf(access, await lastPurposeOf(tx, access))
  if (task === null || !hasFailed(access))
    return conflict(
      `Nothing has failed about this access: it is ${access.status}${access.pending_status ? ` (${access.pending_status})` : ''}. Nothing was changed.`,
    )
  const { word, purpose } = accessTasks[task]
  // Where the runbook was the cause, only a better one helps; by itself what was approved is tried.
  const runbook = purpose === 'grant' && { runbook_version_id: await newestGrant(tx, access.access_type) }
  await changeAccess(tx, access, { pending_status: word, ...runbook })
  const detail = { person: access.person_id, asset: access.asset_id, was: access.pending_status, ...runbook }
  await record(
    tx,
    deps.clock,
    { id: actor.id, role: actor.role },
    'access retried',
    accessSubject(access),
    detail,
  )
  await enqueueAccessWork(tx, deps, access.id)
  return ok(undefined)
}
