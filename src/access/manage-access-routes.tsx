import { Hono } from 'hono'
import {
  accountValues,
  newPasswordField,
  type PressedAct,
  readAccountAct,
  resetUnused,
} from '../database-accounts/account-fields.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { readFields } from '../http/forms.ts'
import { operatorsIdentified, signedIn } from '../http/guards.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import type { FieldErrors } from '../result.ts'
import type { PersonAccess } from './access-queries.ts'
import { dropDraft, findDraft, noteDraft, storeDraft } from './drafts.ts'
import {
  draftOf,
  drawManageAccess,
  loadManageAccess,
  readSent,
  type Sent,
  understand,
  warning,
} from './manage-access-answer.tsx'
import { saveAccessChanges } from './save-changes.ts'
import { savedWords } from './saved-words.ts'
import { applyAct } from './stage-act.ts'
import {
  accessField,
  countStaged,
  editField,
  mostRows,
  nothingStaged,
  readStaged,
  type StagedChanges,
  tooManyRows,
} from './staged-changes.ts'

const pagePath = paths.manageAccess(':person').replace('%3A', ':')

/** Manage Access, and the buttons of its form. */
export const manageAccessRoutes = () =>
  new Hono<AppEnv>()
    .get(pagePath, signedIn, page)
    .post(pagePath, signedIn, operatorsIdentified(stages), stage)

/** Every button but Save keeps a draft at most. */
const stages = async (c: Ctx) => (await readFields(c)).do?.at(-1) !== 'save'

async function page(c: Ctx) {
  const loaded = await loadManageAccess(c)
  if (!loaded) return notFoundPage(c)
  const kept = await takeKeptForm(c)
  const back = readAccountAct(kept?.values.do)
  const draft = await findDraft(c.var.deps.db, draftOf(loaded))
  const staged = kept ? readStaged(kept.values) : (draft?.staged ?? nothingStaged)
  return drawManageAccess(c, loaded, staged, {
    seen: draft?.by,
    selected: kept?.values.selected ?? loaded.query.asset ?? '',
    opened: c.req.query('access') ?? String(back?.id ?? ''),
    errors: c.req.query('check') ? 'all' : 'so far',
    ...(back && {
      typed: accountValues(kept?.values ?? {}),
      also: lostPassword(back, c.var.actor.id === loaded.requesting.person.person.id),
    }),
  })
}

/** What was chosen is never kept: without a word, the next press would have one generated. */
const lostPassword = ({ act, id }: PressedAct, own: boolean): FieldErrors =>
  act === 'reset' && own
    ? {
        [newPasswordField(id)]:
          'Passwords are never kept: type it again, or leave this blank to have one generated.',
      }
    : {}

/** Every button of the form but those with an address of their own; its value says which. */
async function stage(c: Ctx) {
  const sent = await readSent(c)
  if (sent instanceof Response) return sent
  const { loaded, form, staged, selected, keys } = sent
  if (!form.ok) return drawManageAccess(c, loaded, staged, { selected, errors: form.errors, status: 422 })
  const pressed = form.values.do ?? 'keep'
  if (pressed === 'save') return save(c, sent)
  if (pressed === 'look' || pressed === 'note') return look(c, sent, pressed)
  const { read, ...settled } = await understand(c, loaded, staged, selected)
  const next = applyAct(settled, pressed, loaded.saved)
  if (tooManyRows(next.staged))
    return drawManageAccess(c, loaded, staged, {
      selected,
      errors: { '': `One Save takes ${mostRows} new rows of a table at most. Save these first.` },
      status: 422,
    })
  const unused = resetUnused(form.fields)
  const replaced = await storeDraft(c.var.deps, draftOf(loaded), next.staged, keys)
  const { asset: _, ...query } = loaded.query
  const address = paths.manageAccess(loaded.requesting.person.person.id, {
    ...query,
    asset: next.selected,
    access: next.opened,
  })
  return seeOther(
    c,
    next.focus ? `${address}#field-${next.focus}` : address,
    warning([...read.left, ...(replaced ? [otherWindow] : []), unused].filter(Boolean).join(' ')),
  )
}

const otherWindow =
  'You have staged other changes in another window. They stand there as you left them, but only those of this window are kept.'

/** What was typed is kept, and what the portal makes of it is shown in its place. */
async function look(c: Ctx, { loaded, staged, selected, keys }: Sent, pressed: 'look' | 'note') {
  const { read } = await understand(c, loaded, staged, selected)
  await noteDraft(c.var.deps, draftOf(loaded), read.staged, keys)
  if (pressed === 'note') return c.body(null, 204)
  return drawManageAccess(c, loaded, staged, { selected, errors: 'so far', piece: true })
}

async function save(c: Ctx, { loaded, staged, selected, keys, form }: Sent) {
  const unused = resetUnused(form.fields)
  const { deps, actor } = c.var
  const { person } = loaded.requesting.person
  const { read, ...settled } = await understand(c, loaded, staged, selected)
  const back = (asset: string) => paths.manageAccess(person.id, { ...loaded.query, asset })
  if (countStaged(settled.staged) === 0 && read.left.length === 0) {
    await dropDraft(deps.db, deps.clock, draftOf(loaded), keys)
    return seeOther(
      c,
      back(settled.selected),
      warning(`There was nothing to save: nothing was changed. ${unused}`.trim()),
    )
  }
  const saved = await saveAccessChanges(deps, actor, person.id, staged, keys)
  if (saved.ok) {
    const words = await savedWords(deps, saved.value, actor.id === person.id ? null : person.display_name)
    const done = [...saved.value.requested, ...saved.value.changed, ...saved.value.removed]
    const on = done.find(access => access.asset_id === settled.selected) ?? done[0]
    return seeOther(
      c,
      back(on?.asset_id ?? settled.selected),
      done.length > 0 && !unused ? words : warning(`${words} ${unused}`.trim()),
    )
  }
  const { problem: found } = saved
  if (found.kind !== 'invalid' && found.kind !== 'conflict') return problem(c, found)
  await storeDraft(deps, draftOf(loaded), settled.staged, keys)
  const errors = found.kind === 'invalid' ? found.fields : { '': found.message }
  return drawManageAccess(c, loaded, staged, {
    selected: firstWrong(settled, loaded.saved, errors) ?? settled.selected,
    seen: keys.key,
    errors,
    status: found.kind === 'invalid' ? 422 : 409,
  })
}

/** The first asset with something to correct. */
function firstWrong(
  { staged }: { staged: StagedChanges },
  saved: readonly PersonAccess[],
  errors: Readonly<Record<string, string>>,
): string | undefined {
  const isWrong = (beginning: string) => Object.keys(errors).some(name => name.startsWith(beginning))
  const added = staged.accesses.find(row => isWrong(accessField(row.index, '')))
  const edited = staged.edits.find(edit => errors[editField(edit.id)])
  return added?.on ?? saved.find(access => access.id === edited?.id)?.asset_id
}
