import type { Row } from '../../db/schema.ts'
import type { ListedJob } from '../../src/jobs/queries.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import { Form } from '../ui/form.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge, StatusMark } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumb } from './admin-crumb.ts'

export type WorkerRow = Row<'workers'> & { alive: boolean }

interface Props {
  chrome: Chrome
  rows: readonly ListedJob[]
  query: TableQuery
  page: PageOf
  workers: readonly WorkerRow[]
  recurring: readonly Row<'recurring'>[]
}

export const JobsPage = ({ chrome, rows, query, page, workers, recurring }: Props) => (
  <Page chrome={chrome} title="Jobs" crumbs={[adminCrumb]}>
    {!workers.some(worker => worker.alive) && (
      <Callout kind="warning" title="No worker is alive">
        <p>
          Queued requests wait and mails are not sent. Start the portal with <code>gatehouse serve</code>, or
          a worker with <code>gatehouse worker</code>.
        </p>
      </Callout>
    )}
    <DataTable
      title="Jobs"
      columns={jobColumns(chrome)}
      rows={rows}
      query={query}
      href={paths.adminJobs}
      page={page}
      empty="There is no job. Finished ones are forgotten after a while."
    />
    <DataTable
      title="Workers"
      columns={workerColumns(zoneOf(chrome))}
      rows={workers}
      empty="No worker has ever run."
    />
    <DataTable
      title="Recurring work"
      columns={recurringColumns(zoneOf(chrome))}
      rows={recurring}
      empty="No worker has done recurring work yet."
    />
  </Page>
)

const states = ['queued', 'running', 'done', 'failed'] as const

const jobColumns = (chrome: Chrome): readonly Column<ListedJob>[] => {
  const zone = zoneOf(chrome)
  return [
    { key: 'job', label: 'Job', look: 'id', cell: row => row.id },
    { key: 'name', label: 'Name', filter: 'text', cell: row => row.name },
    {
      key: 'state',
      label: 'State',
      filter: states.map(state => ({ value: state, label: state })),
      cell: row => <StatusBadge status={row.state} />,
    },
    { key: 'run_at', label: 'Run at', look: 'time', cell: row => <Time at={row.run_at} zone={zone} /> },
    {
      key: 'finished',
      label: 'Finished',
      look: 'time',
      cell: row => <Time at={row.finished_at} zone={zone} />,
    },
    {
      key: 'attempts',
      label: 'Attempts',
      look: 'number',
      cell: row => `${row.attempts} of ${row.max_attempts}`,
    },
    { key: 'error', label: 'Last error', look: 'grow', cell: row => row.last_error ?? '–' },
    {
      key: 'act',
      label: 'Act',
      cell: row =>
        row.state === 'failed' && (
          <Form chrome={chrome} action={paths.adminJobRetry(row.id)} look="inline">
            <Button kind="quiet" icon="refresh">
              Retry<span class="visually-hidden"> job {row.id}</span>
            </Button>
          </Form>
        ),
    },
  ]
}

const workerColumns = (zone: string): readonly Column<WorkerRow>[] => [
  { key: 'worker', label: 'Worker', look: 'id', cell: row => row.id.slice(0, 8) },
  { key: 'host', label: 'Host', cell: row => row.host },
  { key: 'pid', label: 'Process', look: 'number', cell: row => row.pid },
  { key: 'version', label: 'Version', cell: row => row.version },
  { key: 'started', label: 'Started', look: 'time', cell: row => <Time at={row.started_at} zone={zone} /> },
  { key: 'seen', label: 'Last seen', look: 'time', cell: row => <Time at={row.seen_at} zone={zone} /> },
  {
    key: 'state',
    label: 'State',
    cell: row =>
      row.alive ? (
        <StatusMark look="done" word="alive" />
      ) : row.stopped_at ? (
        <StatusMark look="stopped" word="stopped" />
      ) : (
        <StatusMark look="failed" word="lost" />
      ),
  },
]

const recurringColumns = (zone: string): readonly Column<Row<'recurring'>>[] => [
  { key: 'name', label: 'Name', look: 'grow', cell: row => row.name },
  {
    key: 'last',
    label: 'Last run',
    look: 'time',
    cell: row => <Time at={row.last_at} zone={zone} none="never" />,
  },
  { key: 'next', label: 'Next run', look: 'time', cell: row => <Time at={row.next_at} zone={zone} /> },
  { key: 'error', label: 'Last error', look: 'grow', cell: row => row.last_error ?? '–' },
]
