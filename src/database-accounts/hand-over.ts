import type { Deps, Tx } from '../deps.ts'
import { accountOfAccess } from './accounts.ts'
import { changeAccount } from './change-steps.ts'
import { openChange, openChangeOf, supersedeChange } from './password-change.ts'

/**
 * The account is of another access from now on, and gets a password that its former owner does not know. Until then it
 * is to be locked: whoever is signed in with it could set the password back at any time.
 */
export async function handAccountTo(tx: Tx, deps: Deps, formerId: number, accessId: number): Promise<void> {
  const account = await accountOfAccess(tx, formerId)
  if (!account) throw new Error(`Access ${formerId} has no account to hand over.`)
  const open = await openChangeOf(tx, account.id)
  if (open) await supersedeChange(tx, deps, open)
  await changeAccount(tx, account, {
    access_id: accessId,
    state: 'LOCKED',
    reset_due_at: null,
    reset_by: null,
  })
  await openChange(tx, deps, account, { reason: 'transfer', askedBy: null })
}
