import type { Child } from 'hono/jsx'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Callout } from '../ui/callout.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { SelectValueHost } from '../ui/select-value.tsx'
import { RequestForm, type RequestFormProps, SaveButton } from './request-form.tsx'

interface NewRequestPageProps {
  chrome: Chrome
  form: RequestFormProps
  /** Why the person can't request anything, and whom to ask. */
  cannot?: string
  copiedFrom?: number
  notice?: Child
}

export const NewRequestPage = ({ chrome, form, cannot, copiedFrom, notice }: NewRequestPageProps) => (
  <Page
    chrome={chrome}
    title="New Service Request"
    crumbs={[{ label: 'Service Requests', href: paths.serviceRequests() }]}
    width="form"
    wrong={hasErrors(form.form)}
    action={<SaveButton />}
  >
    <ErrorSummary form={form.form} />
    {notice}
    {cannot && <Callout kind="warning">{cannot}</Callout>}
    {copiedFrom !== undefined && (
      <Callout>
        This is a copy of <a href={paths.serviceRequest(copiedFrom)}>service request {copiedFrom}</a>. Nothing
        is stored until you press Save.
      </Callout>
    )}
    <p>
      Press Save, then Queue Request. If the request is not queued it will remain in new state and will not be
      run.
    </p>
    <RequestForm {...form} />
    <SelectValueHost />
  </Page>
)
