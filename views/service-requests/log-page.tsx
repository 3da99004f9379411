import type { Row } from '../../db/schema.ts'
import { paths } from '../../src/paths.ts'
import { zoneOf } from '../layout/chrome.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Form, FormButtons } from '../ui/form.tsx'
import type { FormState } from '../ui/form-state.ts'
import { Time } from '../ui/time.tsx'
import { CommunicationLog, type CommunicationLogProps } from './communication-log.tsx'
import { RequestFrame, type RequestPageProps } from './request-page.tsx'
import { RunLog, type RunLogProps } from './run-log.tsx'
import { SupportCaseOfLog, type SupportCaseOfLogProps } from './support-case.tsx'

export interface LogPageProps extends RequestPageProps, CommunicationLogProps, SupportCaseOfLogProps {
  run: Omit<RunLogProps, 'chrome'>
  notes: readonly Row<'work_log'>[]
  mayAddNote: boolean
  seesHidden: boolean
  /** The row being added. */
  note: FormState | null
}

/** What the run did, what people wrote about it, and which mails went out. */
export const LogPage = (props: LogPageProps) => (
  <RequestFrame
    {...props}
    tab="log"
    live={props.run.stream !== undefined}
    wrong={props.note !== null && Object.keys(props.note.errors).length > 0}
  >
    {props.note && <ErrorSummary form={props.note} />}
    <RunLog {...props.run} chrome={props.chrome} />
    <SupportCaseOfLog {...props} />
    <WorkLog {...props} />
    <CommunicationLog {...props} />
  </RequestFrame>
)

const WorkLog = (props: LogPageProps) => (
  <>
    <DataTable
      title="Work Log"
      columns={workLogColumns(props)}
      rows={props.notes}
      details={{
        label: note => `Details of record ${note.id}`,
        body: note => <p class="note-details">{note.details || 'No details.'}</p>,
      }}
      empty={<p>Nobody has written anything about this request.</p>}
    />
    {props.note ? <NewNote {...props} note={props.note} /> : props.mayAddNote && <NewRow {...props} />}
  </>
)

const workLogColumns = ({ chrome, seesHidden }: LogPageProps): readonly Column<Row<'work_log'>>[] => [
  { key: 'record', label: 'Record', look: 'id', cell: note => note.id },
  { key: 'class', label: 'Class', cell: note => note.class },
  { key: 'created_by', label: 'Created By', cell: note => note.created_by_name },
  {
    key: 'date',
    label: 'Date',
    look: 'time',
    cell: note => <Time at={note.created_at} zone={zoneOf(chrome)} />,
  },
  { key: 'type', label: 'Type', cell: note => note.type },
  { key: 'summary', label: 'Summary', look: 'grow', cell: note => note.summary },
  ...(seesHidden
    ? [
        {
          key: 'viewable',
          label: 'Viewable?',
          cell: (note: Row<'work_log'>) => (note.viewable ? 'Yes' : 'No'),
        },
      ]
    : []),
]

const NewRow = ({ request }: LogPageProps) => (
  <form method="get" action={`${paths.serviceRequestLog(request.id)}#new-row`}>
    <Button name="note" value="new" icon="plus">
      New Row
    </Button>
  </form>
)

const NewNote = ({ chrome, request, note, seesHidden }: LogPageProps & { note: FormState }) => (
  <Card title="New row of the Work Log" id="new-row">
    <Form
      chrome={chrome}
      action={paths.serviceRequestNotes(request.id)}
      hidden={{
        form_page: paths.serviceRequestLog(request.id, { note: 'new' }),
        ...(seesHidden && { offers_viewable: 'yes' }),
      }}
    >
      <Field form={note} name="summary" label="Summary" required hint="Up to 250 characters." />
      <Field form={note} name="details" label="Details" kind="textarea" hint="Up to 4,000 characters." />
      {seesHidden && (
        <Field
          form={note}
          name="viewable"
          label="Viewable?"
          kind="checkbox"
          hint="Without the tick only operators see it."
        />
      )}
      <FormButtons>
        <Button kind="primary">Save</Button>
        <a class="button button-quiet" href={paths.serviceRequestLog(request.id)}>
          Cancel
        </a>
      </FormButtons>
    </Form>
  </Card>
)
