import { stringify } from 'csv-stringify/sync'
import type { Instant } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { type ApprovalFilters, everyApprovalFor, type ListedApproval } from './approvals-queries.ts'

const header = [
  'User',
  'Asset',
  'Access Requested',
  'Status',
  'Pending Status',
  'Justification',
  'Requested By',
  'Requested Date',
  'Changed By',
  'Changed Date',
  'Ends On',
  'Database Account ID',
  'Transfer From',
]

/** What waits for this person's decision, with the list's filters. */
export async function* approvalsCsv(
  db: DbOrTx,
  actor: Actor,
  now: Instant,
  filters: ApprovalFilters,
  sort: string | undefined,
): AsyncGenerator<string> {
  yield lines([header])
  for await (const rows of everyApprovalFor(db, actor, now, filters, sort))
    if (rows.length > 0) yield lines(rows.map(csvRow))
}

// A cell that begins like a formula would be one in a spreadsheet.
const lines = (rows: readonly (readonly (string | null)[])[]) =>
  stringify(
    rows.map(row => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  )

const csvRow = (row: ListedApproval) => [
  row.person_id,
  row.asset_id,
  row.type_name,
  row.status,
  row.pending_status,
  row.justification,
  row.requested_by_role === 'OPERATOR' ? 'operator' : row.requested_by,
  row.created_at,
  row.edited_by_role === 'OPERATOR' ? 'operator' : row.edited_by,
  row.edited_at,
  row.ends_on,
  row.database_account,
  row.transfer_from,
]
