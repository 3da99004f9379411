import type { Row } from '../../db/schema.ts'
import { commentsField, dispositionField } from '../../src/access/decision-fields.ts'
import type { ShownApproval } from '../../src/access/decision-form.ts'
import { paths } from '../../src/paths.ts'
import { type Actor, isOperator } from '../../src/policy.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import { ErrorSummary, hasErrors } from '../ui/error-summary.tsx'
import { fieldId, type Option } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { approvalName, DecisionFields, RequestFacts, requestedWords } from './approval-parts.tsx'
import { PersonFrame } from './person-tabs.tsx'

export interface ApprovalsPageProps {
  chrome: Chrome
  viewer: Actor
  person: Pick<Row<'persons'>, 'id' | 'display_name' | 'status'>
  rows: readonly ShownApproval[]
  form: FormState
  query: TableQuery
  page: PageOf
  accessTypes: readonly Option[]
  /** How many wait for somebody else because the viewer has a part in them. */
  others: number
}

const formId = 'decisions'

export const ApprovalsPage = (props: ApprovalsPageProps) => {
  const { chrome, viewer, person, rows, form, query, others } = props
  const decidable = rows.some(row => row.settled === undefined)
  return (
    <PersonFrame
      chrome={chrome}
      viewer={viewer}
      person={person}
      tab="approvals"
      wrong={hasErrors(form)}
      action={
        decidable && (
          <Button kind="primary" form={formId}>
            Save
          </Button>
        )
      }
    >
      <ErrorSummary form={form} rowOf={field => rowOf(rows, field)} />
      {others > 0 && <Callout>{othersWords(others, viewer)}</Callout>}
      <DataTable
        title="Access Requests"
        columns={columnsFor(props.accessTypes)}
        rows={rows}
        query={query}
        href={to => paths.approvals(viewer.id, to)}
        defaultSort="requested"
        page={props.page}
        download={paths.approvalsCsv(viewer.id, query)}
        details={{
          label: row => `Details of ${approvalName(row, rows)}`,
          body: row => <Details row={row} form={form} zone={zoneOf(chrome)} />,
          open: row => isTouched(row, form),
        }}
        empty={<p>{isOperator(viewer) ? nothingForOperators : 'No access request waits for you.'}</p>}
      />
      {decidable && (
        <Form chrome={chrome} id={formId} action={paths.approvals(viewer.id, query)}>
          <p class="field-hint">
            Open a request by the arrow at its left and choose a Disposition. Save applies all that were
            chosen on this page, or none.
          </p>
          <FormButtons>
            <Button>Save</Button>
          </FormButtons>
        </Form>
      )}
    </PersonFrame>
  )
}

const nothingForOperators =
  'No access request waits for you. Operators decide what was escalated, or what no manager may decide.'

const othersWords = (count: number, viewer: Actor) => {
  const whom = isOperator(viewer) ? 'another operator or a manager' : 'another manager or the operators'
  const [requests, them] =
    count === 1 ? ['1 access request waits', 'it'] : [`${count} access requests wait`, 'them']
  return `${requests} for ${whom}: you have a part in ${them}, or you stand in for somebody who has.`
}

/** Opened from the beginning: something was typed there, or something is wrong. */
const isTouched = ({ id, settled }: ShownApproval, { values, errors }: FormState) =>
  settled !== undefined ||
  [dispositionField(id), commentsField(id)].some(name => values[name] || errors[name] !== undefined)

const Details = ({ row, form, zone }: { row: ShownApproval; form: FormState; zone: string }) => (
  <>
    <RequestFacts row={row} zone={zone} />
    {row.settled === undefined ? (
      <DecisionFields row={row} form={form} formId={formId} />
    ) : (
      <Settled row={row} said={row.settled} form={form} />
    )}
  </>
)

/** Where its fields were, so that the summary at the top leads here. */
const Settled = ({ row, said, form }: { row: ShownApproval; said: string; form: FormState }) => {
  const typed = form.values[commentsField(row.id)]
  return (
    <div id={fieldId(dispositionField(row.id))} class="decision-settled" tabindex={-1}>
      <Callout kind="warning">
        <p>{said}</p>
        {typed && <p class="as-typed">Your Reviewer Comments were not saved: {typed}</p>}
      </Callout>
    </div>
  )
}

const columnsFor = (accessTypes: readonly Option[]): readonly Column<ShownApproval>[] => [
  {
    key: 'user',
    label: 'User',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => <span title={row.person_name}>{row.person_id}</span>,
  },
  { key: 'asset', label: 'Asset', look: 'code', sortable: true, filter: 'text', cell: row => row.asset_id },
  {
    key: 'access_requested',
    label: 'Access Requested',
    look: 'grow',
    sortable: true,
    filter: accessTypes,
    cell: Requested,
  },
  { key: 'status', label: 'Status', cell: row => <StatusBadge status={row.status} /> },
  { key: 'pending_status', label: 'Pending Status', cell: row => row.pending_status ?? '' },
]

/** A page of requests has a Disposition and Reviewer Comments for each. */
function rowOf(rows: readonly ShownApproval[], field: string): string | undefined {
  if (rows.length < 2) return undefined
  const row = rows.find(({ id }) => field === dispositionField(id) || field === commentsField(id))
  return row && approvalName(row, rows)
}

/** Of a database account with its ID: a person can ask for several of them. */
const Requested = (row: ShownApproval) =>
  row.database_account === null ? (
    requestedWords(row)
  ) : (
    <span>
      {requestedWords(row)} <code class="together">{row.database_account}</code>
    </span>
  )
