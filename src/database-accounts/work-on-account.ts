import type { Db, Deps } from '../deps.ts'
import { type Lease, LeaseLost } from '../jobs/lease.ts'
import { type Provisioner, ProvisionerError } from '../provisioners/provisioner.ts'
import { VaultError } from '../vault/vault.ts'
import type { AccountAtHand, SentPassword } from './account-at-hand.ts'
import type { DatabaseAccount } from './accounts.ts'
import { ChangeTouched } from './change-steps.ts'
import { fetchCertificate } from './fetch-certificate.ts'
import { lookAgainAfter } from './look-again.ts'
import type { ProvenChange } from './make-current.ts'
import type { PasswordChange } from './password-change.ts'
import { rollForward } from './roll-forward.ts'
import { findServer, openServer } from './servers.ts'
import { dropAccount, lockAccount } from './take-away-account.ts'

/** What is to be done on a server. */
export type AccountWork =
  /** The name may be taken there by somebody the portal does not know. */
  | { kind: 'look for name'; name: string; mark: number; serverId: number }
  | (OfAccount & { kind: 'change password'; change: PasswordChange })
  | (OfAccount & { kind: 'lock' | 'drop' })

interface OfAccount {
  account: DatabaseAccount
  asset: AccountAtHand['asset']
}

export type AccountOutcome =
  | { kind: 'free' }
  | ({ kind: 'proven' } & ProvenChange)
  | { kind: 'locked' }
  | { kind: 'dropped'; notes: readonly string[] }
  /** lags: it only takes a little longer. */
  | { kind: 'failed'; reason: string; lags: boolean }

/**
 * Does it, and has `settle` write down how it ended. Null: somebody else had a hand in it, so look again. Whatever a
 * worker has done after it lost its lease is looked at again by the one that has it.
 */
export async function workOnAccount<T>(
  deps: Deps,
  lease: Lease,
  work: AccountWork,
  settle: (outcome: AccountOutcome) => Promise<T>,
): Promise<T | null> {
  const sent: SentPassword[] = []
  try {
    return await settle(await outcomeOf(deps, lease, work, sent))
  } catch (error) {
    const touched = error instanceof ChangeTouched
    if (touched || error instanceof LeaseLost) await lookAgainAfter(deps, sent)
    if (touched) return null
    throw error
  }
}

async function outcomeOf(
  deps: Deps,
  lease: Lease,
  work: AccountWork,
  sent: SentPassword[],
): Promise<AccountOutcome> {
  let server: Provisioner | undefined
  try {
    server = await serverOf(deps, work)
    return await perform(deps, lease, server, work, sent)
  } catch (error) {
    if (error instanceof ProvisionerError)
      return { kind: 'failed', reason: error.message, lags: error.kind === 'lagging' }
    if (error instanceof VaultError) return { kind: 'failed', reason: error.message, lags: false }
    throw error
  } finally {
    await server?.close()
  }
}

async function serverOf(deps: Deps, work: AccountWork): Promise<Provisioner> {
  const id = work.kind === 'look for name' ? work.serverId : work.account.server_id
  const server = await findServer(deps.db, id)
  if (!server) throw new Error(`There is no database server ${id}.`)
  return openServer(deps, server)
}

async function perform(
  deps: Deps,
  lease: Lease,
  server: Provisioner,
  work: AccountWork,
  sent: SentPassword[],
): Promise<AccountOutcome> {
  if (work.kind === 'look for name') {
    await adoptIfAsked(deps.db, server, work)
    return lookForName(server, work.name, work.mark)
  }
  const hand: AccountAtHand = { deps, lease, server, account: work.account, asset: work.asset, sent }
  if (work.kind === 'change password') return prove(hand, work.change)
  if (work.kind === 'lock') {
    await lockAccount(hand)
    await deps.checkpoint?.('account locked')
    return { kind: 'locked' }
  }
  const { notes } = await dropAccount(hand)
  await deps.checkpoint?.('account dropped')
  return { kind: 'dropped', notes }
}

/** An operator wants this access to have an account that nobody owned, and the managers have approved it. */
async function adoptIfAsked(
  db: Db,
  server: Provisioner,
  { name, mark, serverId }: Extract<AccountWork, { kind: 'look for name' }>,
): Promise<void> {
  const finding = await db
    .selectFrom('drift_findings')
    .select('id')
    .where('server_id', '=', serverId)
    .where('name', '=', name)
    .where('act', '=', 'adopt')
    .where('adopt_access_id', '=', mark)
    .where('settled_at', 'is', null)
    .executeTakeFirst()
  if (finding && (await server.whoHas(name)) !== 'free') await server.adopt(name, mark)
}

async function lookForName(server: Provisioner, name: string, mark: number): Promise<AccountOutcome> {
  const found = await server.whoHas(name)
  // Ours without a record of it: the portal came back from a backup.
  if (found === 'free' || found.mark === mark) return { kind: 'free' }
  const reason = `There is an account ${name} on the server already. It has to go from there, or the request has to be made anew with another name.`
  return { kind: 'failed', reason, lags: false }
}

async function prove(hand: AccountAtHand, found: PasswordChange): Promise<AccountOutcome> {
  const change = await rollForward(hand, found)
  const certificate = await fetchCertificate(hand.server, hand.account)
  await hand.deps.checkpoint?.('certificate fetched')
  return { kind: 'proven', account: hand.account, change, certificate }
}
