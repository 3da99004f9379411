import { useDecisionLink, voidDecisionLinks } from '../auth/decision-links.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { lockPersons, presentActor } from '../people/lock-persons.ts'
import { type Actor, can } from '../policy.ts'
import { type FieldErrors, fail, forbidden, type Problem } from '../result.ts'
import { pendingWords } from './access-states.ts'
import { newestGrant } from './access-types.ts'
import { mailRejected } from './approval-mails.ts'
import { enqueueAccessWork } from './background-work.ts'
import { type Access, moveAccess } from './change-access.ts'
import { changedWords, decidedWords, isUndecided, notYours } from './decided-words.ts'
import { commentsField, type Disposition, mostComments } from './decision-fields.ts'
import { findVisibleAccess } from './find-access.ts'
import { lockAccesses } from './lock-access.ts'

export interface Decision {
  accessId: number
  /** Of the access as it was shown. */
  version: number
  disposition: Disposition
  comments: string
}

/** Why one of the decisions can't be taken. */
export interface Refusal {
  kind: 'not_found' | 'forbidden' | 'decided' | 'changed' | 'impossible'
  message: string
}

export type DecideResult =
  | { ok: true; value: readonly Access[] }
  | { ok: false; problem: Problem; refusals: ReadonlyMap<number, Refusal> }

/**
 * Takes all decisions or none: rights, and whether each access still is what was shown, are looked at anew. A link
 * that led to the decision is used up with it.
 */
export async function decide(
  deps: Deps,
  actor: Actor,
  decisions: readonly Decision[],
  link?: string,
): Promise<DecideResult> {
  const wrong = wrongComments(decisions)
  if (Object.keys(wrong).length > 0)
    return refused({ kind: 'invalid', message: 'There is something to correct.', fields: wrong })
  const inOrder = decisions.toSorted((a, b) => a.accessId - b.accessId)
  const result = await deps.db.transaction().execute(tx => decideWithin(tx, deps, actor, inOrder, link))
  if (result.ok) deps.wake()
  return result
}

function wrongComments(decisions: readonly Decision[]): FieldErrors {
  return Object.fromEntries(
    decisions.flatMap(({ accessId, disposition, comments }) => {
      if (comments.length > mostComments)
        return [[commentsField(accessId), tooLong(comments.length)] as const]
      const missing = disposition === 'REJECTED' && comments.trim() === ''
      return missing ? [[commentsField(accessId), whyNeeded] as const] : []
    }),
  )
}

const whyNeeded = 'Say why it is REJECTED: the requester is told in your words.'
const tooLong = (length: number) =>
  `The Reviewer Comments have ${length} characters. Use at most ${mostComments}.`

async function decideWithin(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  decisions: readonly Decision[],
  link: string | undefined,
): Promise<DecideResult> {
  const ids = decisions.map(({ accessId }) => accessId)
  await lockPersons(tx, deps, [actor.id])
  const decider = await presentActor(tx, actor)
  if (!decider || !can(decider, 'approvals.use')) return refused(forbidden(notAnyMore).problem)
  const accesses = new Map((await lockAccesses(tx, deps, ids)).map(access => [access.id, access]))
  const refusals = await judgeAll(tx, deps, decider, decisions)
  if (refusals.size > 0) return refused(problemOf(refusals), refusals)
  if (link !== undefined && !(await useDecisionLink(tx, deps, link)))
    return refused({ kind: 'conflict', message: 'The link was used or replaced meanwhile.' })
  const decided: Access[] = []
  for (const decision of decisions) {
    const access = accesses.get(decision.accessId)
    if (access) decided.push(await settle(tx, deps, decider, access, decision))
  }
  return { ok: true, value: decided }
}

const notAnyMore = 'You don’t decide about accesses any more, so nothing was decided.'

async function judgeAll(tx: Tx, deps: Deps, decider: Actor, decisions: readonly Decision[]) {
  const refusals = new Map<number, Refusal>()
  for (const decision of decisions) {
    const refusal = await judge(tx, deps, decider, decision)
    if (refusal) refusals.set(decision.accessId, refusal)
  }
  return refusals
}

async function judge(tx: Tx, deps: Deps, decider: Actor, decision: Decision): Promise<Refusal | null> {
  const found = await findVisibleAccess(tx, deps, decider, decision.accessId)
  if (!found) return { kind: 'not_found', message: 'There is no such request.' }
  const { access, subject } = found
  const act = decision.disposition === 'APPROVED' ? 'access.approve' : 'access.reject'
  if (!can(decider, act, subject)) return { kind: 'forbidden', message: notYours }
  if (!isUndecided(access)) return { kind: 'decided', message: await decidedWords(tx, decider, access) }
  if (access.version !== decision.version)
    return { kind: 'changed', message: await changedWords(tx, decider, access) }
  const impossible = decision.disposition === 'APPROVED' ? await whyImpossible(tx, access) : null
  return impossible === null ? null : { kind: 'impossible', message: impossible }
}

async function whyImpossible(tx: Tx, access: Access): Promise<string | null> {
  const asset = await tx
    .selectFrom('assets')
    .select(['customer_id', 'status'])
    .where('id', '=', access.asset_id)
    .executeTakeFirstOrThrow()
  if (asset.customer_id !== access.customer_id)
    return `${access.asset_id} belongs to another customer by now, so this can only be REJECTED.`
  if (asset.status === 'RETIRED') return `${access.asset_id} has been retired, so this can only be REJECTED.`
  return null
}

async function settle(
  tx: Tx,
  deps: Deps,
  decider: Actor,
  access: Access,
  decision: Decision,
): Promise<Access> {
  const comments = decision.comments.trim()
  const changes = {
    decision: decision.disposition,
    decided_by: decider.id,
    decided_at: nowInstant(deps.clock),
    reviewer_comments: comments,
    ...(decision.disposition === 'APPROVED' ? await approval(tx, access) : { reason: comments }),
  }
  const event = decision.disposition === 'APPROVED' ? 'approve' : 'reject'
  if (!(await moveAccess(tx, deps.clock, decider, access, event, changes, { comments })))
    throw new Error(`Access ${access.id} was changed while its row was locked.`)
  await voidDecisionLinks(tx, deps, access.id)
  const decided = { ...access, ...changes }
  if (decision.disposition === 'REJECTED') await mailRejected(tx, deps, decided, decider, comments)
  else await enqueueAccessWork(tx, deps, access.id)
  return decided
}

/** What was approved is what runs, whatever is set up differently afterwards. */
const approval = async (tx: Tx, access: Access) => ({
  pending_status: pendingWords.grant,
  attempts: 0,
  runbook_version_id: await newestGrant(tx, access.access_type),
})

const refused = (problem: Problem, refusals: ReadonlyMap<number, Refusal> = new Map()): DecideResult => ({
  ok: false,
  problem,
  refusals,
})

/** Of several reasons the one that weighs most. */
function problemOf(refusals: ReadonlyMap<number, Refusal>): Problem {
  const kinds = [...refusals.values()].map(({ kind }) => kind)
  if (kinds.includes('not_found')) return fail({ kind: 'not_found' }).problem
  if (kinds.includes('forbidden')) return forbidden(`${notYours} Nothing was decided.`).problem
  return {
    kind: 'conflict',
    message: 'Nothing was decided yet: something has changed since the page was opened.',
  }
}
