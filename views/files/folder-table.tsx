import { nameOf, shownKey, shownName } from '../../src/files/names.ts'
import type { DescribedEntry } from '../../src/files/object-store.ts'
import { paths } from '../../src/paths.ts'
import { zoneOf } from '../layout/chrome.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Column } from '../ui/table-columns.ts'
import { Time } from '../ui/time.tsx'
import type { FolderPageProps } from './folder-page.tsx'
import { sizeWords } from './size.ts'

export const FolderTable = (props: FolderPageProps) => {
  const { asset, store, folder, rows, query, page } = props
  const none = { files: 'No file is here yet.', logs: 'No log is here.' }[store]
  return (
    <DataTable
      title={store === 'files' ? 'Files' : 'Logs'}
      columns={columnsOf(props)}
      rows={rows}
      query={query}
      href={asked => paths.store(asset.id, store, { path: folder, ...asked })}
      defaultSort="name"
      page={page}
      empty={<EmptyState title={folder === '' ? none : 'This folder is empty.'} />}
    />
  )
}

const columnsOf = (props: FolderPageProps): readonly Column<DescribedEntry>[] => [
  {
    key: 'name',
    label: 'Name',
    look: 'name',
    sortable: true,
    filter: 'text',
    cell: row => <EntryLink {...props} entry={row} />,
  },
  {
    key: 'size',
    label: 'Size',
    look: 'number',
    sortable: true,
    cell: row =>
      row.size === null ? (
        <span class="none">–</span>
      ) : (
        <span class="nowrap" title={`${row.size} bytes`}>
          {sizeWords(row.size)}
        </span>
      ),
  },
  {
    key: 'type',
    label: 'Type',
    cell: row => (row.kind === 'folder' ? 'folder' : (row.type ?? <span class="none">not known</span>)),
  },
  {
    key: 'modified',
    label: 'Modified',
    look: 'time',
    sortable: true,
    cell: row => <Time at={row.modified} zone={zoneOf(props.chrome)} />,
  },
  ...(props.mayDelete ? [deleteColumn(props)] : []),
]

type EntryProps = Pick<FolderPageProps, 'asset' | 'store'> & { entry: DescribedEntry }

/** A name may be as long as it likes: it breaks where it must. */
const EntryLink = ({ asset, store, entry }: EntryProps) => (
  <span class="file-name">
    <Icon name={entry.kind === 'folder' ? 'folder' : 'file'} />
    <a
      href={
        entry.kind === 'folder'
          ? paths.store(asset.id, store, { path: entry.key })
          : paths.storeDownload(asset.id, store, { path: entry.key })
      }
    >
      {shownName(nameOf(entry.key))}
    </a>
  </span>
)

const deleteColumn = ({ asset, store }: FolderPageProps): Column<DescribedEntry> => ({
  key: 'delete',
  label: 'Delete',
  cell: row =>
    row.kind === 'object' && (
      <a href={paths.storeDelete(asset.id, store, { path: row.key })}>
        Delete<span class="visually-hidden"> {shownKey(row.key)}</span>
      </a>
    ),
})
