import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { findVisiblePerson } from '../people/visible-person.ts'
import { type Actor, can, isOperator } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import {
  changeParts,
  holdPersons,
  type Part,
  partsInForce,
  settleGone,
  settleItems,
  takeAccesses,
} from './campaign-parts.ts'
import type { Access } from './change-access.ts'
import { readDraft, storeDraft } from './drafts.ts'
import { dueParts } from './due-parts.ts'
import { byOperator, resumeAccess } from './end-accesses.ts'
import { tidyJustification } from './justification.ts'
import { nothingStaged, type StagedChanges } from './staged-changes.ts'

export interface Revalidated {
  customerId: string
  /** Accesses that are still needed. */
  confirmed: number
  /** Suspended ones that are given back. */
  resumed: number
  /** Pressed before: nothing was changed. */
  again: boolean
  /** Customers that are still to be confirmed. */
  left: number
}

/**
 * The person confirms that they still need what they hold at the customer of this part, in every campaign that asks.
 * What was removed meanwhile is noted as removed, what was suspended for want of an answer is given back. `staged` is
 * what came along with the button from Manage Access: it has to be saved first, and is kept.
 */
export async function revalidate(
  deps: Deps,
  actor: Actor,
  personId: string,
  partId: number,
  staged: StagedChanges = nothingStaged,
): Promise<Result<Revalidated>> {
  const unsaved = await isUnsaved(deps.db, personId, staged)
  const result = await deps.db.transaction().execute(async (tx): Promise<Result<Revalidated>> => {
    const asked = await visiblePart(tx, actor, personId, partId)
    if (!asked) return notFound()
    if (!can(actor, 'access.revalidate', subjectOf(asked)))
      return forbidden('Only the person can confirm that they still need their accesses.')
    if (unsaved || (await readDraft(tx, [actor.id, personId]))) return conflict(saveFirst)
    return confirm(tx, deps, actor, asked)
  })
  if (unsaved && !result.ok && result.problem.kind === 'conflict')
    await storeDraft(deps, [actor.id, personId], staged)
  deps.wake()
  return result
}

const saveFirst =
  'You have changes on this page that are not saved. Save or discard them first, then press Re-validate CBN.'

/** A form sends every Justification that may be edited, changed or not. */
async function isUnsaved(db: DbOrTx, personId: string, staged: StagedChanges): Promise<boolean> {
  if (staged.assets.length + staged.accesses.length + staged.removals.length > 0) return true
  if (staged.edits.length === 0) return false
  const rows = await db
    .selectFrom('accesses')
    .select(['id', 'justification'])
    .where('person_id', '=', personId)
    .where(
      'id',
      'in',
      staged.edits.map(edit => edit.id),
    )
    .execute()
  const stored = new Map(rows.map(row => [row.id, row.justification]))
  return staged.edits.some(edit => {
    const before = stored.get(edit.id)
    return before !== undefined && tidyJustification(edit.justification) !== before
  })
}

async function confirm(tx: Tx, deps: Deps, actor: Actor, asked: Part): Promise<Result<Revalidated>> {
  const parts = await takeDueParts(tx, deps, asked)
  const again = parts.length === 0
  if (again && !(await isConfirmed(tx, asked.id))) return conflict(nothingDue(asked.customer_id))
  const confirmed = again ? { confirmed: 0, resumed: 0 } : await confirmParts(tx, deps, actor, parts)
  const left = (await dueParts(tx, actor.id)).filter(part => part.customerId !== asked.customer_id).length
  return ok({ customerId: asked.customer_id, again, left, ...confirmed })
}

/** As it is by now: it may have been waited for. */
async function isConfirmed(tx: Tx, partId: number): Promise<boolean> {
  const part = await tx
    .selectFrom('campaign_parts')
    .select('state')
    .where('id', '=', partId)
    .executeTakeFirst()
  return part?.state === 'CONFIRMED'
}

async function confirmParts(tx: Tx, deps: Deps, actor: Actor, parts: readonly Part[]) {
  const ids = parts.map(part => part.id)
  const now = nowInstant(deps.clock)
  const accesses = await takeAccesses(tx, deps, ids)
  const suspended = await suspendedHere(tx, accesses)
  await settleGone(tx, ids, now)
  await settleItems(tx, ids, idsOf(accesses), { outcome: 'CONFIRMED', by: actor.id, at: now })
  const inForce = await partsInForce(tx, ids)
  await changeParts(
    tx,
    ids.filter(id => inForce.has(id)),
    { state: 'CONFIRMED', confirmed_at: now, closed_at: now },
  )
  await changeParts(
    tx,
    ids.filter(id => !inForce.has(id)),
    { state: 'ENDED', closed_at: now },
  )
  await recordIt(tx, deps, actor, parts, accesses)
  for (const access of suspended) await resumeAccess(tx, deps, access)
  return { confirmed: accesses.length, resumed: suspended.length }
}

async function visiblePart(
  tx: Tx,
  actor: Actor,
  personId: string,
  partId: number,
): Promise<Part | undefined> {
  const seen = await findVisiblePerson(tx, actor, personId, { customersLimit: 1 })
  const part = await tx
    .selectFrom('campaign_parts')
    .selectAll()
    .where('id', '=', partId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  if (!seen || !part) return undefined
  const theirs = actor.id === personId || isOperator(actor) || part.customer_id === actor.managingCustomerId
  return theirs ? part : undefined
}

const subjectOf = (part: Part) => ({
  customerId: part.customer_id,
  beneficiary: part.person_id,
  requestedBy: null,
  editedBy: null,
  escalated: false,
  standIns: [],
})

/** Every part of this person and customer that waits for an answer; a second press finds them answered. */
async function takeDueParts(tx: Tx, { engine }: Pick<Deps, 'engine'>, asked: Part): Promise<Part[]> {
  if (engine === 'postgres') await holdPersons(tx, [asked.person_id])
  const query = tx
    .selectFrom('campaign_parts')
    .selectAll()
    .where('person_id', '=', asked.person_id)
    .where('customer_id', '=', asked.customer_id)
    .where('state', 'in', ['OPEN', 'SUSPENDED'])
    .where(eb =>
      eb.or([
        eb('state', '=', 'SUSPENDED'),
        eb(
          'campaign_id',
          'in',
          eb.selectFrom('campaigns').select('campaigns.id').where('campaigns.state', '!=', 'CLOSED'),
        ),
      ]),
    )
    .orderBy('id')
  return (engine === 'postgres' ? query.forNoKeyUpdate() : query).execute()
}

/** Suspended for want of an answer, by any campaign. What an operator had suspended before is no matter of an answer. */
async function suspendedHere(tx: Tx, accesses: readonly Access[]): Promise<Access[]> {
  const suspended = accesses.filter(
    access => access.status === 'SUSPENDED' && !access.reason.startsWith(byOperator),
  )
  if (suspended.length === 0) return []
  const rows = await tx
    .selectFrom('campaign_items')
    .select('access_id')
    .where('access_id', 'in', idsOf(suspended))
    .where('outcome', '=', 'SUSPENDED')
    .execute()
  const ids = new Set(rows.map(row => row.access_id))
  return suspended.filter(access => ids.has(access.id))
}

async function recordIt(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  parts: readonly Part[],
  accesses: readonly Access[],
): Promise<void> {
  const [first] = parts
  if (!first) return
  const subject = { type: 'person', id: first.person_id, customerId: first.customer_id } as const
  await record(tx, deps.clock, actor, 'accesses re-validated', subject, {
    campaigns: parts.map(part => part.campaign_id),
    confirmed: accesses.length,
  })
}

const nothingDue = (customerId: string) =>
  `Nothing has to be re-validated for customer ${customerId} any more. Nothing was changed.`

const idsOf = (rows: readonly { id: number }[]) => rows.map(row => row.id)
