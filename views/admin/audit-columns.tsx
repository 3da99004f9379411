import type { ListedEvent } from '../../src/audit/audit-list.ts'
import { subjectTypes, subjectWords } from '../../src/audit/subject-types.ts'
import { paths } from '../../src/paths.ts'
import type { Column } from '../ui/data-table.tsx'
import { Time } from '../ui/time.tsx'
import { DetailList } from './history.tsx'

/** Columns of the trail, in the reader's zone. */
export const auditColumns = (zone: string): readonly Column<ListedEvent>[] => [
  {
    key: 'date',
    label: 'Date',
    look: 'time',
    filter: 'dates',
    cell: row => <Time at={row.at} zone={zone} />,
  },
  { key: 'who', label: 'Who', filter: 'text', cell: row => <Who event={row} /> },
  { key: 'what', label: 'What', look: 'grow', filter: 'text', cell: row => row.verb },
  {
    key: 'about',
    label: 'About',
    filter: subjectTypes.map(type => ({ value: type, label: subjectWords[type] })),
    cell: row => wordsOfType(row.type),
  },
  { key: 'record', label: 'Record', look: 'code', filter: 'text', cell: row => <RecordLink event={row} /> },
  {
    key: 'customer',
    label: 'Customer',
    look: 'code',
    filter: 'text',
    cell: row =>
      row.customerId === null ? (
        <span class="none">–</span>
      ) : (
        <a href={paths.adminCustomer(row.customerId)}>{row.customerId}</a>
      ),
  },
]

/** The twistie of a row. */
export const auditDetails = {
  label: (row: ListedEvent) => `Details of ${row.verb}, ${row.record}`,
  body: (row: ListedEvent) => <EventDetails event={row} />,
}

const EventDetails = ({ event }: { event: ListedEvent }) => {
  const detail = {
    ...event.detail,
    ...(event.httpRequestId !== null && { 'number of the request to the portal': event.httpRequestId }),
  }
  if (Object.keys(detail).length === 0) return <p>Nothing more was recorded.</p>
  return <DetailList detail={detail} />
}

const Who = ({ event }: { event: ListedEvent }) => {
  if (event.actorId === null) return 'Gatehouse'
  if (event.actorName === null) return <code>{event.actorId}</code>
  return (
    <span>
      <a href={paths.adminPerson(event.actorId)}>{event.actorId}</a>{' '}
      <span class="together">{event.actorName}</span>
    </span>
  )
}

const RecordLink = ({ event }: { event: ListedEvent }) => {
  const href = recordHref(event)
  return href === null ? event.record : <a href={href}>{event.record}</a>
}

/** The record's page; null where there is none. */
function recordHref({ type, record, detail }: ListedEvent): string | null {
  if (type === 'access') return accessHref(detail)
  const page = pages[type]
  return page === undefined ? null : page(record)
}

const accessHref = ({ person, asset }: ListedEvent['detail']) =>
  typeof person === 'string'
    ? paths.manageAccess(person, { asset: typeof asset === 'string' ? asset : undefined })
    : null

const pages: Readonly<Record<string, (record: string) => string>> = {
  'access-type': paths.adminAccessType,
  action: paths.adminAction,
  asset: paths.adminAsset,
  campaign: paths.adminCampaign,
  customer: paths.adminCustomer,
  'database-server': paths.adminDatabaseServer,
  mail: paths.adminMail,
  notice: paths.adminNotice,
  person: paths.adminPerson,
  runbook: paths.adminRunbook,
  'service-request': paths.serviceRequest,
  setting: paths.adminSettings,
}

const wordsOfType = (type: string) => (subjectWords as Readonly<Record<string, string>>)[type] ?? type
