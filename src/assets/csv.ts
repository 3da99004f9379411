import { stringify } from 'csv-stringify/sync'
import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { classWords } from './asset-states.ts'
import { type AssetFilters, everyAsset, type ListedAsset } from './queries.ts'

const header = ['Asset', 'Description', 'Customer', 'Customer Name', 'Class', 'Product', 'Status']

/** The list with its filters as CSV. */
export async function* assetsCsv(
  db: DbOrTx,
  actor: Actor,
  filters: AssetFilters,
  sort: string | undefined,
): AsyncGenerator<string> {
  yield lines([header])
  for await (const rows of everyAsset(db, actor, filters, sort))
    if (rows.length > 0) yield lines(rows.map(csvRow))
}

// A cell that begins like a formula would be one in a spreadsheet.
const lines = (rows: readonly (readonly string[])[]) =>
  stringify(
    rows.map(row => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  )

const csvRow = (row: ListedAsset) => [
  row.id,
  row.description,
  row.customer_id,
  row.customer_name,
  classWords[row.class],
  row.product,
  row.status,
]
