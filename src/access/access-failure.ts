import type { Instant } from '../../db/schema.ts'
import { record, systemActor } from '../audit/record.ts'
import type { RunOutcome } from '../automation/runs.ts'
import { after } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { mailFailed } from './access-mails.ts'
import { type AccessTask, accessTasks, failedWords, longestDelay, retryDelay } from './access-tasks.ts'
import { type Access, accessSubject, changeAccess } from './change-access.ts'

export type Failure = Exclude<RunOutcome, { kind: 'succeeded' | 'released' }>

/**
 * Shows a failure as Pending Status and tells operators at the first one. Gives when to look again. A grant whose
 * outcome nobody knows is not run again by itself; a removal always may, since it succeeds when all is gone.
 */
export async function noteFailure(
  tx: Tx,
  deps: Deps,
  access: Access,
  task: AccessTask,
  failure: Failure,
): Promise<Instant> {
  const pending_status = failedWords(wordsOf(failure))
  const failures = access.attempts + 1
  const { purpose } = accessTasks[task]
  const waits = failure.kind === 'unknown' && purpose === 'grant'
  await changeAccess(tx, access, { pending_status, attempts: failures })
  if (failures === 1 || waits) {
    const detail = { person: access.person_id, asset: access.asset_id, reason: pending_status }
    await record(tx, deps.clock, systemActor, 'access failed', accessSubject(access), detail)
    await mailFailed(tx, deps, access, failingWords[task], pending_status, waits ? 'by Retry' : 'by itself')
  }
  return after(deps.clock.now(), waits ? longestDelay : retryDelay(failures))
}

const failingWords = {
  grant: 'grant',
  resume: 'resumption',
  suspend: 'suspension',
  remove: 'removal',
  reset: 'password change',
} as const satisfies Record<AccessTask, string>

function wordsOf(failure: Failure): string {
  if (failure.kind === 'failed')
    return failure.step ? `Step “${failure.step}”: ${failure.reason}` : failure.reason
  return failure.kind === 'aborted' ? `Aborted by an operator: ${failure.reason}` : failure.reason
}
