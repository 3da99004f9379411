import type { Row } from '../../db/schema.ts'
import type { HistoryEntry } from '../../src/audit/queries.ts'
import { paths } from '../../src/paths.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { ActionFieldRows } from './action-field-rows.tsx'
import { adminCrumbs } from './admin-crumb.ts'
import { History } from './history.tsx'
import { EnterSaves } from './rows.tsx'
import { SaveButtons } from './save-buttons.tsx'

export const NewActionPage = ({ chrome, form }: { chrome: Chrome; form: FormState }) => (
  <Page chrome={chrome} title="New Action" crumbs={adminCrumbs.actions} width="form" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    <Form chrome={chrome} action={paths.adminAction('new')}>
      <EnterSaves />
      <Field
        form={form}
        name="id"
        label="Id"
        required
        hint="Small letters, digits and hyphens, such as clear-cache. It can’t be changed later."
        attrs={{ autocomplete: 'off', maxlength: 40, spellcheck: 'false' }}
      />
      <ActionFormFields form={form} />
      <SaveButtons cancel={paths.adminActions()} />
    </Form>
  </Page>
)

interface ActionPageProps {
  chrome: Chrome
  form: FormState
  action: Pick<Row<'actions'>, 'id' | 'name' | 'status'>
  assets: readonly { asset_id: string; runbook_id: number; runbook_name: string }[]
  history: readonly HistoryEntry[]
}

export const ActionPage = ({ chrome, form, action, assets, history }: ActionPageProps) => (
  <Page
    chrome={chrome}
    title={action.name}
    crumbs={adminCrumbs.actions}
    badge={<StatusBadge status={action.status} />}
    wrong={hasErrors(form)}
    secondary={
      action.status === 'ACTIVE' ? (
        <ButtonLink href={paths.adminActionEvent(action.id, 'withdraw')} kind="danger">
          Withdraw
        </ButtonLink>
      ) : (
        <Form chrome={chrome} action={paths.adminActionEvent(action.id, 'offer')} look="inline">
          <Button>Offer again</Button>
        </Form>
      )
    }
  >
    <ErrorSummary form={form} />
    <Form chrome={chrome} action={paths.adminAction(action.id)}>
      <EnterSaves />
      <ActionFormFields form={form} />
      <SaveButtons />
    </Form>
    <Card title="Assets that offer it">
      {assets.length === 0 ? (
        <p>
          No asset has a runbook for it yet. Choose one under <a href={paths.adminAssets()}>Assets</a>, on the
          tab Actions.
        </p>
      ) : (
        <ul class="plain-list">
          {assets.map(use => (
            <li>
              <a href={paths.adminAssetActions(use.asset_id)}>{use.asset_id}</a> through{' '}
              <a href={paths.adminRunbook(use.runbook_id)}>{use.runbook_name}</a>
            </li>
          ))}
        </ul>
      )}
    </Card>
    <History chrome={chrome} entries={history} />
  </Page>
)

const ActionFormFields = ({ form }: { form: FormState }) => (
  <>
    <Field form={form} name="name" label="Name" required attrs={{ maxlength: 100 }} />
    <Field
      form={form}
      name="description"
      label="Description"
      kind="textarea"
      rows={2}
      hint="Shown where the action is chosen."
      attrs={{ maxlength: 500 }}
    />
    <Field form={form} name="aliases" label="Other names" hint="Also found by these, separated by commas." />
    <Field
      form={form}
      name="mode"
      label="Mode"
      kind="radios"
      required
      options={[
        { value: 'exclusive', label: 'exclusive', hint: 'One at a time on an asset; others wait.' },
        {
          value: 'read-only',
          label: 'read-only',
          hint: 'Changes nothing there, so it runs beside anything.',
        },
      ]}
    />
    <Field
      form={form}
      name="production"
      label="On production"
      kind="radios"
      required
      options={[
        { value: 'no', label: 'Never' },
        {
          value: 'per-asset',
          label: 'Where the asset allows it',
          hint: 'Off until an operator ticks it there.',
        },
        { value: 'yes', label: 'Always' },
      ]}
    />
    <Field
      form={form}
      name="products"
      label="Products"
      hint="Offered on assets of these products only, separated by commas. Empty: on all."
    />
    <Field
      form={form}
      name="sort"
      label="Order"
      kind="number"
      value="100"
      hint="Actions with a smaller number come first."
      attrs={{ min: 0, max: 100000 }}
    />
    <ActionFieldRows form={form} />
  </>
)
