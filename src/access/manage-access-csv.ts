import { stringify } from 'csv-stringify/sync'
import { type Actor, isOperator } from '../policy.ts'
import type { PersonAccess } from './access-queries.ts'
import { filterAccesses, filterAssets, type ManageQuery, savedAssets } from './manage-access-query.ts'

/** Assets with their filters as CSV: what is saved. */
export const assetsCsv = (saved: readonly PersonAccess[], query: ManageQuery): string =>
  lines([
    ['Asset', 'Description'],
    ...filterAssets(savedAssets(saved), query).map(asset => [asset.id, asset.description]),
  ])

/** Specific Access in the Environment as CSV: on the selected asset, or on all of them. */
export function accessesCsv(viewer: Actor, saved: readonly PersonAccess[], query: ManageQuery): string {
  const here = query.asset ? saved.filter(access => access.asset_id === query.asset) : saved
  return lines([
    [
      'Asset',
      'Access Type',
      'Description',
      'Status',
      'Pending Status',
      'Justification',
      'Requested By',
      'Requested',
      'Ends On',
      'Database Account ID',
    ],
    ...filterAccesses(here, query).map(access => [
      access.asset_id,
      access.type_name,
      access.type_description,
      access.status,
      access.pending_status ?? '',
      access.justification,
      access.requested_by_role === 'OPERATOR' && !isOperator(viewer)
        ? 'operator'
        : (access.requested_by ?? ''),
      access.created_at,
      access.ends_on ?? '',
      access.database_account ?? '',
    ]),
  ])
}

// A cell that begins like a formula would be one in a spreadsheet.
const lines = (rows: string[][]) => stringify(rows, { escape_formulas: true, record_delimiter: 'windows' })
