import { z } from 'zod'
import { ManageAccessPage } from '../../views/access/manage-access-page.tsx'
import type { AskedOfAccount } from '../database-accounts/account-view.ts'
import type { Ctx, Flash } from '../http/env.ts'
import { type ParsedForm, parseForm } from '../http/forms.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage, problem } from '../http/respond.ts'
import { newId } from '../ids.ts'
import { findVisiblePerson } from '../people/visible-person.ts'
import { isOperator } from '../policy.ts'
import { type FieldErrors, invalid } from '../result.ts'
import { accessesOfPerson, type PersonAccess } from './access-queries.ts'
import { dropDraft, type FormKeys, formKey } from './drafts.ts'
import { type DuePart, dueParts } from './due-parts.ts'
import { type ManageQuery, readManageQuery } from './manage-access-query.ts'
import { manageAccessView } from './manage-access-view.ts'
import { readChanges } from './read-staged.ts'
import type { Requesting } from './requestable-assets.ts'
import { notActive } from './save-changes.ts'
import { adoptOrphans, settle } from './settle-staged.ts'
import {
  countStaged,
  mostRows,
  readStaged,
  type StagedChanges,
  type StagedFields,
  tooManyRows,
} from './staged-changes.ts'

/** The form's rows are read by name. */
export const ManageAccessForm = z.record(z.string(), z.string())

/** The page's person and accesses, as the actor sees them. */
export interface Loaded {
  requesting: Requesting
  saved: readonly PersonAccess[]
  query: ManageQuery
}

export async function loadManageAccess(c: Ctx): Promise<Loaded | undefined> {
  const { deps, actor } = c.var
  const person = await findVisiblePerson(deps.db, actor, c.req.param('person') ?? '')
  if (!person) return undefined
  return {
    requesting: { actor, person },
    saved: await accessesOfPerson(deps.db, actor, person.person.id),
    query: readManageQuery(queryOf(c)),
  }
}

export interface Sent {
  loaded: Loaded
  form: ParsedForm<Record<string, string>>
  staged: StagedChanges
  selected: string
  keys: FormKeys
}

/** Whatever was pressed: the form with everything typed into it. Or the answer, when there is nothing to do with it. */
export async function readSent(c: Ctx): Promise<Sent | Response> {
  const loaded = await loadManageAccess(c)
  if (!loaded) return notFoundPage(c)
  const form = await parseForm(c, ManageAccessForm)
  const staged = readStaged(form.values)
  if (tooManyRows(staged))
    return problem(
      c,
      invalid({}, `One Save takes ${mostRows} new rows of a table at most. Save with fewer.`).problem,
    )
  const selected = form.values.selected ?? loaded.query.asset ?? ''
  const keys = { key: formKey(form.values.form_key), seen: formKey(form.values.seen_draft) }
  return { loaded, form, staged, selected, keys }
}

/** What is staged, understood and written in full. */
export async function understand(
  c: Ctx,
  { requesting, saved }: Loaded,
  staged: StagedChanges,
  selected: string,
) {
  const { deps } = c.var
  const adopted = adoptOrphans(staged, saved)
  const read = await readChanges(deps.db, requesting, deps.clock.now(), adopted, saved)
  return { read, ...settle(read, saved, selected) }
}

export const draftOf = ({ requesting: { actor, person } }: Loaded) => [actor.id, person.person.id] as const

export interface Drawn {
  selected: string
  /** Key of the form that kept the draft it is drawn from. */
  seen?: string
  opened?: string
  /** so far: what was typed and can't be. all: what is missing for a Save, too. */
  errors: FieldErrors | 'so far' | 'all'
  status?: 200 | 409 | 422
  /** Pieces of it take the place of the same pieces of the page that is open. */
  piece?: boolean
  account?: AskedOfAccount
  /** Of fields that are not staged. */
  typed?: StagedFields
  /** Errors besides. */
  also?: FieldErrors
}

export async function drawManageAccess(
  c: Ctx,
  loaded: Loaded,
  staged: StagedChanges,
  { selected, seen = '', opened = '', errors, status = 200, piece = false, ...more }: Drawn,
): Promise<Response> {
  const { deps, actor } = c.var
  const { requesting, saved, query } = loaded
  const { read, ...settled } = await understand(c, loaded, staged, selected)
  // What is not possible any more is told once, when nothing else is left of the draft.
  if (read.left.length > 0 && countStaged(read.staged) === 0)
    await dropDraft(deps.db, deps.clock, draftOf(loaded))
  const found =
    errors === 'so far' ? read.errors : errors === 'all' ? { ...read.missing, ...read.errors } : errors
  const view = await manageAccessView(deps, {
    requesting,
    saved,
    read,
    staged: piece ? read.staged : settled.staged,
    selected: piece ? selected : settled.selected,
    query,
    errors: { ...found, ...more.also },
    opened,
    keepOpen: piece,
    account: more.account ?? null,
    typed: more.typed ?? {},
  })
  const { person } = requesting.person
  return c.html(
    <ManageAccessPage
      chrome={await chromeOf(c, piece ? null : 'access-management')}
      viewer={actor}
      person={person}
      query={query}
      view={view}
      keys={{ key: newId(), seen }}
      savedIds={new Set(saved.map(access => access.id))}
      due={await dueFor(c, loaded)}
      notNow={person.status === 'ACTIVE' ? null : notActive(requesting)}
    />,
    status,
  )
}

/** What is due for re-validation, as far as the viewer may see it. */
async function dueFor(c: Ctx, { requesting: { actor, person } }: Loaded): Promise<readonly DuePart[]> {
  const due = await dueParts(c.var.deps.db, person.person.id)
  if (actor.id === person.person.id || isOperator(actor)) return due
  return due.filter(part => part.customerId === actor.managingCustomerId)
}

export const warning = (text: string): Flash | undefined =>
  text === '' ? undefined : { kind: 'warning', text }
