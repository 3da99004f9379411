import { paths } from '../../src/paths.ts'
import type { ServiceRequest } from '../../src/service-requests/find-request.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'

interface StartAgainProps {
  chrome: Chrome
  request: ServiceRequest
  zone: string
  /** Requested Start in words. */
  passed: string
  choices: readonly { offset: number; label: string }[]
  form: FormState
}

/** Queue Request after Requested Start: now, or another time? */
export const StartAgainPage = ({ chrome, request, zone, passed, choices, form }: StartAgainProps) => (
  <Page
    chrome={chrome}
    title="Requested Start has passed"
    crumbs={[
      { label: 'Service Requests', href: paths.serviceRequests() },
      { label: `Service Request ${request.id}`, href: paths.serviceRequest(request.id) },
    ]}
    width="form"
    wrong
  >
    <ErrorSummary form={form} />
    <p>
      {passed} has passed. Service request {request.id} is not queued yet. When should “{request.action_name}”
      start on {request.asset_id}?
    </p>
    <Form
      chrome={chrome}
      action={paths.serviceRequestEvent(request.id, 'queue')}
      hidden={{ version: request.version, requested_zone: zone, form_page: paths.serviceRequest(request.id) }}
    >
      <Field
        form={form}
        name="when"
        label="Start"
        kind="radios"
        required
        options={[
          { value: 'now', label: 'Now', hint: 'As soon as possible.' },
          { value: 'other', label: 'At another time' },
        ]}
      />
      <Field form={form} name="requested_start" label="Requested Start" kind="datetime-local" suffix={zone} />
      {choices.length > 0 && (
        <Field
          form={form}
          name="requested_offset"
          label="Which of the two?"
          kind="radios"
          required
          options={choices.map(({ offset, label }) => ({ value: String(offset), label }))}
        />
      )}
      <FormButtons>
        <Button kind="primary">Queue Request</Button>
        <ButtonLink href={paths.serviceRequest(request.id)} kind="quiet">
          Go back
        </ButtonLink>
      </FormButtons>
    </Form>
  </Page>
)
