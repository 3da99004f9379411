import type { ListedApproval } from '../../src/access/approvals-queries.ts'
import {
  commentsField,
  dispositionField,
  dispositions,
  versionField,
} from '../../src/access/decision-fields.ts'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import type { FormState } from '../ui/form-state.ts'
import { Time } from '../ui/time.tsx'

/** "USER02, 10000-DEV, Self-Service Portal"; of several database accounts among others each with its ID. */
export function approvalName(row: ListedApproval, others: readonly ListedApproval[] = []): string {
  const name = `${row.person_id}, ${row.asset_id}, ${row.type_name}`
  const isOneOfSeveral = others.some(one => one.id !== row.id && approvalName(one) === name)
  return row.database_account !== null && isOneOfSeveral ? `${name}, ${row.database_account}` : name
}

/** All that one decides by. */
export const RequestFacts = ({ row, zone }: { row: ListedApproval; zone: string }) => (
  <Facts
    items={[
      { label: 'User', value: `${row.person_name} (${row.person_id})` },
      { label: 'Asset', value: `${row.asset_id}, ${row.asset_description}` },
      { label: 'Access Requested', value: requestedWords(row) },
      ...account(row),
      ...transfer(row),
      { label: 'Justification', value: <p class="as-typed">{row.justification}</p>, wide: true },
      {
        label: 'Requested by',
        value: who(row.requested_by, row.requested_by_name, row.requested_by_role),
      },
      { label: 'Requested', value: <Time at={row.created_at} zone={zone} look="sentence" /> },
      { label: 'Ends on', value: row.ends_on ?? 'no end' },
      ...changed(row, zone),
      ...escalated(row, zone),
    ]}
  />
)

const account = ({ database_account }: ListedApproval) =>
  database_account === null ? [] : [{ label: 'Database Account ID', value: <code>{database_account}</code> }]

/** The type; a transfer makes no account, but takes one from somebody. */
export const requestedWords = ({ type_name, transfer_from }: ListedApproval) =>
  transfer_from === null ? type_name : `${type_name}: transfer`

const transfer = ({ transfer_from, transfer_from_name }: ListedApproval) =>
  transfer_from === null
    ? []
    : [
        {
          label: 'Transfer from',
          value: `${transfer_from_name} (${transfer_from}), who has the account until this is APPROVED, and loses it then. It gets a new password.`,
          wide: true,
        },
      ]

const changed = (row: ListedApproval, zone: string) =>
  row.edited_at === null
    ? []
    : [
        { label: 'Changed by', value: who(row.edited_by, row.edited_by_name, row.edited_by_role) },
        { label: 'Changed', value: <Time at={row.edited_at} zone={zone} look="sentence" /> },
      ]

const escalated = ({ escalated_at }: ListedApproval, zone: string) =>
  escalated_at === null
    ? []
    : [
        {
          label: 'Escalated to operators',
          value: <Time at={escalated_at} zone={zone} look="sentence" />,
        },
      ]

const who = (id: string | null, name: string | null, role: ListedApproval['requested_by_role']) =>
  role === 'OPERATOR' ? 'operator' : id === null ? 'the portal' : `${name ?? ''} (${id})`

interface DecisionFieldsProps {
  row: ListedApproval
  form: FormState
  /** Id of the form they belong to, where they stand outside of it. */
  formId?: string
}

/** What is decided about one request; the version says what was shown. */
export const DecisionFields = ({ row, form, formId }: DecisionFieldsProps) => (
  <fieldset class="decision" aria-label={`Decision about ${approvalName(row)}`}>
    <input type="hidden" name={versionField(row.id)} value={String(row.version)} form={formId} />
    <Field
      form={form}
      name={dispositionField(row.id)}
      label="Disposition"
      kind="select"
      options={[{ value: '', label: '' }, ...dispositions.map(word => ({ value: word, label: word }))]}
      attrs={{ form: formId, autocomplete: 'off' }}
    />
    <Field
      form={form}
      name={commentsField(row.id)}
      label="Reviewer Comments"
      kind="textarea"
      rows={2}
      hint="Required if REJECTED. The requester reads them."
      attrs={{ form: formId }}
    />
  </fieldset>
)
