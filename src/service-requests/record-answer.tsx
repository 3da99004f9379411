import type { Chrome } from '../../views/layout/chrome.ts'
import { RecordPage, type RecordPageProps } from '../../views/service-requests/record-page.tsx'
import type { RequestFormProps } from '../../views/service-requests/request-form.tsx'
import { actorWords, historyOf } from '../audit/queries.ts'
import type { Ctx } from '../http/env.ts'
import { isHtmx } from '../http/fragment.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import type { FieldErrors } from '../result.ts'
import { findVisibleRequest, type ServiceRequest, type VisibleRequest } from './find-request.ts'
import { errorsSoFar, formView } from './form-view.ts'
import { type SentRequest, typedFrom } from './forms.ts'
import { typedOf } from './queue-request.ts'
import { recordView, startWordsOf } from './record-view.ts'
import { type TypedRequest, understand } from './understand.ts'

interface Redrawn {
  sent?: SentRequest
  errors?: FieldErrors | 'so far'
  status?: 200 | 409 | 422
  /** The form was drawn before somebody else saved. */
  stale?: boolean
}

/** The tab Service Request; with its form while the request is NEW and may be changed. */
export async function recordPage(c: Ctx, id: number, redrawn: Redrawn = {}) {
  const { deps, actor } = c.var
  const found = await findVisibleRequest(deps.db, actor, id)
  if (!found) return notFoundPage(c)
  const chrome = await chromeOf(c)
  const view = await recordView(deps, actor, found)
  const form = await formOf(c, chrome, found, redrawn)
  const changed = redrawn.stale ? await changedMeanwhile(c, found, view) : undefined
  return c.html(
    <RecordPage chrome={chrome} {...view} form={form} changedMeanwhile={changed} />,
    redrawn.status ?? 200,
  )
}

/** The form of a saved request again, with the fields of the action chosen; stores nothing. */
export const redrawRecord = (c: Ctx, id: number, sent: SentRequest) =>
  recordPage(c, id, { sent, errors: 'so far' })

async function formOf(
  c: Ctx,
  chrome: Chrome,
  { request, subject }: VisibleRequest,
  { sent, errors = {}, stale }: Redrawn,
): Promise<RequestFormProps | null> {
  const { deps, actor } = c.var
  if (request.status !== 'NEW' || !can(actor, 'service-request.edit', subject)) return null
  const typed = sent ? typedFrom(sent) : zoned(typedOf(request), actor.timeZone)
  const understood = await understand(deps.db, actor, typed, deps.clock.now())
  const shown = errors === 'so far' ? errorsSoFar(typed, understood) : errors
  return {
    ...formView(sent ? typed : called(typed, request), understood, shown),
    chrome,
    action: paths.serviceRequest(request.id),
    hidden: {
      request: request.id,
      // Who has seen what changed meanwhile may replace it.
      version: stale || !sent?.version ? request.version : sent.version,
      requested_zone: typed.requested_zone,
      form_page: paths.serviceRequest(request.id),
    },
    cancelHref: paths.serviceRequests(),
    piece: isHtmx(c),
  }
}

/** An action that is withdrawn by now still has its name. */
const called = (typed: TypedRequest, { action_name }: ServiceRequest): TypedRequest => ({
  ...typed,
  requested_action: action_name,
})

/** Without a start of its own the form takes the reader's zone. */
const zoned = (typed: TypedRequest, zone: string | null): TypedRequest =>
  typed.requested_start === '' ? { ...typed, requested_zone: zone ?? 'UTC' } : typed

async function changedMeanwhile(
  c: Ctx,
  { request }: VisibleRequest,
  view: Pick<RecordPageProps, 'entered'>,
): Promise<RecordPageProps['changedMeanwhile']> {
  const { deps, actor } = c.var
  const last = (await historyOf(deps.db, 'service-request', request.id)).at(-1)
  return {
    by: last ? actorWords(actor, last) : 'Somebody',
    at: last?.at ?? request.reported_at,
    now: [
      { label: 'Requested Start', value: startWordsOf(request, actor) },
      { label: 'Target Environment', value: request.asset_id },
      { label: 'Requested Action', value: request.action_name },
      ...view.entered,
      { label: 'Summary', value: request.summary },
    ],
  }
}
