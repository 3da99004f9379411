import type { HistoryEntry } from '../../src/audit/queries.ts'
import { paths } from '../../src/paths.ts'
import { type SettingName, type Settings, settingRow } from '../../src/settings/settings.ts'
import type { Chrome } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { FieldSet } from '../ui/field-set.tsx'
import { Form } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { adminCrumb } from './admin-crumb.ts'
import { History } from './history.tsx'
import { SaveButtons } from './save-buttons.tsx'

interface Props {
  chrome: Chrome
  form: FormState
  /** What somebody else has stored meanwhile; null: nobody has. */
  stored: Settings | null
  version: string
  history: readonly HistoryEntry[]
}

export const SettingsPage = ({ chrome, form, stored, version, history }: Props) => (
  <Page chrome={chrome} title="Settings" crumbs={[adminCrumb]} width="form" wrong={hasErrors(form)}>
    <ErrorSummary form={form} />
    <Form chrome={chrome} action={paths.adminSettings()} hidden={{ version }}>
      <FieldSet
        legend="Requests that nobody decides"
        hint="Counted from the moment a request was made. Silence never approves."
      >
        <Numbers form={form} stored={stored} names={approvals} />
      </FieldSet>
      <FieldSet
        legend="Re-validation (CBN)"
        hint="Re-validations that have begun keep the days they began with."
      >
        <Numbers form={form} stored={stored} names={revalidation} />
      </FieldSet>
      <SaveButtons />
    </Form>
    <History chrome={chrome} entries={history} />
  </Page>
)

const approvals: readonly SettingName[] = [
  'approval_reminder_hours',
  'approval_stand_in_hours',
  'approval_escalation_hours',
  'approval_expiry_hours',
]
const revalidation: readonly SettingName[] = [
  'cbn_every_days',
  'cbn_answer_days',
  'cbn_suspend_days',
  'cbn_remove_days',
]

const Numbers = ({ form, stored, names }: Pick<Props, 'form' | 'stored'> & { names: typeof approvals }) => (
  <>
    {names.map(name => {
      const row = settingRow(name)
      return (
        <Field
          form={form}
          name={name}
          label={row.label}
          kind="number"
          required={!row.optional}
          hint={`${row.hint} From ${row.min} to ${row.max} ${row.unit}.`}
          suffix={row.unit}
          note={
            stored &&
            String(stored[name] ?? '') !== form.values[name] &&
            `Stored now: ${stored[name] ?? 'never'}.`
          }
          attrs={{ min: row.min, max: row.max, step: 1, inputmode: 'numeric' }}
        />
      )
    })}
  </>
)
