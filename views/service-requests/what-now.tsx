import type { Child } from 'hono/jsx'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Callout } from '../ui/callout.tsx'
import { Time } from '../ui/time.tsx'
import type { RecordPageProps } from './record-page.tsx'
import { SupportCaseCard } from './support-case.tsx'

/** What the state means and what can be done about it. Replaced by the stream. */
export const WhatNow = (props: RecordPageProps) => (
  <div id="request-now">
    {props.changedMeanwhile && <ChangedMeanwhile {...props} changed={props.changedMeanwhile} />}
    <InWords {...props} />
    {props.supportCase && <SupportCaseCard supportCase={props.supportCase} />}
  </div>
)

const InWords = (props: RecordPageProps) => {
  switch (props.request.status) {
    case 'NEW':
      return (
        <Callout kind={props.request.reason ? 'warning' : 'info'}>
          {reasonOf(props)}
          <p>If the request is not queued it will remain in new state and will not be run.</p>
        </Callout>
      )
    case 'QUEUED':
      return <Queued {...props} />
    case 'INPROG':
      return (
        <Callout>
          <p>
            It is running. The <LogLink {...props} /> shows what it does. Once a request has been picked up
            for processing it cannot be stopped.
          </p>
        </Callout>
      )
    case 'RESOLVED':
      return (
        <Callout kind="done">
          <p>
            It has been done. The <LogLink {...props} /> shows how.
            {props.acts.includes('close') && ' Close it when you are content with the result.'}
          </p>
          {reasonOf(props)}
        </Callout>
      )
    case 'FAILED':
      return <Failed {...props} />
    case 'UNKNOWN':
      return <Unknown {...props} />
    case 'MISSED':
      return (
        <Callout
          kind="warning"
          title="It was not started in time and will not run any more. Nothing has been done."
        >
          {reasonOf(props)}
          {props.mayCopy && <p>If it is still needed, press Copy to new request.</p>}
        </Callout>
      )
    default:
      return props.request.reason ? <Callout>{reasonOf(props)}</Callout> : null
  }
}

const Queued = ({ chrome, request, waiting, missedAt, now }: RecordPageProps) => {
  const due = request.due_at !== null && request.due_at <= now.toISOString()
  const at = (instant: string | null) => <Time at={instant} zone={zoneOf(chrome)} look="sentence" />
  return (
    <Callout kind={request.warned_at ? 'warning' : 'info'}>
      {request.warned_at && (
        <p>
          <strong>It is late.</strong> If it has not started by {at(missedAt)}, it will be MISSED and not run
          at all. To keep it, take it back and choose a later Requested Start, or none.
        </p>
      )}
      <p>
        {!due ? (
          <>It is queued and starts at {at(request.due_at)}.</>
        ) : waiting ? (
          <WaitingFor chrome={chrome} waiting={waiting} />
        ) : (
          'It is the next one and starts in a moment.'
        )}
      </p>
      <p>Once a request has been picked up for processing it cannot be stopped.</p>
    </Callout>
  )
}

const WaitingFor = ({
  chrome,
  waiting,
}: {
  chrome: Chrome
  waiting: NonNullable<RecordPageProps['waiting']>
}) => (
  <>
    Place {waiting.ahead + 1} in the queue of this environment.{' '}
    {waiting.holder && (
      <>
        It waits for <a href={paths.serviceRequest(waiting.holder.id)}>service request {waiting.holder.id}</a>
        , {waiting.holder.status === 'UNKNOWN' ? 'started ' : 'running since '}
        <Time at={waiting.holder.since} zone={zoneOf(chrome)} />
        {waiting.holder.status === 'UNKNOWN' && ', whose outcome is not known: it has to be settled first'}.
      </>
    )}
  </>
)

const Failed = (props: RecordPageProps) => (
  <Callout kind="failed" title="It has failed.">
    {reasonOf(props)}
    <p>
      What now? The <LogLink {...props} /> has the details.{' '}
      {props.mayCopy
        ? 'If what was entered is wrong, press Copy to new request and correct it. If it is not, open a support case with the text below.'
        : 'Open a support case with the text below.'}
    </p>
  </Callout>
)

const Unknown = (props: RecordPageProps) => (
  <Callout kind="warning" title="Its outcome is not known.">
    {reasonOf(props)}
    <p>
      Nothing else that changes this environment can run until somebody has looked and settles it as RESOLVED
      or FAILED:{' '}
      {props.managers.length ? `${props.managers.join(', ')} or an operator` : 'an operator of this portal'}.
      The <LogLink {...props} /> shows what is known.
    </p>
  </Callout>
)

const ChangedMeanwhile = ({
  chrome,
  changed,
}: {
  chrome: Chrome
  changed: NonNullable<RecordPageProps['changedMeanwhile']>
}) => (
  <Callout kind="warning" title="Your changes are not saved: the request was changed meanwhile." live>
    <p>
      {changed.by} changed it at <Time at={changed.at} zone={zoneOf(chrome)} look="sentence" />. The form
      below still holds what you typed. Press Save to replace what is stored by it. Stored now:
    </p>
    <ul>
      {changed.now.map(({ label, value }) => (
        <li>
          {label}: <strong>{value || '(empty)'}</strong>
        </li>
      ))}
    </ul>
  </Callout>
)

const LogLink = ({ request }: Pick<RecordPageProps, 'request'>) => (
  <a href={paths.serviceRequestLog(request.id)}>Log tab</a>
)

const reasonOf = ({ request }: Pick<RecordPageProps, 'request'>): Child =>
  request.reason && <p class="reason">{request.reason}</p>
