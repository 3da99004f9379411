import { enqueueAccessWork } from '../access/background-work.ts'
import { lockAccesses } from '../access/lock-access.ts'
import type { Deps, Tx } from '../deps.ts'
import type { SentPassword } from './account-at-hand.ts'
import type { DatabaseAccount } from './accounts.ts'
import { beginPasswordChange } from './password-change.ts'

/**
 * A worker that was suspended may send a password after another one has taken the job over and proven its own. What
 * is open then is brought about once more, and what was closed since gets a new password: nobody can tell which of
 * the two the server has.
 */
export async function lookAgainAfter(deps: Deps, sent: readonly SentPassword[]): Promise<void> {
  if (sent.length === 0) return
  await deps.db.transaction().execute(async tx => {
    for (const one of sent) await lookAgain(tx, deps, one)
  })
  deps.wake()
}

async function lookAgain(tx: Tx, deps: Deps, { changeId, secretId }: SentPassword): Promise<void> {
  const account = await lockedAccount(tx, deps, changeId)
  if (account.gone_at !== null)
    return deps.log.error({ account: account.name }, 'an account that was dropped may have come back')
  if (await touch(tx, account)) return enqueueAccessWork(tx, deps, account.access_id)
  if (account.secret_id !== secretId)
    await beginPasswordChange(tx, deps, account, { reason: 'unprovable', askedBy: null })
}

async function lockedAccount(tx: Tx, deps: Deps, changeId: number): Promise<DatabaseAccount> {
  const account = () =>
    tx
      .selectFrom('database_accounts')
      .innerJoin('password_changes', 'password_changes.account_id', 'database_accounts.id')
      .where('password_changes.id', '=', changeId)
      .selectAll('database_accounts')
      .executeTakeFirstOrThrow()
  await lockAccesses(tx, deps, [(await account()).access_id])
  return account()
}

/** Whoever is at an open change finds that it is not where they left it, and begins with it again. */
async function touch(tx: Tx, { id }: DatabaseAccount): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('password_changes')
    .set(eb => ({ step: 'APPLYING', attempts: eb('attempts', '+', 1) }))
    .where('account_id', '=', id)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
