import { assetClasses, assetStatuses, classWords } from '../../src/assets/asset-states.ts'
import type { ListedAsset } from '../../src/assets/queries.ts'
import type { Column } from '../ui/data-table.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'

/** Columns of both lists of assets; they lead to different records. */
export const assetColumns = (recordOf: (id: string) => string): readonly Column<ListedAsset>[] => [
  {
    key: 'asset',
    label: 'Asset',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => <a href={recordOf(row.id)}>{row.id}</a>,
  },
  {
    key: 'description',
    label: 'Description',
    look: 'grow',
    sortable: true,
    filter: 'text',
    cell: row => row.description,
  },
  {
    key: 'customer',
    label: 'Customer',
    sortable: true,
    filter: 'text',
    cell: row => (
      <span>
        <code>{row.customer_id}</code> {row.customer_name}
      </span>
    ),
  },
  {
    key: 'class',
    label: 'Class',
    sortable: true,
    filter: assetClasses.map(value => ({ value, label: classWords[value] })),
    cell: row => classWords[row.class],
  },
  { key: 'product', label: 'Product', sortable: true, filter: 'text', cell: row => row.product },
  {
    key: 'status',
    label: 'Status',
    sortable: true,
    filter: assetStatuses.map(value => ({ value, label: value })),
    cell: row => <StatusBadge status={row.status} />,
  },
]
