import type { Finding } from '../../src/database-accounts/drift-queries.ts'
import { driftKinds, isBeingAdopted } from '../../src/database-accounts/drift-words.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { ButtonForm } from '../ui/form.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumb } from './admin-crumb.ts'

interface Compared {
  id: number
  name: string
  drift_at: string | null
  drift_error: string | null
}

interface DriftProps {
  chrome: Chrome
  servers: readonly Compared[]
  open: readonly Finding[]
  settled: readonly Finding[]
}

export const DriftPage = ({ chrome, servers, open, settled }: DriftProps) => (
  <Page
    chrome={chrome}
    title="Drift report"
    crumbs={[adminCrumb]}
    action={
      <ButtonForm chrome={chrome} action={paths.adminDrift()}>
        <Button kind="primary">Compare now</Button>
      </ButtonForm>
    }
  >
    <p class="lead">
      What the portal knows of database accounts, compared with what is on the servers, every night and on
      demand: accounts nobody owns, vanished ones, unexpected rights.
    </p>
    <DataTable
      title="Findings"
      columns={findingColumns(chrome)}
      rows={open}
      empty={
        servers.some(server => server.drift_at !== null)
          ? 'Portal and servers say the same.'
          : 'Nothing has been compared yet.'
      }
    />
    <DataTable
      title="Servers"
      columns={serverColumns(chrome)}
      rows={servers}
      empty="There is no database server in use."
    />
    {settled.length > 0 && (
      <DataTable title="Settled last" columns={settledColumns(chrome)} rows={settled} empty="" />
    )}
  </Page>
)

const nameColumn: Column<Finding> = {
  key: 'account',
  label: 'Account',
  look: 'name',
  cell: row => <a href={paths.adminDriftFinding(row.id)}>{row.name}</a>,
}
const kindColumn: Column<Finding> = { key: 'kind', label: 'Finding', cell: row => driftKinds[row.kind].label }
const serverColumn: Column<Finding> = { key: 'server', label: 'Server', cell: row => row.server }

const findingColumns = (chrome: Chrome): readonly Column<Finding>[] => [
  nameColumn,
  kindColumn,
  serverColumn,
  {
    key: 'access',
    label: 'Access',
    cell: row =>
      row.person ? (
        <>
          <span class="nowrap">{row.person},</span> <span class="nowrap">{row.asset_id}</span>
        </>
      ) : (
        <span class="none">none</span>
      ),
  },
  { key: 'detail', label: 'What was found', look: 'grow', cell: row => actWords(row) ?? row.detail },
  {
    key: 'found',
    label: 'Found',
    look: 'time',
    cell: row => <Time at={row.found_at} zone={zoneOf(chrome)} />,
  },
]

/** What is being done about it. */
export function actWords(row: Finding): string | null {
  if (row.act === null) return null
  if (row.act === 'adopt') return isBeingAdopted(row) ? adoptWords(row) : null
  const doing = row.act === 'drop' ? 'being dropped' : 'being disabled'
  return row.act_error === null
    ? `It is ${doing}.`
    : `It is ${doing}; the last attempt failed, and it is tried again: ${row.act_error}`
}

const adoptWords = ({ adopter, adopt_asset_id, adopt_status }: Finding) =>
  adopt_status === 'PROCESSING'
    ? `It goes to ${adopter}, on ${adopt_asset_id}, when the managers have approved the request.`
    : `${adopter} has it, on ${adopt_asset_id}; the next comparison settles this.`

const settledColumns = (chrome: Chrome): readonly Column<Finding>[] => [
  nameColumn,
  kindColumn,
  serverColumn,
  { key: 'how', label: 'How', look: 'grow', cell: row => row.settled_how },
  {
    key: 'settled',
    label: 'Settled',
    look: 'time',
    cell: row => <Time at={row.settled_at} zone={zoneOf(chrome)} />,
  },
]

const serverColumns = (chrome: Chrome): readonly Column<Compared>[] => [
  {
    key: 'server',
    label: 'Server',
    look: 'name',
    cell: row => <a href={paths.adminDatabaseServer(row.id)}>{row.name}</a>,
  },
  {
    key: 'compared',
    label: 'Compared',
    look: 'time',
    cell: row =>
      row.drift_at === null ? (
        <span class="none">not yet</span>
      ) : (
        <Time at={row.drift_at} zone={zoneOf(chrome)} />
      ),
  },
  {
    key: 'error',
    label: 'Last attempt',
    look: 'grow',
    cell: row => row.drift_error ?? (row.drift_at === null ? '' : 'went well'),
  },
]
