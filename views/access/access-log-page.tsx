import type { Row, RunPurpose } from '../../db/schema.ts'
import { paths } from '../../src/paths.ts'
import { adminCrumb } from '../admin/admin-crumb.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { RunLog, type RunLogProps } from '../service-requests/run-log.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Facts } from '../ui/facts.tsx'
import { Form } from '../ui/form.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'

interface Props {
  chrome: Chrome
  access: Row<'accesses'>
  typeName: string
  person: Pick<Row<'persons'>, 'id' | 'display_name'>
  hasFailed: boolean
  /** Newest first. */
  runs: readonly Row<'runs'>[]
  run: { purpose: RunPurpose | null; log: Omit<RunLogProps, 'chrome'> } | undefined
}

/** What runbooks did to grant and to remove an access. */
export const AccessLogPage = (props: Props) => {
  const { chrome, access, person, typeName, run } = props
  return (
    <Page
      chrome={chrome}
      title={`${typeName} on ${access.asset_id}`}
      crumbs={[adminCrumb, { label: `Manage Access of ${person.display_name}`, href: manageAccess(access) }]}
      badge={<StatusBadge status={access.status} />}
      secondary={props.hasFailed && <Retry {...props} />}
    >
      <AccessFacts {...props} />
      {props.runs.length > 0 && (
        <DataTable
          title="Runs"
          columns={runColumns(chrome, access.id)}
          rows={props.runs}
          empty="Nothing has run yet."
        />
      )}
      {run ? (
        <RunLog {...run.log} chrome={chrome} />
      ) : (
        <p>
          Nothing has run for this access. Either its runbook has not begun yet, or the portal grants and
          removes it itself.
        </p>
      )}
    </Page>
  )
}

const manageAccess = (access: Row<'accesses'>) =>
  paths.manageAccess(access.person_id, { asset: access.asset_id })

const AccessFacts = ({ access, person, typeName }: Props) => (
  <Facts
    items={[
      { label: 'User', value: `${person.display_name} (${person.id})` },
      { label: 'Asset', value: access.asset_id },
      { label: 'Access Type', value: typeName },
      { label: 'Status', value: access.status },
      { label: 'Pending Status', value: access.pending_status, wide: true },
      { label: 'Reason', value: access.reason, wide: true },
    ]}
  />
)

const Retry = ({ chrome, access }: Props) => (
  <Form chrome={chrome} action={paths.accessEvent(access.person_id, access.id, 'retry')} look="inline">
    <Button icon="refresh">Retry</Button>
  </Form>
)

const purposes: Record<RunPurpose, string> = { grant: 'Grant', removal: 'Removal' }

const runColumns = (chrome: Chrome, accessId: number): readonly Column<Row<'runs'>>[] => {
  const zone = zoneOf(chrome)
  return [
    {
      key: 'attempt',
      label: 'Attempt',
      look: 'id',
      cell: run => <a href={paths.accessRunLog(accessId, run.attempt)}>{run.attempt}</a>,
    },
    { key: 'purpose', label: 'What', cell: run => run.purpose && purposes[run.purpose] },
    { key: 'state', label: 'State', cell: run => <StatusBadge status={run.state} /> },
    { key: 'started', label: 'Started', look: 'time', cell: run => <Time at={run.started_at} zone={zone} /> },
    {
      key: 'finished',
      label: 'Finished',
      look: 'time',
      cell: run => <Time at={run.finished_at} zone={zone} />,
    },
    { key: 'host', label: 'Host', cell: run => run.host },
  ]
}
