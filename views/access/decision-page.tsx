import type { ListedApproval } from '../../src/access/approvals-queries.ts'
import { paths } from '../../src/paths.ts'
import type { Actor } from '../../src/policy.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { DecisionFields, RequestFacts } from './approval-parts.tsx'

interface DecisionPageProps {
  chrome: Chrome
  viewer: Actor
  row: ListedApproval
  form: FormState
  /** The link itself, or Access Approvals once the link is void. */
  action: string
}

/** What the link of a mail leads to. Looking at it changes nothing. */
export const DecisionPage = ({ chrome, viewer, row, form, action }: DecisionPageProps) => (
  <Page
    chrome={chrome}
    title="Decide about an access request"
    badge={<StatusBadge status={row.status} />}
    width="form"
    wrong={hasErrors(form)}
  >
    <ErrorSummary form={form} />
    <RequestFacts row={row} zone={zoneOf(chrome)} />
    {/* A form whose session is over comes back on Access Approvals: the link must be kept nowhere. */}
    <Form chrome={chrome} action={action} hidden={{ form_page: paths.approvals(viewer.id) }}>
      <DecisionFields row={row} form={form} />
      <FormButtons>
        <Button kind="primary">Save</Button>
        <ButtonLink href={paths.approvals(viewer.id)} kind="quiet">
          Access Approvals
        </ButtonLink>
      </FormButtons>
    </Form>
  </Page>
)
