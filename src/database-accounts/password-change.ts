import type { PasswordChangeReason, Row } from '../../db/schema.ts'
import { pendingWords } from '../access/access-states.ts'
import { enqueueAccessWork } from '../access/background-work.ts'
import { accessSubject, changeAccess } from '../access/change-access.ts'
import { lockAccesses } from '../access/lock-access.ts'
import { type AuditActor, record, systemActor } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { Secret } from '../secret.ts'
import { accountBinding, type DatabaseAccount } from './accounts.ts'
import { generatePassword } from './generate-password.ts'

export type PasswordChange = Row<'password_changes'>
export type PasswordCandidate = Row<'password_candidates'> & { secret_id: string }

type Needed = Pick<Deps, 'clock' | 'vault' | 'engine'>

export interface PasswordAsk {
  reason: PasswordChangeReason
  /** null: the portal itself. */
  askedBy: string | null
  /** Chosen by the owner; absent: one is generated. */
  given?: Secret
}

/**
 * Begins to change the password of an account in use: writes down what it is to become, and has the access's job do
 * it. The access is changed by it, so whoever changes it too does so before. False: one is open already, or the
 * access is not APPROVED. Call deps.wake() after the commit.
 */
export async function beginPasswordChange(
  tx: Tx,
  deps: Needed,
  account: DatabaseAccount,
  ask: PasswordAsk,
): Promise<boolean> {
  const [access] = await lockAccesses(tx, deps, [account.access_id])
  if (access?.status !== 'APPROVED') return false
  const change = await openChange(tx, deps, account, ask)
  if (!change) return false
  await changeAccess(tx, access, { pending_status: pendingWords.reset, attempts: 0 })
  const actor = await actorOf(tx, ask.askedBy)
  const detail = {
    account: account.name,
    person: access.person_id,
    asset: access.asset_id,
    cause: ask.reason,
    chosen: ask.given !== undefined,
    why: causes[ask.reason],
  }
  await record(tx, deps.clock, actor, 'access password change asked for', accessSubject(access), detail)
  await enqueueAccessWork(tx, deps, access.id)
  return true
}

/** Why a password is changed, in words. */
export const causes: Readonly<Record<PasswordChangeReason, string>> = {
  create: 'The account is new.',
  asked: 'Asked for on the page.',
  scheduled: 'Scheduled for this time.',
  expiry: 'The password was about to expire.',
  transfer: 'The account was given to another person.',
  unprovable: 'The password could not be proven any more.',
  resume: 'The access was given back.',
}

async function actorOf(tx: Tx, personId: string | null): Promise<AuditActor> {
  if (personId === null) return systemActor
  return tx.selectFrom('persons').select(['id', 'role']).where('id', '=', personId).executeTakeFirstOrThrow()
}

/**
 * Writes down a change with its first candidate, before the server is touched. `reuse`: the id of a secret of the
 * account that is to be its password (again). undefined: one is open already.
 */
export async function openChange(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'vault'>,
  account: Pick<DatabaseAccount, 'id'>,
  { reason, askedBy, given, reuse }: PasswordAsk & { reuse?: string },
): Promise<PasswordChange | undefined> {
  const change = await tx
    .insertInto('password_changes')
    .values({
      account_id: account.id,
      reason,
      asked_by: askedBy,
      step: 'INTENT',
      begun_at: nowInstant(deps.clock),
    })
    .onConflict(open => open.column('account_id').where('closed_at', 'is', null).doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!change) return undefined
  const secret =
    reuse ?? (await deps.vault.store(tx, accountBinding(account.id), given ?? generatePassword()))
  await insertCandidate(tx, deps, change, 1, secret, given !== undefined)
  return change
}

/** One more, generated, since the server does not take the last one. The others stay until one is proven. */
export async function addCandidate(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'vault'>,
  change: PasswordChange,
  refused: PasswordCandidate,
): Promise<void> {
  await tx
    .updateTable('password_candidates')
    .set({ state: 'REFUSED' })
    .where('change_id', '=', change.id)
    .where('number', '=', refused.number)
    .execute()
  const secret = await deps.vault.store(tx, accountBinding(change.account_id), generatePassword())
  await insertCandidate(tx, deps, change, refused.number + 1, secret, false)
}

const insertCandidate = (
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  change: PasswordChange,
  number: number,
  secret_id: string,
  given: boolean,
) =>
  tx
    .insertInto('password_candidates')
    .values({
      change_id: change.id,
      number,
      secret_id,
      given: given ? 1 : 0,
      state: 'NEW',
      created_at: nowInstant(clock),
    })
    .execute()

export const openChangeOf = (db: DbOrTx, accountId: number): Promise<PasswordChange | undefined> =>
  db
    .selectFrom('password_changes')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('closed_at', 'is', null)
    .executeTakeFirst()

/** The one a change works with: the newest. */
export async function candidateOf(db: DbOrTx, changeId: number): Promise<PasswordCandidate> {
  const { secret_id, ...candidate } = await db
    .selectFrom('password_candidates')
    .selectAll()
    .where('change_id', '=', changeId)
    .orderBy('number', 'desc')
    .executeTakeFirstOrThrow()
  if (secret_id === null) throw new Error(`The password of change ${changeId} has been forgotten.`)
  return { ...candidate, secret_id }
}

/** Whether the owner has chosen a password since the last one was proven, and the server has not got it. */
export const chosenIsNotUsed = async (
  db: DbOrTx,
  proven: PasswordCandidate,
  accountId: number,
): Promise<boolean> =>
  proven.given === 0 &&
  (await db
    .selectFrom('password_candidates')
    .innerJoin('password_changes', 'password_changes.id', 'password_candidates.change_id')
    .select('number')
    .where('password_changes.account_id', '=', accountId)
    .where('password_candidates.given', '=', 1)
    // Those before were forgotten.
    .where('password_candidates.secret_id', 'is not', null)
    .where('password_candidates.state', '!=', 'CURRENT')
    .executeTakeFirst()) !== undefined

/** For people: why it has not come to its end yet. */
export const noteChangeFailure = (tx: Tx, accountId: number, failure: string) =>
  tx
    .updateTable('password_changes')
    .set({ failure })
    .where('account_id', '=', accountId)
    .where('closed_at', 'is', null)
    .execute()

/** The account's work goes another way, or another change takes its place. */
export const supersedeChange = (tx: Tx, { clock }: Pick<Deps, 'clock'>, change: Pick<PasswordChange, 'id'>) =>
  tx
    .updateTable('password_changes')
    .set({ closed_at: nowInstant(clock), outcome: 'SUPERSEDED' })
    .where('id', '=', change.id)
    .where('closed_at', 'is', null)
    .execute()

/** Of all passwords of an account, tried or not, only this one stays; null: none. */
export async function forgetOthers(
  tx: Tx,
  { vault }: Pick<Deps, 'vault'>,
  accountId: number,
  kept: string | null,
): Promise<void> {
  const others = tx
    .updateTable('password_candidates')
    .where('change_id', 'in', eb =>
      eb.selectFrom('password_changes').select('id').where('account_id', '=', accountId),
    )
    .where('secret_id', 'is not', null)
    .where(eb => (kept === null ? eb.lit(true) : eb('secret_id', '!=', kept)))
  await others.where('state', 'in', ['NEW', 'TRIED']).set({ state: 'DISCARDED' }).execute()
  await others.set({ secret_id: null }).execute()
  await vault.forget(tx, accountBinding(accountId), kept === null ? [] : [kept])
}
