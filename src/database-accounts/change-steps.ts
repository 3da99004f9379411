import type { Updateable } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Lease } from '../jobs/lease.ts'
import type { DatabaseAccount } from './accounts.ts'
import type { PasswordCandidate, PasswordChange } from './password-change.ts'

/** How far a change has come, with what goes with it. */
export type StepChanges = Updateable<Database['password_changes']> & { step: PasswordChange['step'] }

/** Somebody else has had a hand in the change: whoever goes on with it looks at it anew. */
export class ChangeTouched extends Error {
  override name = 'ChangeTouched'
}

/**
 * Writes down how far a change has come, if it still stands where this attempt has put it, and with what else belongs
 * to it. Committed before anything further is done on the server.
 */
export async function noteStep(
  deps: Deps,
  lease: Lease,
  seen: PasswordChange,
  changes: StepChanges,
  also?: (tx: Tx) => Promise<unknown>,
): Promise<PasswordChange> {
  return deps.db.transaction().execute(async tx => {
    const change = await moveStep(tx, seen, changes)
    await also?.(tx)
    await lease.guard(tx)
    return change
  })
}

/** The same within a transaction. */
export async function moveStep(
  tx: Tx,
  seen: PasswordChange,
  changes: Updateable<Database['password_changes']>,
): Promise<PasswordChange> {
  const change = await tx
    .updateTable('password_changes')
    .set(changes)
    .where('id', '=', seen.id)
    .where('closed_at', 'is', null)
    .where('step', '=', seen.step)
    .where('attempts', '=', seen.attempts)
    .returningAll()
    .executeTakeFirst()
  if (!change) throw new ChangeTouched(`Password change ${seen.id} was touched by somebody else.`)
  return change
}

/** It is going to be given to the server. */
export const markTried = (tx: Tx, candidate: PasswordCandidate) =>
  tx
    .updateTable('password_candidates')
    .set({ state: 'TRIED' })
    .where('change_id', '=', candidate.change_id)
    .where('number', '=', candidate.number)
    .execute()

export const changeAccount = (
  tx: Tx,
  { id }: Pick<DatabaseAccount, 'id'>,
  changes: Updateable<Database['database_accounts']>,
) => tx.updateTable('database_accounts').set(changes).where('id', '=', id).execute()
