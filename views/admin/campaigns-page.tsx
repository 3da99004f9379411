import type { ListedCampaign } from '../../src/access/campaign-queries.ts'
import type { CampaignState } from '../../src/access/campaign-states.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import type { PageOf } from '../ui/pager.tsx'
import { type StatusLook, StatusMark } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumb } from './admin-crumb.ts'
import { type Suggested, Suggestions } from './customer-suggestions.tsx'

const looks = {
  PREPARING: 'running',
  OPEN: 'waiting',
  CLOSED: 'stopped',
} as const satisfies Record<CampaignState, StatusLook>

export const CampaignMark = ({ state }: { state: CampaignState }) =>
  StatusMark({ look: looks[state], word: state })

export const campaignCrumbs = [
  adminCrumb,
  { label: 'Re-validation campaigns', href: paths.adminCampaigns() },
] as const

export const scopeWords = (campaign: Pick<ListedCampaign, 'customer_id' | 'customer_name'>) =>
  campaign.customer_id === null
    ? 'all customers'
    : `${campaign.customer_id} ${campaign.customer_name ?? ''}`.trim()

interface Props {
  chrome: Chrome
  rows: readonly ListedCampaign[]
  page: PageOf
}

export const CampaignsPage = ({ chrome, rows, page }: Props) => (
  <Page
    chrome={chrome}
    title="Re-validation campaigns"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminCampaign('new')} kind="primary" icon="plus">
        New Re-validation
      </ButtonLink>
    }
  >
    <DataTable
      title="Campaigns"
      rows={rows}
      columns={columns(zoneOf(chrome))}
      page={page}
      empty="There has been no re-validation yet. One over all customers begins by itself, as the settings say; start one here to have it sooner, or for one customer."
    />
  </Page>
)

const columns = (zone: string): readonly Column<ListedCampaign>[] => [
  {
    key: 'name',
    label: 'Name',
    look: 'name',
    cell: row => <a href={paths.adminCampaign(row.id)}>{row.name}</a>,
  },
  { key: 'scope', label: 'For', look: 'grow', cell: scopeWords },
  { key: 'state', label: 'State', cell: row => CampaignMark({ state: row.state }) },
  { key: 'started', label: 'Started', look: 'time', cell: row => Time({ at: row.started_at, zone }) },
  { key: 'due', label: 'Deadline', look: 'time', cell: row => Time({ at: row.due_at, zone }) },
  { key: 'persons', label: 'Persons', look: 'number', cell: row => row.persons.toLocaleString('en-US') },
  {
    key: 'unanswered',
    label: 'Not answered',
    look: 'number',
    cell: row => row.unanswered.toLocaleString('en-US'),
  },
]

interface FormProps {
  chrome: Chrome
  form: FormState
  customers: Suggested
}

export const NewCampaignPage = ({ chrome, form, customers }: FormProps) => (
  <Page
    chrome={chrome}
    title="New Re-validation"
    crumbs={campaignCrumbs}
    width="form"
    wrong={hasErrors(form)}
  >
    <ErrorSummary form={form} />
    <Callout>
      <p>
        Everybody who holds a granted access gets a mail as soon as it begins. Accesses granted later are out
        of it.
      </p>
    </Callout>
    <Form chrome={chrome} action={paths.adminCampaign('new')}>
      <Field form={form} name="name" label="Name" required attrs={{ maxlength: 100 }} />
      <Field
        form={form}
        name="customer_id"
        label="Customer"
        hint="Only accesses of this customer. Empty: of all customers."
        attrs={{ list: 'customer-suggestions', autocomplete: 'off', maxlength: 20 }}
      />
      <Field
        form={form}
        name="due_on"
        label="Deadline"
        kind="date"
        required
        hint="People answer until the end of this day. They are reminded 14, 7 and 1 days before; at the deadline their managers are told."
        suffix={zoneOf(chrome)}
      />
      <Field
        form={form}
        name="suspend_on"
        label="Suspend unanswered accesses"
        kind="date"
        hint="At the end of this day. Their owners get them back by re-validating. Empty: never."
        suffix={zoneOf(chrome)}
      />
      <Field
        form={form}
        name="remove_on"
        label="Remove unanswered accesses"
        kind="date"
        hint="At the end of this day. They have to be requested anew then. Empty: never."
        suffix={zoneOf(chrome)}
      />
      <Suggestions customers={customers} />
      <FormButtons>
        <Button kind="primary">Start re-validation</Button>
        <ButtonLink href={paths.adminCampaigns()} kind="quiet">
          Cancel
        </ButtonLink>
      </FormButtons>
    </Form>
  </Page>
)
