import type { Child } from 'hono/jsx'
import { paths } from '../../src/paths.ts'
import type { ServiceRequest } from '../../src/service-requests/find-request.ts'
import { serviceRequestEvents } from '../../src/service-requests/service-request-states.ts'
import type { Chrome } from '../layout/chrome.ts'
import { ConfirmPage } from '../ui/confirm-page.tsx'
import { Field } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'
import type { confirmedActs } from './request-actions.tsx'

type ConfirmedAct = (typeof confirmedActs)[number]

interface ActPageProps {
  chrome: Chrome
  request: ServiceRequest
  form: FormState
}

/** Says exactly what will happen, before it does. */
export const ActPage = ({ chrome, request, form, act }: ActPageProps & { act: ConfirmedAct }) => (
  <ConfirmPage
    chrome={chrome}
    title={`${serviceRequestEvents[act].label}: service request ${request.id}?`}
    crumbs={crumbsOf(request)}
    what={<p>{consequences[act](request)}</p>}
    action={paths.serviceRequestEvent(request.id, act)}
    confirm={serviceRequestEvents[act].label}
    danger={act !== 'settle-resolved'}
    cancelHref={paths.serviceRequest(request.id)}
    form={form}
  >
    {act !== 'cancel' && <Reason form={form} hint="How do you know? It stays with the request." />}
  </ConfirmPage>
)

export const AbortPage = ({ chrome, request, form }: ActPageProps) => (
  <ConfirmPage
    chrome={chrome}
    title={`Abort service request ${request.id}?`}
    crumbs={crumbsOf(request)}
    what={
      <p>
        The step that is running (“{request.job_status}”) is ended with everything it started, the on-failure
        steps of the runbook run, and the request becomes FAILED. {request.asset_id} may be left half way.
      </p>
    }
    action={paths.serviceRequestEvent(request.id, 'abort')}
    confirm="Abort"
    danger
    cancelHref={paths.serviceRequestLog(request.id)}
    form={form}
  >
    <Reason form={form} hint="The requester reads it." />
  </ConfirmPage>
)

const crumbsOf = (request: ServiceRequest) => [
  { label: 'Service Requests', href: paths.serviceRequests() },
  { label: `Service Request ${request.id}`, href: paths.serviceRequest(request.id) },
]

const consequences: Record<ConfirmedAct, (request: ServiceRequest) => Child> = {
  cancel: request =>
    `“${request.action_name}” will not be run on ${request.asset_id}. This can’t be undone, but the request can be copied to a new one.`,
  'settle-resolved': request =>
    `You say that “${request.action_name}” has been done on ${request.asset_id}. The environment is free again for the next request. Look at it first.`,
  'settle-failed': request =>
    `You say that “${request.action_name}” has failed on ${request.asset_id}. The environment is free again for the next request. Look at it first.`,
}

const Reason = ({ form, hint }: { form: FormState; hint: string }) => (
  <Field form={form} name="reason" label="Reason" kind="textarea" required hint={hint} />
)
