import { record, systemActor } from '../audit/record.ts'
import { after, days, nowInstant } from '../clock.ts'
import { ProvisionerError } from '../provisioners/provisioner.ts'
import { type AccountAtHand, mayGoOn } from './account-at-hand.ts'
import { accountFor, graceAfterExpiry } from './accounts.ts'
import { changeAccount } from './change-steps.ts'

/** A change that is not done when the server's own end is so near has been delayed for days. */
const nearEnd = days(3)

/**
 * While a change is delayed, the password that is shown stays the one to sign in with: the server's own end of it is
 * moved to a grace from now. Gives the account as it then stands. What keeps the server from doing so is no reason
 * to give up the change: that says itself what is wrong.
 */
export async function keepInUse<Hand extends AccountAtHand>(hand: Hand): Promise<Hand> {
  const { deps, lease, server, account, asset } = hand
  const now = nowInstant(deps.clock)
  const end = account.server_expires_at
  if (account.state !== 'READY' || end === null || end > after(now, nearEnd)) return hand
  const server_expires_at = after(now, graceAfterExpiry)
  mayGoOn(hand)
  try {
    await server.extend(await accountFor(deps.db, { ...account, server_expires_at }, asset.id))
  } catch (error) {
    if (error instanceof ProvisionerError) return hand
    throw error
  }
  await deps.checkpoint?.('server’s end moved')
  await deps.db.transaction().execute(async tx => {
    await changeAccount(tx, account, { server_expires_at })
    await record(
      tx,
      deps.clock,
      systemActor,
      'access password kept in use',
      { type: 'access', id: account.access_id, customerId: asset.customerId },
      {
        account: account.name,
        until: server_expires_at,
        why: 'Its change is delayed: the server’s own end of the password was moved.',
      },
    )
    await lease.guard(tx)
  })
  return { ...hand, account: { ...account, server_expires_at } }
}
