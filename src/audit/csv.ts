import { stringify } from 'csv-stringify/sync'
import type { DbOrTx } from '../deps.ts'
import type { AuditFilters } from './audit-filters.ts'
import { everyAct, type ListedEvent } from './audit-list.ts'

const header = ['Date', 'Who', 'Name', 'Role', 'What', 'About', 'Record', 'Customer', 'Details', 'Request']

/** The trail with its filters as CSV. */
export async function* auditCsv(db: DbOrTx, filters: AuditFilters): AsyncGenerator<string> {
  yield lines([header])
  for await (const events of everyAct(db, filters)) yield lines(events.map(csvRow))
}

// A cell that begins like a formula would be one in a spreadsheet.
const lines = (rows: readonly (readonly (string | null)[])[]) =>
  stringify(
    rows.map(row => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  )

const csvRow = (event: ListedEvent) => [
  event.at,
  event.actorId ?? 'Gatehouse',
  event.actorName,
  event.actorRole,
  event.verb,
  event.type,
  event.record,
  event.customerId,
  Object.keys(event.detail).length === 0 ? '' : JSON.stringify(event.detail),
  event.httpRequestId,
]
