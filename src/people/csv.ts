import { stringify } from 'csv-stringify/sync'
import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { everyListed, type ListViewFilters, type ListViewPerson } from './list-view.ts'
import { everyCustomerOfPerson } from './person-queries.ts'
import type { CustomerOfPerson } from './queries.ts'

const listHeader = ['Login ID', 'First Name', 'Last Name', 'Status', 'Person']

/** The List View with its filters as CSV. */
export async function* listViewCsv(
  db: DbOrTx,
  actor: Actor,
  filters: ListViewFilters,
  sort: string | undefined,
): AsyncGenerator<string> {
  yield lines([listHeader])
  for await (const rows of everyListed(db, actor, filters, sort))
    if (rows.length > 0) yield lines(rows.map(listRow))
}

const listRow = (row: ListViewPerson) => [row.login_id, row.first_name, row.last_name, row.status, row.id]

const customerHeader = ['Customer', 'Name', 'Parent', 'Parent Name', 'Status']

/** What somebody sees of a Customer Access List, as CSV. */
export async function* customersCsv(db: DbOrTx, viewer: Actor, personId: string): AsyncGenerator<string> {
  yield lines([customerHeader])
  for await (const rows of everyCustomerOfPerson(db, viewer, personId))
    if (rows.length > 0) yield lines(rows.map(customerRow))
}

const customerRow = (row: CustomerOfPerson) => [row.id, row.name, row.parent_id, row.parent_name, row.status]

// A cell that begins like a formula would be one in a spreadsheet.
const lines = (rows: readonly (readonly (string | null)[])[]) =>
  stringify(
    rows.map(row => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  )
