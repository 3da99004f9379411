import { paths } from '../../src/paths.ts'
import {
  type ServiceRequestAct,
  serviceRequestEvents,
} from '../../src/service-requests/service-request-states.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Form } from '../ui/form.tsx'
import type { RequestPageProps } from './request-page.tsx'

/** Asked on a page of their own, with the reason where one is needed. */
export const confirmedActs = [
  'cancel',
  'settle-resolved',
  'settle-failed',
] as const satisfies readonly ServiceRequestAct[]

/** Everything that can be done but Save and Queue Request; the dangerous ones last. Replaced by the stream. */
export const RequestActions = (
  props: Pick<RequestPageProps, 'chrome' | 'request' | 'acts' | 'mayAbort' | 'mayCopy'>,
) => (
  <div id="request-actions" class="button-row">
    {props.acts.includes('take-back') && <ActNow {...props} act="take-back" />}
    {props.acts.includes('close') && <ActNow {...props} act="close" />}
    {props.mayCopy && (
      <ButtonLink href={paths.newServiceRequest({ copy: props.request.id })} icon="copy">
        Copy to new request
      </ButtonLink>
    )}
    {confirmedActs
      .filter(act => props.acts.includes(act))
      .map(act => (
        <ButtonLink
          href={paths.serviceRequestEvent(props.request.id, act)}
          kind={act === 'settle-resolved' ? 'secondary' : 'danger'}
        >
          {serviceRequestEvents[act].label}
        </ButtonLink>
      ))}
    {props.mayAbort && (
      <ButtonLink href={paths.serviceRequestEvent(props.request.id, 'abort')} kind="danger">
        Abort
      </ButtonLink>
    )}
  </div>
)

const ActNow = ({
  chrome,
  request,
  act,
}: Pick<RequestPageProps, 'chrome' | 'request'> & { act: 'take-back' | 'close' }) => (
  <Form chrome={chrome} action={paths.serviceRequestEvent(request.id, act)} look="inline">
    <Button>{serviceRequestEvents[act].label}</Button>
  </Form>
)
