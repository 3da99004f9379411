import type { Child } from 'hono/jsx'
import { paths } from '../../src/paths.ts'
import type { ServiceRequest } from '../../src/service-requests/find-request.ts'
import type { ServiceRequestAct } from '../../src/service-requests/service-request-states.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { RequestActions } from './request-actions.tsx'

export interface RequestPageProps {
  chrome: Chrome
  request: ServiceRequest
  /** What this person may do with it now. */
  acts: readonly ServiceRequestAct[]
  mayAbort: boolean
  mayCopy: boolean
}

interface FrameProps extends RequestPageProps {
  tab: 'request' | 'log'
  action?: Child
  wrong?: boolean
  live?: boolean
  children?: Child
}

/** What both tabs of a request share: number, status, what can be done, tabs. */
export const RequestFrame = (props: FrameProps) => {
  const { chrome, request, tab } = props
  return (
    <Page
      chrome={chrome}
      title={`Service Request ${request.id}`}
      crumbs={[{ label: 'Service Requests', href: paths.serviceRequests() }]}
      badge={<RequestBadge request={request} />}
      action={props.action}
      secondary={<RequestActions {...props} />}
      back={{ label: 'List View', href: paths.serviceRequests() }}
      tabs={[
        { label: 'Service Request', href: paths.serviceRequest(request.id), current: tab === 'request' },
        { label: 'Log', href: paths.serviceRequestLog(request.id), current: tab === 'log' },
      ]}
      wrong={props.wrong}
      live={props.live}
    >
      {props.children}
    </Page>
  )
}

/** Replaced by the stream when the status changes. */
export const RequestBadge = ({ request }: { request: Pick<ServiceRequest, 'status'> }) => (
  <span id="request-status">
    <StatusBadge status={request.status} />
  </span>
)
