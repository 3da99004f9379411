import { stringify } from 'csv-stringify/sync'
import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import {
  doneBy,
  itemsOf,
  type ListedItem,
  type ListedPart,
  type PartScope,
  partsAfter,
} from './campaign-part-queries.ts'
import { outcomeWords } from './campaign-states.ts'

const PARTS_A_QUERY = 500

const header = [
  'Person',
  'Name',
  'Login ID',
  'Customer',
  'Asset',
  'Access Type',
  'Access',
  'Outcome',
  'Date',
  'By',
]

/** The proof: a row per access, what became of it, when and by whom. */
export async function* proofCsv(db: DbOrTx, scope: PartScope, viewer: Actor): AsyncGenerator<string> {
  yield lines([header])
  let last: Pick<ListedPart, 'person_id' | 'customer_id'> = { person_id: '', customer_id: '' }
  for (;;) {
    const parts = await partsAfter(db, scope, last, PARTS_A_QUERY)
    const items = await itemsOf(
      db,
      parts.map(part => part.id),
    )
    if (parts.length > 0)
      yield lines(parts.flatMap(part => (items.get(part.id) ?? []).map(item => csvRow(part, item, viewer))))
    if (parts.length < PARTS_A_QUERY) return
    last = parts.at(-1) ?? last
  }
}

// A cell that begins like a formula would be one in a spreadsheet.
const lines = (rows: readonly (readonly (string | number | null)[])[]) =>
  stringify(
    rows.map(row => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  )

const csvRow = (part: ListedPart, item: ListedItem, viewer: Actor) => [
  part.person_id,
  part.display_name,
  part.login_id,
  part.customer_id,
  item.asset_id,
  item.type_name,
  item.access_id,
  outcomeWords[item.outcome],
  item.decided_at,
  doneBy(item, viewer),
]
