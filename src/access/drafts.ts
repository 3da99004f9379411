import { sql } from 'kysely'
import { after, type Clock, days, nowInstant } from '../clock.ts'
import type { DbOrTx, Deps } from '../deps.ts'
import { countStaged, readStaged, type StagedChanges, type StagedFields, toFields } from './staged-changes.ts'

type Whose = readonly [actorId: string, personId: string]

/** Which drawing of the page a form is of, and whose draft that was drawn from. */
export interface FormKeys {
  key: string
  seen: string
}

/** Begins the fields of a draft: the form that kept it last, and whether that was sent since. */
const mark = ({ key }: Pick<FormKeys, 'key'>, sent: boolean) => ({ kept_by: key, sent: sent ? 'yes' : 'no' })

const noKeys: FormKeys = { key: '', seen: '' }

/** Anything but a key we gave is none. */
export const formKey = (typed: string | undefined) =>
  /^[a-z0-9-]{36}$/.test(typed ?? '') ? (typed ?? '') : ''

interface Draft {
  staged: StagedChanges
  /** Key of the form that kept it. */
  by: string
}

/** What the actor staged on this person's Manage Access and has not saved. */
export async function readDraft(db: DbOrTx, whose: Whose): Promise<StagedChanges | undefined> {
  return (await findDraft(db, whose))?.staged
}

export async function findDraft(db: DbOrTx, [actorId, personId]: Whose): Promise<Draft | undefined> {
  const row = await db
    .selectFrom('access_drafts')
    .select('fields')
    .where('actor_id', '=', actorId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  if (!row) return undefined
  const fields = JSON.parse(row.fields) as StagedFields
  const staged = readStaged(fields)
  return countStaged(staged) > 0 ? { staged, by: fields.kept_by ?? '' } : undefined
}

/**
 * Keeps what a form was sent with, so that links lose nothing. Gives whether changes of another window, which this
 * form did not know, were replaced.
 */
export async function storeDraft(
  deps: Pick<Deps, 'db' | 'clock'>,
  whose: Whose,
  staged: StagedChanges,
  form: FormKeys = noKeys,
): Promise<boolean> {
  const before = await findDraft(deps.db, whose)
  const others = before !== undefined && before.by !== form.key && before.by !== form.seen
  await upsert(deps.db, deps.clock, whose, { ...mark(form, true), ...toFields(staged) })
  return others && form.key !== ''
}

/**
 * Keeps what is typed while the page stays open. It may arrive after the form itself was sent: what that has done
 * is not undone.
 */
export async function noteDraft(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  whose: Whose,
  staged: StagedChanges,
  form: FormKeys,
): Promise<void> {
  await upsert(db, clock, whose, { ...mark(form, false), ...toFields(staged) }, form)
}

/** Nothing is staged any more; of the form, a late note keeps nothing either. */
export const dropDraft = (
  db: DbOrTx,
  clock: Clock,
  whose: Whose,
  form: Pick<FormKeys, 'key'> = noKeys,
): Promise<void> => upsert(db, clock, whose, mark(form, true))

async function upsert(
  db: DbOrTx,
  clock: Clock,
  [actor_id, person_id]: Whose,
  values: StagedFields,
  unlessSent?: FormKeys,
): Promise<void> {
  const kept = { fields: JSON.stringify(values), updated_at: nowInstant(clock) }
  // As it was written above, so that its beginning can be compared.
  const sent = JSON.stringify(mark(unlessSent ?? noKeys, true)).slice(0, -1)
  await db
    .insertInto('access_drafts')
    .values({ actor_id, person_id, ...kept })
    .onConflict(conflict => {
      const update = conflict.columns(['actor_id', 'person_id']).doUpdateSet(kept)
      return unlessSent
        ? update.where(sql<boolean>`substr(access_drafts.fields, 1, ${sql.lit(sent.length)}) <> ${sent}`)
        : update
    })
    .execute()
}

/** Nobody came back for them. */
export async function forgetDrafts({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  await db
    .deleteFrom('access_drafts')
    .where('updated_at', '<', after(clock.now(), -days(90)))
    .execute()
}
