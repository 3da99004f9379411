import { paths } from '../../src/paths.ts'
import type { ServiceRequest } from '../../src/service-requests/find-request.ts'
import type { Waiting } from '../../src/service-requests/queue-place.ts'
import type { SupportCase } from '../../src/service-requests/support-case.ts'
import { zoneOf } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { type Fact, Facts } from '../ui/facts.tsx'
import { Form } from '../ui/form.tsx'
import { SelectValueHost } from '../ui/select-value.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { REQUEST_FORM, RequestForm, type RequestFormProps, SaveButton } from './request-form.tsx'
import { RequestHistory, type ToldEntry } from './request-history.tsx'
import { RequestFrame, type RequestPageProps } from './request-page.tsx'
import { WhatNow } from './what-now.tsx'

export interface RecordPageProps extends RequestPageProps {
  environment: { id: string; description: string; class: string; customer_id: string; name: string }
  /** What was entered into the action's own fields, with their labels. */
  entered: readonly { label: string; value: string }[]
  /** Requested Start in words: local and UTC. */
  startWords: string
  history: readonly ToldEntry[]
  waiting: Waiting | null
  /** It will be MISSED then. */
  missedAt: string | null
  supportCase: SupportCase | null
  /** Managers of the customer, by name. */
  managers: readonly string[]
  /** While it is NEW, for who may change it. */
  form: RequestFormProps | null
  /** Somebody else saved meanwhile: what it says now. */
  changedMeanwhile?: { by: string; at: string; now: readonly { label: string; value: string }[] }
  now: Date
}

export const RecordPage = (props: RecordPageProps) => {
  const { chrome, request, form } = props
  const live = request.status === 'QUEUED' || request.status === 'INPROG'
  return (
    <RequestFrame
      {...props}
      tab="request"
      wrong={form !== null && Object.keys(form.form.errors).length > 0}
      live={live}
      action={<MainActions {...props} />}
    >
      {form && <ErrorSummary form={form.form} />}
      {live && (
        <div
          hx-sse:connect={`${paths.serviceRequestLogStream(request.id)}?lines=no`}
          hx-swap="none"
          hx-sse:close="end"
        />
      )}
      <WhatNow {...props} />
      {form && <RequestForm {...form} />}
      <RequestFacts {...props} />
      <Card title="History">
        <RequestHistory {...props} />
      </Card>
      {form && <SelectValueHost />}
      <p class="field-hint">
        Times are shown in {zoneOf(chrome)}. You choose your time zone on your{' '}
        <a href={paths.profile()}>Profile</a>.
      </p>
    </RequestFrame>
  )
}

/** Queue Request sends the form along, so that nothing typed is forgotten. */
const MainActions = ({ chrome, request, acts, form }: RecordPageProps) => {
  const queue = acts.includes('queue')
  if (form)
    return (
      <>
        <SaveButton kind={queue ? 'secondary' : 'primary'} />
        {queue && (
          <Button
            kind="primary"
            form={REQUEST_FORM}
            formaction={paths.serviceRequestEvent(request.id, 'queue')}
          >
            Queue Request
          </Button>
        )}
      </>
    )
  return queue ? (
    <Form
      chrome={chrome}
      action={paths.serviceRequestEvent(request.id, 'queue')}
      hidden={{ version: request.version }}
      look="inline"
    >
      <Button kind="primary">Queue Request</Button>
    </Form>
  ) : null
}

/** Replaced by the stream while it waits or runs. */
export const RequestFacts = (props: RecordPageProps) => (
  <div id="request-facts">
    <Facts items={[...timesOf(props), ...(props.form ? [] : contentOf(props))]} />
  </div>
)

const timesOf = ({ chrome, request, startWords }: RecordPageProps): Fact[] => {
  const zone = zoneOf(chrome)
  const time = (at: ServiceRequest['actual_start']) => <Time at={at} zone={zone} look="full" />
  return [
    { label: 'Service Request', value: request.id },
    { label: 'Reported Date', value: time(request.reported_at) },
    { label: 'Reported By', value: reporterOf(request) },
    { label: 'Requested Start', value: startWords },
    { label: 'Actual Start', value: time(request.actual_start) },
    { label: 'Actual Finish', value: time(request.actual_finish) },
    { label: 'Automation Job Status', value: request.job_status },
    { label: 'Status', value: <StatusBadge status={request.status} /> },
  ]
}

const reporterOf = (request: ServiceRequest) =>
  request.reported_by_name === 'operator'
    ? 'operator'
    : `${request.reported_by_name} (${request.reported_by})`

const contentOf = ({ request, environment, entered }: RecordPageProps): Fact[] => [
  {
    label: 'Target Environment',
    value: (
      <>
        <a href={paths.asset(environment.id)}>{environment.id}</a> {environment.description} (
        {environment.class === 'PRODUCTION' ? 'production' : 'non-production'}, {environment.name})
      </>
    ),
  },
  { label: 'Requested Action', value: request.action_name },
  ...entered,
  { label: 'Summary', value: request.summary, wide: true },
]
