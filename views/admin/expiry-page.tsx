import type { Instant } from '../../db/schema.ts'
import type { Day, Month } from '../../src/admin/expiry-month.ts'
import type { EndingCertificate, EndingPassword } from '../../src/admin/expiry-queries.ts'
import type { WeekOfEnds } from '../../src/admin/expiry-weeks.ts'
import { months } from '../../src/calendar-words.ts'
import { paths } from '../../src/paths.ts'
import { type Chrome, zoneOf } from '../layout/chrome.ts'
import { Page } from '../layout/page.tsx'
import { addressWords } from '../ui/address-words.ts'
import { ButtonLink } from '../ui/button.tsx'
import { type Column, DataTable, type TableQuery } from '../ui/data-table.tsx'
import type { PageOf } from '../ui/pager.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Time } from '../ui/time.tsx'
import { adminCrumb } from './admin-crumb.ts'
import { ExpiryCalendar, type ExpiryDays } from './expiry-calendar.tsx'
import { ExpiryWeeks } from './expiry-weeks.tsx'

/** With the endpoint its owner uses, and when it is reset. */
export interface ExpiryRow extends EndingPassword {
  resetAt: Instant | null
}

interface Props extends ExpiryDays {
  chrome: Chrome
  month: Month
  weeks: readonly WeekOfEnds[]
  /** The one that was pressed; null: the whole month. */
  day: Day | null
  rows: readonly ExpiryRow[]
  certificates: readonly EndingCertificate[]
  query: TableQuery
  page: PageOf
}

export const ExpiryPage = (props: Props) => {
  const { chrome, month, day, query } = props
  const name = `${months[month.month - 1]} ${month.year}`
  const when = day ? `on ${day.number} ${name}` : `in ${name}`
  return (
    <Page chrome={chrome} title="Expiry calendar" crumbs={[adminCrumb]}>
      <p class="lead">
        When passwords of database accounts and the certificates of their servers end, in {month.zone}.
        Passwords are reset by themselves before they do.
      </p>
      <ExpiryWeeks weeks={props.weeks} query={query} />
      <ExpiryCalendar {...props} name={name} />
      {day && (
        <p>
          <ButtonLink kind="quiet" href={paths.adminExpiry({ ...query, day: undefined })}>
            Show all of {name}
          </ButtonLink>
        </p>
      )}
      <DataTable
        title={`Passwords that end ${when}`}
        columns={passwordColumns(zoneOf(chrome))}
        rows={props.rows}
        query={query}
        href={paths.adminExpiry}
        defaultSort="expires"
        page={props.page}
        download={paths.adminExpiryCsv(query)}
        empty={`No password of a database account ends ${when}.`}
      />
      <DataTable
        title={`Certificates that end ${when}`}
        columns={certificateColumns(zoneOf(chrome))}
        rows={props.certificates}
        empty={`No certificate that the portal knows of ends ${when}.`}
      />
    </Page>
  )
}

const passwordColumns = (zone: string): readonly Column<ExpiryRow>[] => [
  {
    key: 'expires',
    label: 'Ends',
    look: 'time',
    sortable: true,
    cell: row => <Time at={row.expires_at} zone={zone} />,
  },
  {
    key: 'account',
    label: 'Account',
    look: 'code',
    sortable: true,
    cell: row => <a href={paths.manageAccess(row.person_id, { asset: row.asset_id })}>{row.account}</a>,
  },
  {
    key: 'person',
    label: 'Person',
    sortable: true,
    cell: row => (
      <span>
        <a href={paths.adminPerson(row.person_id)}>{row.person_id}</a>{' '}
        <span class="together">{row.person_name}</span>
      </span>
    ),
  },
  {
    key: 'asset',
    label: 'Asset',
    look: 'code',
    sortable: true,
    filter: 'text',
    cell: row => <a href={paths.asset(row.asset_id)}>{row.asset_id}</a>,
  },
  {
    key: 'customer',
    label: 'Customer',
    look: 'code',
    filter: 'text',
    cell: row => <a href={paths.adminCustomer(row.customer_id)}>{row.customer_id}</a>,
  },
  {
    key: 'host',
    label: 'Host',
    cell: row => (
      <span class="host">
        <a href={paths.adminDatabaseServer(row.server_id)}>{addressWords(row.host, row.port)}</a>
      </span>
    ),
  },
  { key: 'database', label: 'Database', look: 'code', cell: row => row.database_name },
  {
    key: 'reset',
    label: 'Automatic reset',
    look: 'time',
    cell: row =>
      row.status === 'APPROVED' ? <Time at={row.resetAt} zone={zone} /> : <StatusBadge status={row.status} />,
  },
]

const certificateColumns = (zone: string): readonly Column<EndingCertificate>[] => [
  { key: 'ends', label: 'Ends', look: 'time', cell: row => <Time at={row.expiresAt} zone={zone} /> },
  {
    key: 'server',
    label: 'Server',
    look: 'name',
    cell: row => <a href={paths.adminDatabaseServer(row.serverId)}>{row.serverName}</a>,
  },
  {
    key: 'certificate',
    label: 'Certificate',
    look: 'grow',
    cell: row => (row.kind === 'CA' ? `of the CA ${row.of}` : `of the ${row.of}`),
  },
]
