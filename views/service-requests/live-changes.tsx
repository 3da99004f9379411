import type { JSXNode } from 'hono/jsx'
import { CommunicationLog, type CommunicationLogProps } from './communication-log.tsx'
import { type RecordPageProps, RequestFacts } from './record-page.tsx'
import { RequestActions } from './request-actions.tsx'
import { RequestHistory } from './request-history.tsx'
import { RequestBadge, type RequestPageProps } from './request-page.tsx'
import { type RunLogProps, RunSteps, StepHeading } from './run-log.tsx'
import { SupportCaseOfLog, type SupportCaseOfLogProps } from './support-case.tsx'
import { WhatNow } from './what-now.tsx'

/** A part of the page that a stream replaces, by its id. */
export interface Changeable {
  target: string
  part: JSXNode | { toString(): string }
}

const frame = (props: RequestPageProps): Changeable[] => [
  { target: 'request-status', part: <RequestBadge {...props} /> },
  { target: 'request-actions', part: <RequestActions {...props} /> },
]

/** Of the tab Service Request. */
export const RecordChanges = (props: RecordPageProps): Changeable[] => [
  ...frame(props),
  { target: 'request-facts', part: <RequestFacts {...props} /> },
  { target: 'request-now', part: <WhatNow {...props} /> },
  { target: 'request-history', part: <RequestHistory {...props} /> },
]

/** Of the tab Log, besides its lines. */
export const LogChanges = (props: RequestPageProps & Pick<RunLogProps, 'place' | 'steps'>): Changeable[] => [
  ...frame(props),
  { target: 'run-steps', part: <RunSteps {...props} /> },
  ...props.steps
    .filter(step => step.firstLine !== null)
    .map(step => ({ target: `step-${step.id}`, part: <StepHeading step={step} /> })),
]

/** Of the tab Log, what only another status changes. */
export const LogEvents = (props: CommunicationLogProps & SupportCaseOfLogProps): Changeable[] => [
  { target: 'request-support-case', part: <SupportCaseOfLog {...props} /> },
  { target: 'request-mails', part: <CommunicationLog {...props} /> },
]
