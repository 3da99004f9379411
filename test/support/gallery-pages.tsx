import { allStatuses } from '../../src/service-requests/service-request-states.ts'
import type { Chrome } from '../../views/layout/chrome.ts'
import { Page } from '../../views/layout/page.tsx'
import { Button, ButtonLink } from '../../views/ui/button.tsx'
import { Callout } from '../../views/ui/callout.tsx'
import { Card } from '../../views/ui/card.tsx'
import { CopyButton } from '../../views/ui/copy-button.tsx'
import { type Column, DataTable } from '../../views/ui/data-table.tsx'
import { EmptyState } from '../../views/ui/empty-state.tsx'
import { ErrorSummary, hasErrors } from '../../views/ui/error-summary.tsx'
import { Facts } from '../../views/ui/facts.tsx'
import { Field } from '../../views/ui/field.tsx'
import { FieldSet } from '../../views/ui/field-set.tsx'
import { Form, FormButtons } from '../../views/ui/form.tsx'
import { Log, LogGap, LogLine, LogStep } from '../../views/ui/log.tsx'
import { LookupField } from '../../views/ui/lookup-field.tsx'
import { SelectValueHost, type SelectValueProps } from '../../views/ui/select-value.tsx'
import { StatusBadge } from '../../views/ui/status-badge.tsx'
import { Time } from '../../views/ui/time.tsx'
import { Timeline } from '../../views/ui/timeline.tsx'
import { Twistie } from '../../views/ui/twistie.tsx'

export const galleryChrome = (path: string, nav: Chrome['nav'], shortcuts: boolean): Chrome => ({
  actor: {
    id: 'USER01',
    role: 'OPERATOR',
    name: 'User 01',
    managingCustomerId: null,
    timeZone: 'Europe/Berlin',
  },
  preferences: { theme: 'system', shortcuts },
  csrf: 'token',
  path,
  flash: { kind: 'done', text: 'Service request 2261 is queued.' },
  nav,
  starred: nav === 'start-center' ? null : nav === 'service-requests',
})

const zone = 'Europe/Berlin'
const at = '2026-01-13T14:59:12.000Z'
const rows = allStatuses.map((status, i) => ({
  id: 2261 - i,
  status,
  asset: i % 2 ? '10000-DEV' : '10000-PRD',
}))
type GalleryRow = (typeof rows)[number]

const columns: readonly Column<GalleryRow>[] = [
  {
    key: 'service_request',
    label: 'Service Request',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => <a href={`/service-requests/${row.id}`}>{row.id}</a>,
  },
  { key: 'asset', label: 'Asset', look: 'code', sortable: true, filter: 'text', cell: row => row.asset },
  { key: 'summary', label: 'Summary', look: 'grow', filter: 'text', cell: () => 'After the month end' },
  {
    key: 'reported',
    label: 'Reported Date',
    look: 'time',
    filter: 'dates',
    cell: () => <Time at={at} zone={zone} />,
  },
  {
    key: 'status',
    label: 'Status',
    sortable: true,
    filter: allStatuses.map(status => ({ value: status, label: status })),
    cell: row => <StatusBadge status={row.status} />,
  },
  { key: 'lines', label: 'Lines', look: 'number', cell: row => row.id * 7 },
]

export const ListPage = ({ chrome, query }: { chrome: Chrome; query: Record<string, string> }) => {
  const shown = query.asset ? rows.filter(row => row.asset.startsWith(query.asset ?? '')) : rows
  return (
    <Page
      chrome={chrome}
      title="Service Requests"
      action={
        <ButtonLink kind="primary" icon="plus" href="/service-requests/new">
          New Service Request
        </ButtonLink>
      }
    >
      <DataTable
        title="Service Requests"
        columns={columns}
        rows={shown}
        query={query}
        href={q => `/service-requests?${new URLSearchParams(q as Record<string, string>)}`}
        defaultSort="-service_request"
        page={{
          from: Math.min(1, shown.length),
          to: shown.length,
          total: 1481,
          previous: null,
          next: '?after=9',
        }}
        download="/service-requests.csv"
        empty={<EmptyState title="There are no service requests yet." />}
        details={{
          label: row => `Details of ${row.id}`,
          body: row => <Facts items={[{ label: 'Target Environment', value: row.asset }]} />,
        }}
      />
    </Page>
  )
}

interface FormPageProps {
  chrome: Chrome
  errors: Record<string, string>
  values?: Record<string, string>
}

export const FormPage = ({ chrome, errors, values = {} }: FormPageProps) => {
  const form = { values, errors }
  return (
    <Page
      chrome={chrome}
      title="New Service Request"
      crumbs={[{ label: 'Service Requests', href: '/service-requests' }]}
      width="form"
      wrong={hasErrors(form)}
    >
      <ErrorSummary form={form} />
      <Form chrome={chrome} action="/saved" enter={{ name: 'act', value: 'save' }}>
        <Field
          form={form}
          name="start"
          label="Requested Start"
          kind="datetime-local"
          suffix={zone}
          hint="Leave it empty to start as soon as possible."
          note="Tuesday 13 January 2026, 15:59 Europe/Berlin"
        />
        <LookupField form={form} name="asset" label="Target Environment" required lookup="/lookup/broken" />
        <LookupField
          form={form}
          name="action"
          label="Requested Action"
          required
          lookup="/lookup/action"
          meaning="What it does"
        />
        <FieldSet legend="Run ConfigDB" hint="It can take hours.">
          <Field
            form={form}
            name="certify"
            label="I certify that a recent backup has been taken?"
            kind="checkbox"
            required
            hint="The portal makes its own backup as well."
          />
          <Field
            form={form}
            name="operation"
            label="Operation"
            kind="radios"
            required
            options={[
              { value: 'a', label: 'Runstats only', hint: 'Most cases require only the Runstats operation.' },
              { value: 'b', label: 'Online reorganization and runstats' },
            ]}
          />
          <Field
            form={form}
            name="level"
            label="Level"
            kind="select"
            options={[{ value: '1', label: 'One' }]}
          />
        </FieldSet>
        <Field form={form} name="summary" label="Summary" attrs={{ maxlength: 250 }} />
        <Field form={form} name="details" label="Details" kind="textarea" />
        <Field form={form} name="limit" label="Time limit" kind="number" suffix="seconds" />
        <Field form={form} name="password" label="Password" kind="password" />
        <FormButtons>
          <Button kind="primary" name="act" value="save">
            Save
          </Button>
          <ButtonLink kind="quiet" href="/service-requests">
            Cancel
          </ButtonLink>
        </FormButtons>
      </Form>
      <SelectValueHost />
    </Page>
  )
}

const actions = ['Start', 'Stop', 'Restart'].map(verb => `${verb} Asset Management Application`)

export const choices = (chrome: Chrome, typed: Record<string, string>, filter: string): SelectValueProps => ({
  chrome,
  field: 'action',
  label: 'Requested Action',
  lookup: '/lookup/action',
  back: '/form',
  typed,
  filter,
  columns: ['Requested Action', 'Description'],
  rows: actions
    .filter(action => action.toLowerCase().includes(filter.toLowerCase()))
    .map(value => ({ value, cells: ['What it does'] })),
  missing: 'Run ConfigDB is not offered on 10000-PRD. Ask Manager 01.',
})

export const RecordPage = ({ chrome }: { chrome: Chrome }) => (
  <Page
    chrome={chrome}
    title="Service Request 2261"
    crumbs={[{ label: 'Service Requests', href: '/service-requests' }]}
    badge={<StatusBadge status="INPROG" detail="2 min 3 s" />}
    back={{ label: 'List View', href: '/service-requests' }}
    tabs={[
      { label: 'Service Request', href: '/service-requests/2261', current: true },
      { label: 'Log', href: '/log' },
    ]}
    action={
      <Form chrome={chrome} action="/saved" look="inline">
        <Button kind="primary">Queue Request</Button>
      </Form>
    }
    secondary={
      <>
        <ButtonLink href="/service-requests/new">Copy to new request</ButtonLink>
        <ButtonLink kind="danger" href="/confirm">
          Cancel request
        </ButtonLink>
      </>
    }
  >
    {(['info', 'done', 'warning', 'failed'] as const).map(kind => (
      <Callout kind={kind} title="Once picked up">
        It cannot be stopped.
      </Callout>
    ))}
    <Card title="Service Request" action={<CopyButton text="2261" label="Copy number" />}>
      <Facts
        items={[
          { label: 'Reported Date', value: <Time at={at} zone={zone} look="full" /> },
          { label: 'Actual Start', value: <Time at={null} zone={zone} /> },
          { label: 'Actual Finish', value: null },
          { label: 'Summary', value: 'After the month end', wide: true },
        ]}
      />
      <p>
        {allStatuses.map(status => (
          <>
            <StatusBadge status={status} />{' '}
          </>
        ))}
      </p>
    </Card>
    <Card title="History">
      <Timeline
        label="History"
        zone={zone}
        items={[
          { at, who: 'User 01', what: 'Queued', look: 'waiting' },
          { at, what: 'Resolved', look: 'done', detail: 'after 2 min' },
        ]}
      />
      <Twistie summary="What was queued">Restart Asset Management Application</Twistie>
    </Card>
    <Card title="Queue">
      <EmptyState title="Nothing waits.">Requests that wait for this environment are shown here.</EmptyState>
    </Card>
  </Page>
)

export const LogPage = ({ chrome }: { chrome: Chrome }) => (
  <Page chrome={chrome} title="Service Request 2261" badge={<StatusBadge status="INPROG" />} live>
    <Log
      label="Log of service request 2261"
      stream="/log/stream"
      refresh="/log"
      download="/log.txt"
      firstError="#L5"
    >
      <LogStep
        name="Stop application"
        state="succeeded"
        detail="3 s, exit 0"
        command="/opt/app/stop --wait 20"
      />
      {Array.from({ length: 80 }, (_, i) => (
        <LogLine
          zone={zone}
          line={{ number: i + 1, at, stream: i === 4 ? 'err' : 'out', text: `Line ${i + 1} of the output` }}
        />
      ))}
      <LogGap>12 lines are left out here.</LogGap>
    </Log>
  </Page>
)
