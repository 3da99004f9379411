import { isUniqueViolation } from '../../db/errors.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { lockPersons, presentActor } from '../people/lock-persons.ts'
import { findVisiblePerson } from '../people/visible-person.ts'
import { type Actor, can, shownName } from '../policy.ts'
import { conflict, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { accessesOfPerson, type PersonAccess } from './access-queries.ts'
import { isDatabaseKind } from './access-types.ts'
import { askForDecision } from './ask-for-decision.ts'
import { type Access, accessSubject, moveAccess } from './change-access.ts'
import { isUndecided } from './decided-words.ts'
import { dropDraft, type FormKeys } from './drafts.ts'
import { endAccesses } from './end-accesses.ts'
import { subjectOf } from './find-access.ts'
import { tidyJustification } from './justification.ts'
import { lockAccesses } from './lock-access.ts'
import type { ReadAccess } from './read-access-row.ts'
import { type ReadChanges, type ReadEdit, readChanges } from './read-staged.ts'
import { whyNotSoMany } from './request-limit.ts'
import { type Requesting, subjectOfNew } from './requestable-assets.ts'
import { adoptOrphans } from './settle-staged.ts'
import type { StagedChanges } from './staged-changes.ts'

/** What one Save has done. */
export interface SavedChanges {
  requested: readonly Access[]
  changed: readonly Access[]
  removed: readonly Access[]
  /** Assets without an access: they are kept nowhere. */
  leftOut: readonly string[]
}

/**
 * Save on Manage Access: all that is staged, or nothing. Errors go by the field they belong to. Of two who save the
 * same at once, the second is told what the first has done.
 */
export async function saveAccessChanges(
  deps: Deps,
  actor: Actor,
  personId: string,
  staged: StagedChanges,
  form?: Pick<FormKeys, 'key'>,
): Promise<Result<SavedChanges>> {
  const attempt = () =>
    deps.db.transaction().execute(async tx => {
      const saved = await saveWithin(tx, deps, actor, personId, staged)
      if (saved.ok) await dropDraft(tx, deps.clock, [actor.id, personId], form)
      return saved
    })
  const saved = await attempt().catch(async error => {
    if (!isUniqueViolation(error)) throw error
    // Requested in another window meanwhile: read again, the row says so now.
    return attempt().catch(again => {
      if (isUniqueViolation(again)) return conflict(requestedMeanwhile)
      throw again
    })
  })
  if (saved.ok) deps.wake()
  return saved
}

const changedMeanwhile =
  'Nothing was saved: what it was about has changed meanwhile. Read what is said below, and press Save again.'
const requestedMeanwhile =
  'One of these accesses was requested in another window at the same moment. Nothing was saved; press Save again.'

async function saveWithin(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  personId: string,
  staged: StagedChanges,
): Promise<Result<SavedChanges>> {
  const ready = await readForSave(tx, deps, actor, personId, staged)
  if (!ready.ok) return ready
  const { read, requesting, saved } = ready.value
  const removed = read.removals.map(row => row.access)
  await removeAll(tx, deps, requesting.actor, removed)
  const changed: Access[] = []
  for (const edit of read.edits) changed.push(await changeJustification(tx, deps, requesting.actor, edit))
  const requested: Access[] = []
  for (const row of read.accesses) requested.push(await insertRequest(tx, deps, requesting, row))
  // Who may decide is asked when all rows stand: mails and jobs come last.
  for (const access of [...changed, ...requested]) await askForDecision(tx, deps, access)
  return ok({ requested, changed, removed, leftOut: withoutAccess(read, saved) })
}

interface Ready {
  requesting: Requesting
  read: ReadChanges
  saved: readonly PersonAccess[]
}

/** Everything locked, looked at again and found right. */
async function readForSave(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  personId: string,
  staged: StagedChanges,
): Promise<Result<Ready>> {
  await lockPersons(tx, deps, [actor.id, personId])
  const present = await presentActor(tx, actor)
  if (!present) return forbidden(`${shownName(actor)} is not active any more. Nothing was saved.`)
  const person = await findVisiblePerson(tx, present, personId)
  if (!person) return notFound()
  const requesting = { actor: present, person }
  const { read, saved } = await readLocked(tx, deps, requesting, staged)
  if (read.left.length > 0) return conflict(changedMeanwhile)
  const errors = { ...read.missing, ...read.errors }
  if (read.accesses.length > 0 && person.person.status !== 'ACTIVE') errors[''] = notActive(requesting)
  const flood = await whyNotSoMany(tx, deps, present, read.accesses.length + read.edits.length)
  if (flood) errors[''] = flood
  if (Object.keys(errors).length > 0) return invalid(errors)
  return (await mayAll(tx, deps, requesting, read)) ? ok({ requesting, read, saved }) : forbidden(notYours)
}

/**
 * Read as everything is until the end of the transaction. Assets are held before accesses, as by whoever moves or
 * retires one: they are waited for, and then seen as they are.
 */
async function readLocked(
  tx: Tx,
  deps: Deps,
  requesting: Requesting,
  staged: StagedChanges,
): Promise<Omit<Ready, 'requesting'>> {
  if (deps.engine === 'postgres') {
    const { read } = await readNow(tx, deps, requesting, staged)
    const assets = [...new Set(read.accesses.flatMap(({ asset }) => (asset ? [asset.id] : [])))]
    if (assets.length > 0)
      await tx.selectFrom('assets').select('id').where('id', 'in', assets).orderBy('id').forShare().execute()
    const ids = [...staged.removals, ...staged.edits].map(row => row.id)
    await lockAccesses(tx, deps, ids)
  }
  return readNow(tx, deps, requesting, staged)
}

async function readNow(tx: Tx, deps: Deps, requesting: Requesting, staged: StagedChanges) {
  const saved = await accessesOfPerson(tx, requesting.actor, requesting.person.person.id)
  const adopted = adoptOrphans(staged, saved)
  return { saved, read: await readChanges(tx, requesting, deps.clock.now(), adopted, saved) }
}

const notYours = 'Some of these accesses are not yours to change. Nothing was saved.'
export const notActive = ({ person: { person } }: Requesting) =>
  `${person.display_name} is ${person.status}: accesses can be requested only for persons who are ACTIVE.`

/** Asks the policy about every row. */
async function mayAll(tx: Tx, deps: Deps, requesting: Requesting, read: ReadChanges): Promise<boolean> {
  const { actor } = requesting
  for (const { asset } of read.accesses)
    if (!asset || !can(actor, 'access.request', subjectOfNew(requesting, asset.customer_id))) return false
  for (const { access } of read.edits)
    if (!can(actor, 'access.edit', await subjectOf(tx, deps, access))) return false
  for (const { access } of read.removals) {
    const act = isUndecided(access) ? 'access.withdraw' : 'access.remove'
    if (!can(actor, act, await subjectOf(tx, deps, access))) return false
  }
  return true
}

async function removeAll(tx: Tx, deps: Deps, actor: Actor, accesses: readonly PersonAccess[]): Promise<void> {
  const name = shownName(actor)
  await endAccesses(tx, deps, actor, accesses.filter(isUndecided), `Withdrawn by ${name}.`)
  const others = accesses.filter(access => !isUndecided(access))
  await endAccesses(tx, deps, actor, others, `Removed by ${name}.`)
}

async function changeJustification(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  { access, staged }: ReadEdit,
): Promise<Access> {
  const justification = tidyJustification(staged.justification)
  const edited = { justification, edited_by: actor.id, edited_at: nowInstant(deps.clock) }
  const detail = { justification: [access.justification, justification] }
  if (!(await moveAccess(tx, deps.clock, actor, access, 'edit', edited, detail)))
    throw new Error(`Access ${access.id} was changed while its row was locked.`)
  return { ...access, ...edited, version: access.version + 1 }
}

async function insertRequest(
  tx: Tx,
  deps: Deps,
  { actor, person }: Requesting,
  { asset, type, row, endsOn, account }: ReadAccess,
): Promise<Access> {
  if (!asset || !type || (isDatabaseKind(type.kind) && !account))
    throw new Error('Only rows that were read can be saved.')
  const ends = endsOn.kind === 'until' ? { ends_on: endsOn.ends_on, ends_at: endsOn.ends_at } : {}
  const access = await tx
    .insertInto('accesses')
    .values({
      person_id: person.person.id,
      asset_id: asset.id,
      customer_id: asset.customer_id,
      access_type: type.id,
      status: 'PROCESSING',
      justification: tidyJustification(row.justification),
      requested_by: actor.id,
      created_at: nowInstant(deps.clock),
      ...ends,
      database_account: account?.name ?? null,
      database_server_id: account?.serverId ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await record(tx, deps.clock, actor, 'access requested', accessSubject(access), {
    person: access.person_id,
    asset: access.asset_id,
    type: access.access_type,
    justification: access.justification,
    ...(access.ends_on && { endsOn: access.ends_on }),
    ...(access.database_account && { account: access.database_account }),
  })
  return access
}

const withoutAccess = ({ assets, accesses }: ReadChanges, saved: readonly PersonAccess[]) =>
  assets.flatMap(({ asset }) => {
    const used = [...accesses.map(read => read.asset?.id), ...saved.map(access => access.asset_id)]
    return asset && !used.includes(asset.id) ? [asset.id] : []
  })
