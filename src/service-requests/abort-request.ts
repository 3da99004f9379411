import { record } from '../audit/record.ts'
import { latestRun, requestAbort } from '../automation/runs.ts'
import type { Deps } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, fail, invalid, notFound, ok, type Result } from '../result.ts'
import { auditActor, subjectOf, tell } from './change-request.ts'
import { findVisibleRequest } from './find-request.ts'
import { wrongReason } from './request-acts.ts'

/** An operator ends the step that is running; its on-failure steps still run, and the request is FAILED. */
export async function abortRequest(
  deps: Deps,
  actor: Actor,
  id: number,
  typedReason: string,
): Promise<Result<void>> {
  const reason = typedReason.trim()
  const aborted = await deps.db.transaction().execute(async tx => {
    const found = await findVisibleRequest(tx, actor, id)
    if (!found) return notFound()
    if (!can(actor, 'service-request.abort')) return fail(notAllowed)
    if (found.request.status !== 'INPROG')
      return conflict(`Service request ${id} is ${found.request.status}: nothing is running.`)
    const wrong = wrongReason(reason, 'The requester reads it.')
    if (wrong) return invalid({ reason: wrong })
    const run = await latestRun(tx, id)
    if (!run || !(await requestAbort(tx, run.id, actor.id, reason)))
      return conflict(`Service request ${id} has just ended, or is being aborted already.`)
    await record(tx, deps.clock, auditActor(actor), 'service-request aborted', subjectOf(found.request), {
      reason,
    })
    return ok(undefined)
  })
  if (aborted.ok) tell(deps, id)
  return aborted
}

const notAllowed = {
  kind: 'forbidden',
  message:
    'Once a request has been picked up for processing it cannot be stopped. Only an operator may abort it.',
} as const
