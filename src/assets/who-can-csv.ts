import { stringify } from 'csv-stringify/sync'
import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { everyHolder, type Holder, type HolderFilters, type Where } from './who-can.ts'

const header = [
  'Person',
  'Name',
  'Access',
  'Granted on',
  'Covers',
  'Status',
  'Since',
  'Until',
  'Database Account ID',
]

/** Who can do what here as CSV. */
export async function* whoCanCsv(
  db: DbOrTx,
  actor: Actor,
  where: Where,
  filters: HolderFilters,
): AsyncGenerator<string> {
  yield lines([header])
  for await (const rows of everyHolder(db, actor, where, filters))
    if (rows.length > 0) yield lines(rows.map(row => csvRow(row, where)))
}

// A cell that begins like a formula would be one in a spreadsheet.
const lines = (rows: readonly (readonly (string | null)[])[]) =>
  stringify(
    rows.map(row => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  )

const csvRow = (row: Holder, { customerId }: Where) => [
  row.personId,
  row.name,
  row.access,
  row.assetId,
  row.everywhere ? `all assets of ${customerId}` : row.assetId,
  row.status,
  row.since,
  row.until,
  row.account,
]
