import { Hono } from 'hono'
import { AbortPage, ActPage } from '../../views/service-requests/act-pages.tsx'
import { confirmedActs } from '../../views/service-requests/request-actions.tsx'
import { StartAgainPage } from '../../views/service-requests/start-again-page.tsx'
import { emptyForm, type FormState } from '../../views/ui/form-state.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { identifiedRecently } from '../http/guards.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import type { Problem, Result } from '../result.ts'
import { abortRequest } from './abort-request.ts'
import { saveRequest } from './create-request.ts'
import { findVisibleRequest, requestNumber, type ServiceRequest } from './find-request.ts'
import { ReasonForm, RequestForm, type SentRequest, StartForm, typedFrom } from './forms.ts'
import { queueRequest, typedOf } from './queue-request.ts'
import { recordPage } from './record-answer.tsx'
import { startWordsOf } from './record-view.ts'
import { cancelRequest, closeRequest, settleRequest, takeBack } from './request-acts.ts'
import { readStart } from './requested-start.ts'
import { canHappen, isServiceRequestAct, type ServiceRequestAct } from './service-request-states.ts'

const record = '/service-requests/:id{[0-9]+}'
type ConfirmedAct = (typeof confirmedActs)[number]

export const actRoutes = () =>
  new Hono<AppEnv>()
    .get(record, showRecord)
    .post(record, save)
    .post(`${record}/queue`, queue)
    .get(`${record}/abort`, async c => abortPage(c, (await takeKeptForm(c)) ?? emptyForm))
    .post(`${record}/abort`, identifiedRecently, abort)
    .get(`${record}/:event`, askFirst)
    .post(`${record}/:event`, act)

const numberOf = (c: Ctx) => requestNumber(c.req.param('id') ?? '') ?? 0

async function showRecord(c: Ctx) {
  const kept = await takeKeptForm(c)
  return recordPage(c, numberOf(c), kept ? { sent: RequestForm.parse(kept.values), errors: 'so far' } : {})
}

async function save(c: Ctx) {
  const id = numberOf(c)
  const form = await parseForm(c, RequestForm)
  if (!form.ok)
    return recordPage(c, id, { sent: RequestForm.parse(form.values), errors: form.errors, status: 422 })
  const { deps, actor } = c.var
  const saved = await saveRequest(deps, actor, id, typedFrom(form.value), Number(form.value.version) || 0)
  if (saved.ok)
    return seeOther(
      c,
      paths.serviceRequest(id),
      `Service request ${id} is saved. Press Queue Request to have it run.`,
    )
  return wrongForm(c, id, form.value, saved.problem)
}

/** With the form around the button, what it holds is saved on the way. */
async function queue(c: Ctx) {
  const id = numberOf(c)
  const sentBack = await parseForm(c, StartForm)
  if (sentBack.ok) return queueWithStart(c, id)
  const form = await parseForm(c, RequestForm)
  if (!form.ok)
    return recordPage(c, id, { sent: RequestForm.parse(form.values), errors: form.errors, status: 422 })
  const { deps, actor } = c.var
  const drawn = form.value.request !== ''
  const unsaved = drawn
    ? { typed: typedFrom(form.value), version: Number(form.value.version) || 0 }
    : undefined
  const queued = await queueRequest(deps, actor, id, unsaved)
  if (queued.ok) return seeOther(c, paths.serviceRequest(id), queuedWords(queued.value))
  const start = queued.problem.kind === 'invalid' ? queued.problem.fields.requested_start : undefined
  if (start !== undefined && (await hasPassed(c, id))) return startAgainPage(c, id)
  return wrongForm(c, id, drawn ? form.value : undefined, queued.problem)
}

const queuedWords = ({ id, status }: ServiceRequest) =>
  status === 'QUEUED' || status === 'NEW'
    ? `Service request ${id} is queued.`
    : `Service request ${id} was queued already. It is ${status} now.`

/** The stored start lies in the past: that is a question, not a mistake. */
async function hasPassed(c: Ctx, id: number): Promise<boolean> {
  const { deps, actor } = c.var
  const found = await findVisibleRequest(deps.db, actor, id)
  const start = found?.request.requested_start
  return (
    found !== undefined &&
    start !== null &&
    start !== undefined &&
    start < deps.clock.now().toISOString() &&
    can(actor, 'service-request.edit', found.subject)
  )
}

async function startAgainPage(c: Ctx, id: number, form?: FormState) {
  const { deps, actor } = c.var
  const found = await findVisibleRequest(deps.db, actor, id)
  if (!found) return notFoundPage(c)
  const zone = form?.values.requested_zone || found.request.requested_zone || (actor.timeZone ?? 'UTC')
  const typed = form?.values.requested_start ?? ''
  const reading = readStart({ wall: typed, zone, offset: null }, deps.clock.now())
  return c.html(
    <StartAgainPage
      chrome={await chromeOf(c)}
      request={found.request}
      zone={zone}
      passed={startWordsOf(found.request, actor)}
      choices={reading.kind === 'ambiguous' ? reading.choices : []}
      form={form ?? { values: {}, errors: { when: 'Choose: now, or at another time.' } }}
    />,
    422,
  )
}

async function queueWithStart(c: Ctx, id: number) {
  const form = await parseForm(c, StartForm)
  const { deps, actor } = c.var
  const found = await findVisibleRequest(deps.db, actor, id)
  if (!found) return notFoundPage(c)
  if (!form.ok) return startAgainPage(c, id, form)
  const { when, requested_start, requested_zone, requested_offset, version } = form.value
  if (when === 'other' && requested_start.trim() === '')
    return startAgainPage(c, id, withErrors(form, { requested_start: 'Fill in Requested Start.' }))
  const start = when === 'now' ? '' : requested_start
  const typed = { ...typedOf(found.request), requested_start: start, requested_zone, requested_offset }
  const queued = await queueRequest(deps, actor, id, { typed, version: Number(version) || 0 })
  if (queued.ok) return seeOther(c, paths.serviceRequest(id), queuedWords(queued.value))
  const { problem: found_ } = queued
  if (found_.kind === 'invalid' && found_.fields.requested_start)
    return startAgainPage(c, id, withErrors(form, { requested_start: found_.fields.requested_start }))
  return wrongForm(c, id, undefined, found_)
}

/** The record again, with what was typed and what is wrong with it. */
function wrongForm(c: Ctx, id: number, sent: SentRequest | undefined, found: Problem) {
  if (found.kind === 'invalid') return recordPage(c, id, { sent, errors: found.fields, status: 422 })
  if (found.kind === 'conflict')
    return recordPage(c, id, { sent, errors: { '': found.message }, status: 409, stale: sent !== undefined })
  return problem(c, found)
}

/** Dangerous acts, and those that need a reason, are asked on a page of their own. */
async function askFirst(c: Ctx) {
  const event = c.req.param('event') ?? ''
  if (!isServiceRequestAct(event)) return notFoundPage(c)
  return isConfirmed(event)
    ? actPage(c, event, emptyForm)
    : c.redirect(paths.serviceRequest(numberOf(c)), 303)
}

const isConfirmed = (act: ServiceRequestAct): act is ConfirmedAct =>
  (confirmedActs as readonly ServiceRequestAct[]).includes(act)

async function actPage(c: Ctx, event: ConfirmedAct, form: FormState, status: 200 | 422 = 200) {
  const { deps, actor } = c.var
  const found = await findVisibleRequest(deps.db, actor, numberOf(c))
  if (!found) return notFoundPage(c)
  if (!can(actor, `service-request.${event}`, found.subject) || !canHappen(event, found.request.status))
    return c.redirect(paths.serviceRequest(found.request.id), 303)
  return c.html(
    <ActPage chrome={await chromeOf(c)} request={found.request} act={event} form={form} />,
    status,
  )
}

async function act(c: Ctx) {
  const event = c.req.param('event') ?? ''
  if (!isServiceRequestAct(event)) return notFoundPage(c)
  const id = numberOf(c)
  const form = await parseForm(c, ReasonForm)
  const done = await perform(c, event, id, form.ok ? form.value.reason : '')
  if (done.ok) return seeOther(c, paths.serviceRequest(id), doneWords[event](id))
  if (done.problem.kind === 'invalid' && isConfirmed(event))
    return actPage(c, event, withErrors(form, done.problem.fields), 422)
  return wrongForm(c, id, undefined, done.problem)
}

function perform(c: Ctx, event: ServiceRequestAct, id: number, reason: string): Promise<Result<unknown>> {
  const { deps, actor } = c.var
  switch (event) {
    case 'queue':
      return queueRequest(deps, actor, id)
    case 'take-back':
      return takeBack(deps, actor, id)
    case 'cancel':
      return cancelRequest(deps, actor, id)
    case 'close':
      return closeRequest(deps, actor, id)
    case 'settle-resolved':
    case 'settle-failed':
      return settleRequest(deps, actor, id, event, reason)
  }
}

const doneWords: Record<ServiceRequestAct, (id: number) => string> = {
  queue: id => `Service request ${id} is queued.`,
  'take-back': id => `Service request ${id} is taken back. It will not be run until it is queued again.`,
  cancel: id => `Service request ${id} is cancelled.`,
  close: id => `Service request ${id} is closed.`,
  'settle-resolved': id => `Service request ${id} is settled as RESOLVED.`,
  'settle-failed': id => `Service request ${id} is settled as FAILED.`,
}

async function abortPage(c: Ctx, form: FormState, status: 200 | 422 = 200) {
  const { deps, actor } = c.var
  const found = await findVisibleRequest(deps.db, actor, numberOf(c))
  if (!found) return notFoundPage(c)
  if (!can(actor, 'service-request.abort') || found.request.status !== 'INPROG')
    return c.redirect(paths.serviceRequest(found.request.id), 303)
  return c.html(<AbortPage chrome={await chromeOf(c)} request={found.request} form={form} />, status)
}

async function abort(c: Ctx) {
  const id = numberOf(c)
  const form = await parseForm(c, ReasonForm)
  const { deps, actor } = c.var
  const aborted = await abortRequest(deps, actor, id, form.ok ? form.value.reason : '')
  if (aborted.ok) return seeOther(c, paths.serviceRequestLog(id), `Service request ${id} is being aborted.`)
  if (aborted.problem.kind === 'invalid') return abortPage(c, withErrors(form, aborted.problem.fields), 422)
  return wrongForm(c, id, undefined, aborted.problem)
}
