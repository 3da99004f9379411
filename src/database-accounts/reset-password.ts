import type { Instant, Row } from '../../db/schema.ts'
import { accessSubject, tellAccesses } from '../access/change-access.ts'
import { findVisibleAccess, type VisibleAccess } from '../access/find-access.ts'
import { lockAccess } from '../access/lock-access.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import type { Secret } from '../secret.ts'
import { accountBinding, accountOfAccess, type DatabaseAccount } from './accounts.ts'
import { changeAccount } from './change-steps.ts'
import { beginPasswordChange } from './password-change.ts'
import { checkPassword } from './password-rule.ts'

export interface ResetAsk {
  /** Absent: one is generated. */
  password?: Secret
  /** Not before; of service accounts only. */
  at?: Instant
}

/**
 * Reset Database Password: begins to change it, or writes down when to. The old one stays until the server has proven
 * the new one. Of two at once the second is a conflict.
 */
export async function resetPassword(
  deps: Deps,
  actor: Actor,
  accessId: number,
  ask: ResetAsk,
): Promise<Result<'begun' | 'scheduled'>> {
  const done = await deps.db.transaction().execute(async tx => {
    await lockAccess(tx, deps, accessId, [actor.id])
    const found = await findVisibleAccess(tx, deps, actor, accessId)
    if (!found) return notFound()
    const problem = mayNot(actor, found, ask)
    if (problem) return forbidden(problem)
    const account = await accountOfAccess(tx, accessId)
    if (!account || account.state === 'CREATING' || found.access.status !== 'APPROVED')
      return conflict(notInUse(found.access))
    return ask.at === undefined
      ? begin(tx, deps, actor, account, ask)
      : schedule(tx, deps, actor, found, account, ask)
  })
  if (done.ok) tellAccesses(deps)
  return done
}

function mayNot(actor: Actor, { subject }: VisibleAccess, { password }: ResetAsk): string | null {
  if (password && !can(actor, 'access.choose-password', subject))
    return 'Only the person whose database account it is chooses its password. Leave the field empty to have one generated.'
  return can(actor, 'access.reset-password', subject)
    ? null
    : 'Only the person whose database account it is, a manager of its customer or an operator may reset its password.'
}

const notInUse = ({ status, pending_status }: Pick<Row<'accesses'>, 'status' | 'pending_status'>) =>
  `The password of an access that is ${status}${pending_status ? ` (${pending_status})` : ''} can't be reset. Nothing was changed.`

async function begin(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  account: DatabaseAccount,
  { password }: ResetAsk,
): Promise<Result<'begun'>> {
  const wrong = password && (await wrongWith(tx, deps, account, password))
  if (wrong) return invalid({ new_password: wrong })
  const ask = { reason: 'asked', askedBy: actor.id, ...(password && { given: password }) } as const
  if (await beginPasswordChange(tx, deps, account, ask)) return ok('begun')
  return conflict(`The password of ${account.name} is being changed already. Nothing was changed.`)
}

async function wrongWith(
  tx: Tx,
  deps: Deps,
  account: DatabaseAccount,
  password: Secret,
): Promise<string | null> {
  const wrong = checkPassword(password.expose())
  if (wrong !== null || account.secret_id === null) return wrong
  const present = await deps.vault.open(tx, accountBinding(account.id), account.secret_id)
  return present.expose() === password.expose() ? 'This is the password it has. Choose another one.' : null
}

async function schedule(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  { access }: VisibleAccess,
  account: DatabaseAccount,
  { password, at = '' }: ResetAsk,
): Promise<Result<'scheduled'>> {
  if (account.kind !== 'service')
    return invalid({ at: 'Only the reset of a service account can be scheduled.' })
  if (password) return invalid({ new_password: 'A password for later is generated. Leave this field empty.' })
  if (at <= nowInstant(deps.clock)) return invalid({ at: 'This time has passed. Give a later one.' })
  await changeAccount(tx, account, { reset_due_at: at, reset_by: actor.id })
  await record(
    tx,
    deps.clock,
    { id: actor.id, role: actor.role },
    'access password change scheduled',
    accessSubject(access),
    {
      account: account.name,
      person: access.person_id,
      asset: access.asset_id,
      at,
      ...(account.reset_due_at !== null && { was: account.reset_due_at }),
    },
  )
  return ok('scheduled')
}
