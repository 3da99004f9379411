import type { Instant } from '../../db/schema.ts'
import { after, days, nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type DatabaseAccount, graceAfterExpiry, passwordDays } from './accounts.ts'
import { changeAccount, moveStep } from './change-steps.ts'
import { type FetchedCertificate, keepCertificate } from './fetch-certificate.ts'
import { candidateOf, chosenIsNotUsed, forgetOthers, type PasswordChange } from './password-change.ts'

/** A change whose password has been proven on the server that the account uses. */
export interface ProvenChange {
  account: DatabaseAccount
  change: PasswordChange
  certificate: FetchedCertificate
}

export interface CurrentPassword {
  /** It is another one than before. */
  isNew: boolean
  /** The owner has chosen one, and the server has not taken it. */
  chosenIsNotUsed: boolean
}

/**
 * The proven password is the account's from now on, whatever has become of the access meanwhile: it is what the
 * server has. All others are forgotten. Throws ChangeTouched if somebody else has had a hand in the change.
 */
export async function makeCurrent(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'vault'>,
  { account, change, certificate }: ProvenChange,
): Promise<CurrentPassword> {
  const now = nowInstant(deps.clock)
  const candidate = await candidateOf(tx, change.id)
  const isNew = candidate.secret_id !== account.secret_id
  const notUsed = await chosenIsNotUsed(tx, candidate, account.id)
  await moveStep(tx, change, { step: 'PROVEN', closed_at: now, outcome: 'CURRENT', failure: '' })
  await tx
    .updateTable('password_candidates')
    .set({ state: 'CURRENT' })
    .where('change_id', '=', change.id)
    .where('number', '=', candidate.number)
    .execute()
  await changeAccount(tx, account, {
    state: 'READY',
    proven_at: now,
    secret_id: candidate.secret_id,
    ...(isNew && { password_at: now, expires_at: await endOf(tx, account, now), noticed_days: null }),
  })
  await forgetOthers(tx, deps, account.id, candidate.secret_id)
  await keepCertificate(tx, deps, account, certificate)
  return { isNew, chosenIsNotUsed: notUsed }
}

/** Always before the server's own end, however long the way to the proof was. */
async function endOf(tx: Tx, { id, kind }: DatabaseAccount, now: Instant): Promise<Instant> {
  const end = after(now, days(passwordDays[kind]))
  const { server_expires_at } = await tx
    .selectFrom('database_accounts')
    .select('server_expires_at')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const latest = server_expires_at === null ? end : after(server_expires_at, -graceAfterExpiry)
  return [end, latest].sort()[0] ?? end
}
