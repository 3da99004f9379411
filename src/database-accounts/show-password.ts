import { accessSubject } from '../access/change-access.ts'
import { findVisibleAccess, type VisibleAccess } from '../access/find-access.ts'
import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import type { Secret } from '../secret.ts'
import { VaultError } from '../vault/vault.ts'
import { isInUse } from './account-view.ts'
import { accountBinding, accountOfAccess, type DatabaseAccount } from './accounts.ts'

/**
 * Show Database Password?: the one that was proven last, to its owner only, and never without a line in the trail.
 */
export const showPassword = (deps: Deps, actor: Actor, accessId: number): Promise<Result<Secret>> =>
  showOf(deps, actor, accessId, async (tx, { access }, account) => {
    const secret = await passwordOf(tx, deps, account)
    if (!secret) {
      deps.log.error({ account: account.id }, 'The password of a database account can’t be opened.')
      return conflict(lost)
    }
    await recordShown(tx, deps, actor, access, 'access password shown', account)
    return ok(secret)
  })

const lost =
  'The portal can’t read this password any more. Reset it, leaving the field empty; if that does not help either, tell the operators.'

/** Loads an account for whoever may see what is secret about it. */
export const showOf = <T>(
  deps: Deps,
  actor: Actor,
  accessId: number,
  show: (tx: Tx, found: VisibleAccess, account: DatabaseAccount) => Promise<Result<T>>,
): Promise<Result<T>> =>
  deps.db.transaction().execute(async (tx): Promise<Result<T>> => {
    const found = await findVisibleAccess(tx, deps, actor, accessId)
    const account = found && (await accountOfAccess(tx, accessId))
    if (!found) return notFound()
    if (!can(actor, 'access.show-password', found.subject)) return forbidden(ownersOnly)
    if (!account || !isInUse(found.access, account))
      return conflict(`Nothing can be shown of an access that is ${found.access.status}.`)
    return show(tx, found, account)
  })

const ownersOnly =
  'Only the person whose database account it is can see its password and its SSL certificate.'

async function passwordOf(
  tx: Tx,
  { vault }: Pick<Deps, 'vault'>,
  { id, secret_id }: DatabaseAccount,
): Promise<Secret | null> {
  try {
    return secret_id === null ? null : await vault.open(tx, accountBinding(id), secret_id)
  } catch (error) {
    if (error instanceof VaultError) return null
    throw error
  }
}

/** Who has seen what of whose account. */
export const recordShown = (
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  actor: Actor,
  access: VisibleAccess['access'],
  verb: string,
  account: Pick<DatabaseAccount, 'name'>,
) =>
  record(tx, clock, { id: actor.id, role: actor.role }, verb, accessSubject(access), {
    account: account.name,
    person: access.person_id,
    asset: access.asset_id,
  })
