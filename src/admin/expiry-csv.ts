import { stringify } from 'csv-stringify/sync'
import { automaticReset } from '../database-accounts/look-after-passwords.ts'
import type { DbOrTx } from '../deps.ts'
import {
  type EndingPassword,
  type ExpirySearch,
  endingCertificates,
  everyEndingPassword,
} from './expiry-queries.ts'

const header = [
  'Ends',
  'What',
  'Account',
  'Person',
  'Asset',
  'Customer',
  'Server',
  'Host',
  'Port',
  'Database',
  'Automatic Reset',
]

/** What ends in a time, as CSV: passwords, then certificates. */
export async function* expiryCsv(
  db: DbOrTx,
  search: ExpirySearch,
  sort: string | undefined,
): AsyncGenerator<string> {
  yield lines([header])
  for await (const rows of everyEndingPassword(db, search, sort))
    if (rows.length > 0) yield lines(rows.map(passwordRow))
  const certificates = await endingCertificates(db, search)
  yield lines(
    certificates.map(({ kind, expiresAt, serverName, of }) => [
      expiresAt,
      kind === 'CA' ? `CA: ${of}` : `certificate of the ${of}`,
      ...['', '', '', ''],
      serverName,
      ...['', '', '', ''],
    ]),
  )
}

function passwordRow(row: EndingPassword): string[] {
  const { host, port } = endpointOf(row)
  return [
    row.expires_at,
    'password',
    row.account,
    row.person_id,
    row.asset_id,
    row.customer_id,
    row.server_name,
    host,
    String(port),
    row.database_name,
    resetOf(row) ?? '',
  ]
}

/** Where the account's owner signs in. */
export const endpointOf = (row: EndingPassword): { host: string; port: number } =>
  row.target === 'standby' && row.standby_host !== null && row.standby_port !== null
    ? { host: row.standby_host, port: row.standby_port }
    : { host: row.host, port: row.port }

/** When it is reset: as somebody has scheduled it, or by itself; what is not APPROVED is not. */
export function resetOf(row: EndingPassword): string | null {
  if (row.status !== 'APPROVED') return null
  const itself = automaticReset(row)
  if (row.reset_due_at === null) return itself
  return itself === null || row.reset_due_at < itself ? row.reset_due_at : itself
}

// A cell that begins like a formula would be one in a spreadsheet.
const lines = (rows: readonly (readonly string[])[]) =>
  rows.length === 0
    ? ''
    : stringify(
        rows.map(row => [...row]),
        { escape_formulas: true, record_delimiter: 'windows' },
      )
