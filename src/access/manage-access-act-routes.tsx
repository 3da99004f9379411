import { Hono } from 'hono'
import { SelectValueDialog, SelectValuePage } from '../../views/ui/select-value.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { isFragment } from '../http/fragment.ts'
import { operatorsIdentified, signedIn } from '../http/guards.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import { askFirst, isAskedAbout, removalPage } from './confirm-removal-answer.tsx'
import { dropDraft, readDraft, storeDraft } from './drafts.ts'
import { accessNumber, subjectOf } from './find-access.ts'
import { draftOf, loadManageAccess, readSent, understand, warning } from './manage-access-answer.tsx'
import { accessesCsv, assetsCsv } from './manage-access-csv.ts'
import { isLookup, manageAccessChoices } from './manage-access-select.ts'
import { removeAccess } from './remove-access.ts'
import { retryAccess } from './retry-access.ts'
import { nothingStaged, type StagedChanges } from './staged-changes.ts'

const person = ':person'
const at = (path: string) => path.replaceAll('%3A', ':')

/** Buttons of Manage Access with an address of their own, its lookups and its downloads. */
export const manageAccessActRoutes = () =>
  new Hono<AppEnv>()
    .get(at(paths.manageAccessCsv(person)), signedIn, download)
    .post(at(paths.discardAccessDraft(person)), signedIn, discard)
    .get(at(paths.manageAccessSelect(person, ':field')), signedIn, backToPage)
    .post(at(paths.manageAccessSelect(person, ':field')), signedIn, selectValue)
    .get(at(paths.accessEvent(person, ':id', 'remove')), signedIn, removalPage)
    .post(at(paths.accessEvent(person, ':id', ':event')), signedIn, operatorsIdentified(), act)

async function discard(c: Ctx) {
  const sent = await readSent(c)
  if (sent instanceof Response) return sent
  const { loaded, keys } = sent
  await dropDraft(c.var.deps.db, c.var.deps.clock, draftOf(loaded), keys)
  const { person } = loaded.requesting.person
  return seeOther(c, paths.manageAccess(person.id, loaded.query), 'Your changes were discarded.')
}

/** Withdraw request, Retry and Remove Access, unless it is asked about first; what is staged besides stays so. */
async function act(c: Ctx) {
  const sent = await readSent(c)
  if (sent instanceof Response) return sent
  const { deps, actor } = c.var
  const { loaded, selected, keys } = sent
  const id = accessNumber(c.req.param('id') ?? '')
  const access = loaded.saved.find(one => one.id === id)
  const event = c.req.param('event')
  if (!access || (event !== 'remove' && event !== 'withdraw' && event !== 'retry')) return notFoundPage(c)
  const asks = event !== 'retry' && isAskedAbout(access)
  const confirmed = sent.form.values.confirmed === '1'
  // The question carries nothing of what was typed: that was kept before it was asked.
  const typed = confirmed ? ((await readDraft(deps.db, draftOf(loaded))) ?? nothingStaged) : sent.staged
  const wanted = asks && !confirmed ? typed : without(typed, access.id)
  const { staged: kept } = await understand(c, loaded, wanted, selected)
  await storeDraft(deps, draftOf(loaded), kept, keys)
  if (asks && !confirmed && can(actor, 'access.remove', await subjectOf(deps.db, deps, access)))
    return askFirst(c, access, keys.key)
  const { person } = loaded.requesting.person
  const address = paths.manageAccess(person.id, {
    ...loaded.query,
    asset: access.asset_id,
    access: access.id,
  })
  const what = `${access.type_name} on ${access.asset_id}`
  if (event === 'retry') {
    const retried = await retryAccess(deps, actor, access.id)
    if (retried.ok) return seeOther(c, address, `${what} is tried again.`)
    if (retried.problem.kind === 'conflict') return seeOther(c, address, warning(retried.problem.message))
    return problem(c, retried.problem)
  }
  const removed = await removeAccess(deps, actor, access.id)
  return removed.ok
    ? seeOther(c, address, `${what} is ${removed.value.status}.`)
    : problem(c, removed.problem)
}

const without = ({ removals, edits, ...others }: StagedChanges, id: number): StagedChanges => ({
  ...others,
  removals: removals.filter(row => row.id !== id),
  edits: edits.filter(row => row.id !== id),
})

async function selectValue(c: Ctx) {
  const field = c.req.param('field') ?? ''
  if (!isLookup(field)) return notFoundPage(c)
  const sent = await readSent(c)
  if (sent instanceof Response) return sent
  const { requesting, query } = sent.loaded
  const filter = (sent.form.values.filter ?? '').replaceAll('\0', '').slice(0, 200)
  const choices = await manageAccessChoices(c.var.deps.db, requesting, field, sent.staged, filter)
  if (!choices) return notFoundPage(c)
  const { id } = requesting.person.person
  const props = {
    ...choices,
    chrome: await chromeOf(c),
    field,
    lookup: paths.manageAccessSelect(id, field),
    back: paths.manageAccess(id, query),
    typed: { ...sent.form.values, do: 'keep' },
    filter,
  }
  return c.html(isFragment(c) ? <SelectValueDialog {...props} /> : <SelectValuePage {...props} />)
}

/** A form's answer can't be opened by its address. */
const backToPage = (c: Ctx) => c.redirect(paths.manageAccess(c.req.param('person') ?? ''), 303)

async function download(c: Ctx) {
  const loaded = await loadManageAccess(c)
  if (!loaded) return notFoundPage(c)
  const { saved, query, requesting } = loaded
  const assets = c.req.query('table') === 'assets'
  const csv = assets ? assetsCsv(saved, query) : accessesCsv(c.var.actor, saved, query)
  const name = `${requesting.person.person.id}-${assets ? 'assets' : 'accesses'}.csv`
  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header('Content-Disposition', `attachment; filename="${name}"`)
  return c.body(csv)
}
