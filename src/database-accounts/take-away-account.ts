import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { ProvisionerError, type Removal } from '../provisioners/provisioner.ts'
import { type AccountAtHand, mayGoOn } from './account-at-hand.ts'
import { accountFor, type DatabaseAccount } from './accounts.ts'
import { changeAccount } from './change-steps.ts'
import { forgetOthers, openChangeOf, supersedeChange } from './password-change.ts'

/** Written down before the server is touched: whatever was under way about the account ends with this. */
export async function beginRemoval(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  account: DatabaseAccount,
): Promise<void> {
  const change = await openChangeOf(tx, account.id)
  if (change) await supersedeChange(tx, deps, change)
  // One that was only going to be made may be somebody else's on the server.
  if (account.state !== 'CREATING') await changeAccount(tx, account, { state: 'REMOVING' })
}

/** Drops the account and proves that it is nowhere. */
export async function dropAccount(hand: AccountAtHand): Promise<Removal> {
  const account = await endOwnWork(hand)
  try {
    return await hand.server.dropAccount(account)
  } catch (error) {
    if (hand.account.state !== 'CREATING' || !isNotOurs(error)) throw error
    return {
      notes: [
        `There is an account ${account.name} on the server that is not the portal’s; it was left alone.`,
      ],
    }
  }
}

const isNotOurs = (error: unknown) => error instanceof ProvisionerError && error.kind === 'not-ours'

/** The account can't sign in, and nobody is signed in with it. */
export const lockAccount = async (hand: AccountAtHand): Promise<void> =>
  hand.server.lockAccount(await endOwnWork(hand))

/** What a lost worker has sent must not come after this. */
async function endOwnWork(hand: AccountAtHand) {
  const account = await accountFor(hand.deps.db, hand.account, hand.asset.id)
  mayGoOn(hand)
  await hand.server.endOwnWork(account)
  await hand.deps.checkpoint?.('own work ended')
  mayGoOn(hand)
  return account
}

/** It is proven gone: its passwords are forgotten. */
export async function markGone(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'vault'>,
  account: DatabaseAccount,
): Promise<void> {
  await changeAccount(tx, account, { state: 'GONE', gone_at: nowInstant(deps.clock), secret_id: null })
  await forgetOthers(tx, deps, account.id, null)
}

export const markLocked = (tx: Tx, account: DatabaseAccount) =>
  changeAccount(tx, account, { state: 'LOCKED' })
