import type { Instant } from '../../db/schema.ts'
import { record, systemActor } from '../audit/record.ts'
import { after, days } from '../clock.ts'
import type { Tx } from '../deps.ts'
import { type Account, type Position, type Proof, ProvisionerError } from '../provisioners/provisioner.ts'
import type { Secret } from '../secret.ts'
import { type AccountAtHand, mayGoOn } from './account-at-hand.ts'
import { accountBinding, accountFor, graceAfterExpiry, passwordDays } from './accounts.ts'
import {
  ChangeTouched,
  changeAccount,
  markTried,
  moveStep,
  noteStep,
  type StepChanges,
} from './change-steps.ts'
import { endFormerUse } from './former-use.ts'
import { keepInUse } from './keep-in-use.ts'
import {
  addCandidate,
  candidateOf,
  openChange,
  openChangeOf,
  type PasswordCandidate,
  type PasswordChange,
  supersedeChange,
} from './password-change.ts'

interface Attempt extends AccountAtHand {
  change: PasswordChange
  candidate: PasswordCandidate
  password: Secret
  /** The server's own end of the password, once this attempt has set it. */
  serverEnd: Instant
}

/**
 * Brings an open change to the point where its password is proven on the server that the account uses, wherever
 * earlier attempts have stopped; gives the change as it then stands. Nothing is concluded from a password that is
 * refused: a standby may lag, and what a lost worker has sent may still be on its way.
 */
export async function rollForward(atHand: AccountAtHand, found: PasswordChange): Promise<PasswordChange> {
  const hand = await keepInUse(atHand)
  let change = found
  for (let left = 2; ; ) {
    const attempt = await attemptOf(hand, change)
    try {
      return await bringAbout(attempt)
    } catch (error) {
      if (!(error instanceof ProvisionerError) || error.kind !== 'refused') throw error
      change = await takeAnother(attempt)
      left -= 1
      if (left === 0) throw error
    }
  }
}

async function attemptOf(hand: AccountAtHand, change: PasswordChange): Promise<Attempt> {
  const { db, vault } = hand.deps
  const candidate = await candidateOf(db, change.id)
  const password = await vault.open(db, accountBinding(hand.account.id), candidate.secret_id)
  return { ...hand, change, candidate, password, serverEnd: serverEndOf(hand, candidate) }
}

/** A password that stays keeps its end; a new one is good for its days, and some more on the server. */
function serverEndOf({ deps, account }: AccountAtHand, candidate: PasswordCandidate): Instant {
  const end =
    candidate.secret_id === account.secret_id && account.expires_at !== null
      ? account.expires_at
      : after(deps.clock.now(), days(passwordDays[account.kind]))
  return after(end, graceAfterExpiry)
}

async function bringAbout(attempt: Attempt): Promise<PasswordChange> {
  if (await worksAlready(attempt)) return note(attempt, attempt.change, { step: 'SETTLED' })
  const settled = await settle(attempt, await apply(attempt))
  mayGoOn(attempt)
  const proof = await attempt.server.proves(await accountOf(attempt), attempt.password)
  await attempt.deps.checkpoint?.('password proven')
  if (proof === 'expired') await becomeUnprovable(attempt, settled)
  if (proof !== 'proven') throw new ProvisionerError('failed', proofWords[proof])
  return settled
}

const proofWords = {
  refused: 'The password was set, but the server does not let the account in with it.',
  locked: 'The account is locked on the server.',
  expired: 'The password was set, but the server says that it has expired. It is being reset.',
} as const satisfies Record<Exclude<Proof, 'proven'>, string>

/**
 * The one use of a probe: an earlier attempt came far enough. Not where the account itself may be half made, nor
 * where the server's end of the password was set too long ago.
 */
async function worksAlready(attempt: Attempt): Promise<boolean> {
  const { change, account, serverEnd } = attempt
  if (change.step === 'INTENT' || isToBeMade(attempt)) return false
  if (account.server_expires_at === null || account.server_expires_at < after(serverEnd, -days(1)))
    return false
  mayGoOn(attempt)
  return (await attempt.server.proves(await accountOf(attempt), attempt.password)) === 'proven'
}

/** Not only its password: the account itself may be missing, locked, or without its rights. */
const isToBeMade = ({ account }: AccountAtHand) => account.state === 'CREATING' || account.state === 'LOCKED'

/** Sends the password to the server, and writes down before and after it that this was done. */
async function apply(attempt: Attempt): Promise<PasswordChange> {
  const { server, change, account, candidate, serverEnd, deps } = attempt
  mayGoOn(attempt)
  // For a new change as well: what was sent for the one before it may still be waiting there.
  await server.endOwnWork(await accountOf(attempt))
  await deps.checkpoint?.('own work ended')
  const applying = await note(
    attempt,
    change,
    { step: 'APPLYING', position: null, attempts: change.attempts + 1 },
    tx => markTried(tx, candidate),
  )
  mayGoOn(attempt)
  await endFormerUse(attempt, change)
  attempt.sent.push({ changeId: change.id, secretId: candidate.secret_id })
  await deps.checkpoint?.('password sent')
  const position = await send(attempt, await accountOf(attempt, serverEnd))
  await deps.checkpoint?.('password set')
  return note(attempt, applying, { step: 'APPLIED', position }, async tx => {
    // Not before: what stands there is never later than what the server has.
    await changeAccount(tx, account, { server_expires_at: serverEnd })
    // Once, however often it is sent again.
    if (candidate.state === 'NEW') await tell(tx, attempt, 'access password set on the server')
  })
}

async function send(attempt: Attempt, account: Account): Promise<Position> {
  const { server, password } = attempt
  if (isToBeMade(attempt)) return server.ensureAccount(account, password)
  try {
    return await server.changePassword(account, password)
  } catch (error) {
    // Such as after a restore from a backup that is older than the account.
    if (error instanceof ProvisionerError && error.kind === 'missing')
      return server.ensureAccount(account, password)
    throw error
  }
}

async function settle(attempt: Attempt, applied: PasswordChange): Promise<PasswordChange> {
  mayGoOn(attempt)
  const { server, account } = attempt
  if (account.target === 'standby' && !(await server.hasReached(applied.position)))
    throw new ProvisionerError('lagging', 'The standby server has not got the new password yet.')
  return note(attempt, applied, { step: 'SETTLED' })
}

async function note(
  { deps, lease }: Attempt,
  seen: PasswordChange,
  changes: StepChanges,
  also?: (tx: Tx) => Promise<unknown>,
): Promise<PasswordChange> {
  const change = await noteStep(deps, lease, seen, changes, also)
  await deps.checkpoint?.(`password ${changes.step.toLowerCase()}`)
  return change
}

const accountOf = ({ deps, account, asset }: Attempt, serverEnd = account.server_expires_at) =>
  accountFor(deps.db, { ...account, server_expires_at: serverEnd }, asset.id)

/** The server has a rule that the password does not fulfil: the next one is generated. */
async function takeAnother(attempt: Attempt): Promise<PasswordChange> {
  const { deps, lease, candidate } = attempt
  return deps.db.transaction().execute(async tx => {
    const seen = await openChangeOf(tx, attempt.account.id)
    if (seen?.id !== attempt.change.id) throw new ChangeTouched('It is closed by now.')
    const change = await moveStep(tx, seen, { step: 'INTENT', position: null })
    await addCandidate(tx, deps, change, candidate)
    await tell(tx, attempt, 'access password refused', {
      why:
        candidate.given === 1
          ? 'The server did not take the chosen password. A generated one takes its place.'
          : 'The server did not take the generated password. Another one takes its place.',
    })
    await lease.guard(tx)
    return change
  })
}

/** Nobody can tell any more whether the server has the right password: it gets another one. */
async function becomeUnprovable(attempt: Attempt, change: PasswordChange): Promise<void> {
  const { deps, lease, account } = attempt
  await deps.db.transaction().execute(async tx => {
    await changeAccount(tx, account, { state: 'UNPROVABLE' })
    if (change.reason !== 'unprovable') {
      await supersedeChange(tx, deps, change)
      await openChange(tx, deps, account, { reason: 'unprovable', askedBy: change.asked_by })
    }
    await tell(tx, attempt, 'access password unprovable', { why: proofWords.expired })
    await lease.guard(tx)
  })
}

const tell = (tx: Tx, { deps, account, asset, change }: Attempt, verb: string, detail: object = {}) =>
  record(
    tx,
    deps.clock,
    systemActor,
    verb,
    { type: 'access', id: account.access_id, customerId: asset.customerId },
    { account: account.name, asset: asset.id, cause: change.reason, ...detail },
  )
