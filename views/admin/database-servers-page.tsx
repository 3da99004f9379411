import type { EngineWords } from '../../src/database-accounts/engine-options.ts'
import type { ListedServer } from '../../src/database-accounts/server-queries.ts'
import { checkStateOf } from '../../src/database-accounts/server-states.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { addressWords } from '../ui/address-words.ts'
import { ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { StatusBadge, StatusMark } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumb } from './admin-crumb.ts'
import { checkLooks } from './database-server-words.ts'

interface Props {
  chrome: Chrome
  rows: readonly ListedServer[]
  engines: readonly EngineWords[]
}

export const DatabaseServersPage = ({ chrome, rows, engines }: Props) => (
  <Page
    chrome={chrome}
    title="Database servers"
    crumbs={[adminCrumb]}
    action={
      <ButtonLink href={paths.adminDatabaseServer('new')} kind="primary" icon="plus">
        New Database Server
      </ButtonLink>
    }
  >
    <p class="lead">
      Servers on which the portal makes accounts for people and programs.{' '}
      <a href={paths.helpPage('setting-up-a-database-server')}>How to set one up</a>
    </p>
    <DataTable
      title="Database servers"
      columns={columns(chrome, engines)}
      rows={rows}
      empty="There is no database server. Enter one with New Database Server."
    />
  </Page>
)

const columns = (chrome: Chrome, engines: readonly EngineWords[]): readonly Column<ListedServer>[] => [
  {
    key: 'server',
    label: 'Server',
    look: 'name',
    cell: row => <a href={paths.adminDatabaseServer(row.id)}>{row.name}</a>,
  },
  {
    key: 'engine',
    label: 'Kind',
    cell: row => engines.find(one => one.engine === row.engine)?.label ?? row.engine,
  },
  {
    key: 'address',
    label: 'Address',
    cell: row => <span class="host">{addressWords(row.host, row.port)}</span>,
  },
  {
    key: 'hadr',
    label: 'Standby (HADR)',
    cell: row =>
      row.standby_host === null ? (
        <span class="none">none</span>
      ) : (
        <span class="host">{addressWords(row.standby_host, row.standby_port ?? row.port)}</span>
      ),
  },
  { key: 'assets', label: 'Assets', look: 'number', cell: row => row.assets },
  { key: 'accounts', label: 'Accounts', look: 'number', cell: row => row.accounts },
  {
    key: 'check',
    label: 'Last check',
    cell: row => {
      const state = checkStateOf(row)
      return (
        <span>
          <StatusMark look={checkLooks[state]} word={state} />{' '}
          {row.checked_at !== null && (
            <span class="together">
              <Time at={row.checked_at} zone={zoneOf(chrome)} />
            </span>
          )}
        </span>
      )
    },
  },
  {
    key: 'status',
    label: 'Status',
    cell: row => <StatusBadge status={row.suspended_at !== null ? 'SUSPENDED' : row.status} />,
  },
]
