import { systemActor } from '../audit/record.ts'
import { latestGrant } from '../automation/runs.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { mailRemoved } from './access-mails.ts'
import type { AccessType } from './access-types.ts'
import { type Access, changeAccess, moveAccess } from './change-access.ts'

/** Nothing to be removed elsewhere: the portal itself opens nothing for it any more, or nothing was ever granted. */
export async function isGoneAlready(tx: Tx, access: Access, type: AccessType): Promise<boolean> {
  if (type.kind !== 'runbook') return true
  return access.granted_at === null && (await latestGrant(tx, access.id)) === undefined
}

/** What was to be taken away is proven gone: REMOVED, with its mail, or quietly SUSPENDED. */
export async function finishTakingAway(
  tx: Tx,
  deps: Deps,
  access: Access,
  task: 'suspend' | 'remove',
): Promise<void> {
  const done = { pending_status: null, attempts: 0 }
  const moved =
    task === 'suspend'
      ? await changeAccess(tx, access, done)
      : await moveAccess(tx, deps.clock, systemActor, access, 'removed', {
          ...done,
          removed_at: nowInstant(deps.clock),
        })
  if (!moved) throw new Error(`Access ${access.id} was changed while its row was locked.`)
  // Who never had it was told when it ended.
  if (task === 'remove' && access.granted_at !== null) await mailRemoved(tx, deps, access)
}
