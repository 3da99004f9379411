import type { DbOrTx } from '../deps.ts'
import { type AccountAtHand, mayGoOn } from './account-at-hand.ts'
import { accountFor, type DatabaseAccount } from './accounts.ts'
import type { PasswordChange } from './password-change.ts'

/**
 * Nobody else may be signed in with an account when its new owner gets its password: a session that is open could set
 * the former one back at any time. The account is locked until it has the new one.
 */
export async function endFormerUse(hand: AccountAtHand, change: PasswordChange): Promise<void> {
  const { deps, server, account, asset } = hand
  if (!(await hadOthers(deps.db, account, change))) return
  await server.lockAccount(await accountFor(deps.db, account, asset.id))
  await deps.checkpoint?.('former use ended')
  mayGoOn(hand)
}

/** It was transferred, or was nobody's before an operator had it adopted. */
const hadOthers = async (db: DbOrTx, account: DatabaseAccount, { reason }: PasswordChange) =>
  reason === 'transfer' || (reason === 'create' && (await wasAdopted(db, account)))

const wasAdopted = async (db: DbOrTx, { access_id, name }: DatabaseAccount): Promise<boolean> =>
  (await db
    .selectFrom('drift_findings')
    .select('id')
    .where('adopt_access_id', '=', access_id)
    .where('name', '=', name)
    .executeTakeFirst()) !== undefined
