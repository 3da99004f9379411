import { Hono } from 'hono'
import { NewRequestPage } from '../../views/service-requests/new-page.tsx'
import { SelectValueDialog, SelectValuePage } from '../../views/ui/select-value.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { isFragment, isHtmx } from '../http/fragment.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { newId } from '../ids.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import type { FieldErrors } from '../result.ts'
import { createRequest } from './create-request.ts'
import { whyNoEnvironment } from './environments.ts'
import { findVisibleRequest, requestNumber } from './find-request.ts'
import { errorsSoFar, formView } from './form-view.ts'
import { RequestForm, type SentRequest, typedFrom } from './forms.ts'
import { typedOf } from './queue-request.ts'
import { redrawRecord } from './record-answer.tsx'
import { actionChoices, environmentChoices, isLookupField } from './select-value.ts'
import { understand } from './understand.ts'

const newRequest = paths.newServiceRequest()

export const formRoutes = () =>
  new Hono<AppEnv>()
    .get(newRequest, newPage)
    .post(paths.serviceRequests(), create)
    .post(paths.serviceRequestForm(), redraw)
    .get(paths.serviceRequestForm(), c => c.redirect(newRequest, 303))
    .post(paths.selectValue(':field').replace('%3A', ':'), selectValue)
    .get(paths.selectValue(':field').replace('%3A', ':'), c => c.redirect(newRequest, 303))

async function newPage(c: Ctx) {
  const kept = await takeKeptForm(c)
  if (kept) return drawNew(c, RequestForm.parse(kept.values), 'so far')
  const copied = await copyOf(c, c.req.query('copy'))
  const { asset = '', action = '' } = queryOf(c)
  const begun = RequestForm.parse({
    target_environment: asset.slice(0, 100),
    requested_action: action.slice(0, 100),
  })
  return drawNew(c, copied ?? begun, 'so far')
}

async function create(c: Ctx) {
  const form = await parseForm(c, RequestForm)
  if (!form.ok) return drawNew(c, RequestForm.parse(form.values), form.errors)
  const { deps, actor } = c.var
  const { form_key, copied_from } = form.value
  const made = await createRequest(deps, actor, {
    ...typedFrom(form.value),
    form_key,
    copied_from: requestNumber(copied_from) ?? null,
  })
  if (made.ok)
    return seeOther(
      c,
      paths.serviceRequest(made.value),
      `Service request ${made.value} is saved. Press Queue Request to have it run.`,
    )
  const { problem: found } = made
  if (found.kind === 'invalid') return drawNew(c, form.value, found.fields)
  // The next Save is another form's: it makes another request.
  if (found.kind === 'conflict')
    return drawNew(c, { ...form.value, form_key: '' }, { '': found.message }, 409)
  return problem(c, found)
}

/** The same form again, with the fields of the action chosen; stores nothing. */
async function redraw(c: Ctx) {
  const form = await parseForm(c, RequestForm)
  const sent = form.ok ? form.value : RequestForm.parse(form.values)
  const id = requestNumber(sent.request)
  if (id === undefined) return drawNew(c, sent, form.ok ? 'so far' : form.errors, 200)
  return redrawRecord(c, id, sent)
}

async function drawNew(
  c: Ctx,
  sent: SentRequest,
  errors: FieldErrors | 'so far',
  status: 200 | 409 | 422 = errors === 'so far' ? 200 : 422,
) {
  const { deps, actor } = c.var
  const typed = { ...typedFrom(sent), requested_zone: sent.requested_zone || (actor.timeZone ?? 'UTC') }
  const understood = await understand(deps.db, actor, typed, deps.clock.now())
  const chrome = await chromeOf(c, 'new-service-request')
  const cannot = await whyNoEnvironment(deps.db, actor)
  const view = formView(typed, understood, errors === 'so far' ? errorsSoFar(typed, understood) : errors)
  return c.html(
    <NewRequestPage
      chrome={chrome}
      cannot={cannot ?? undefined}
      copiedFrom={requestNumber(sent.copied_from)}
      form={{
        ...view,
        chrome,
        action: paths.serviceRequests(),
        hidden: {
          form_key: sent.form_key || newId(),
          requested_zone: typed.requested_zone,
          form_page: newRequest,
          ...(sent.copied_from && { copied_from: sent.copied_from }),
        },
        cancelHref: paths.serviceRequests(),
        piece: isHtmx(c),
      }}
    />,
    status,
  )
}

/** Copy to new request: everything but the start, which has its own time. */
async function copyOf(c: Ctx, word: string | undefined): Promise<SentRequest | undefined> {
  const id = requestNumber(word ?? '')
  const { deps, actor } = c.var
  const found = id === undefined ? undefined : await findVisibleRequest(deps.db, actor, id)
  if (!found || !can(actor, 'service-request.copy', found.subject)) return undefined
  const { own, ...typed } = typedOf(found.request)
  const fresh = { requested_start: '', requested_offset: '', requested_zone: '' }
  return RequestForm.parse({ ...typed, ...own, ...fresh, copied_from: String(found.request.id) })
}

async function selectValue(c: Ctx) {
  const field = c.req.param('field') ?? ''
  if (!isLookupField(field)) return notFoundPage(c)
  const form = await parseForm(c, RequestForm)
  const sent = form.ok ? form.value : RequestForm.parse(form.values)
  const { deps, actor } = c.var
  const choices =
    field === 'target_environment'
      ? await environmentChoices(deps.db, actor, sent.filter)
      : await actionChoices(deps.db, actor, sent.target_environment, sent.filter)
  const props = {
    ...choices,
    chrome: await chromeOf(c),
    field,
    lookup: paths.selectValue(field),
    back: paths.serviceRequestForm(),
    typed: form.values,
    filter: sent.filter,
  }
  return c.html(isFragment(c) ? <SelectValueDialog {...props} /> : <SelectValuePage {...props} />)
}
