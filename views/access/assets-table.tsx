import type { AssetRow } from '../../src/access/manage-asset-rows.ts'
import { assetField } from '../../src/access/staged-changes.ts'
import { paths } from '../../src/paths.ts'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { LookupField } from '../ui/lookup-field.tsx'
import type { ManageAccessProps } from './manage-access-page.tsx'
import { keeping, looked, MANAGE_FORM } from './manage-form.ts'
import { pagesOf } from './pages-of.ts'

/** The assets on which the person has accesses, and those that are being added. */
export const AssetsTable = (props: ManageAccessProps) => {
  const { person, query, view } = props
  return (
    <DataTable
      title="Assets"
      columns={columnsFor(props)}
      rows={view.assets.rows}
      query={query}
      href={asked => paths.manageAccess(person.id, asked)}
      defaultSort="find_asset"
      page={pagesOf(view.assets, person.id, query, 'assets_page')}
      download={paths.manageAccessCsv(person.id, { ...query, table: 'assets' })}
      rowClass={row => classOf(row, view.selected)}
      empty={<p>There is no asset yet. Press New Row to add the first one.</p>}
      foot={
        <Button
          form={MANAGE_FORM}
          name="do"
          value="add asset"
          icon="plus"
          attrs={{ 'aria-describedby': 'assets-title' }}
        >
          New Row
        </Button>
      }
    />
  )
}

function classOf({ state, key }: AssetRow, selected: string): string | undefined {
  const classes = [
    ...(state === 'added' ? ['row-added'] : state === 'deleted' ? ['row-deleted'] : []),
    ...(key === selected ? ['row-selected'] : []),
  ]
  return classes.join(' ') || undefined
}

const columnsFor = (props: ManageAccessProps): readonly Column<AssetRow>[] => [
  {
    key: 'find_asset',
    label: 'Asset',
    look: 'id',
    sortable: true,
    filter: 'text',
    cell: row => (row.open ? <OpenAsset {...props} row={row} /> : <AssetLink {...props} row={row} />),
  },
  {
    key: 'find_description',
    label: 'Description',
    look: 'grow',
    sortable: true,
    filter: 'text',
    cell: row => (row.open ? '' : row.description),
  },
  { key: 'delete', label: 'Delete', cell: row => <AssetActs row={row} /> },
]

type RowProps = ManageAccessProps & { row: AssetRow }

/** Selects it: accesses are shown of, and added to, the selected one. */
const AssetLink = ({ person, query, view, row }: RowProps) => (
  <a
    href={paths.manageAccess(person.id, { ...query, asset: row.id ?? row.key, accesses_page: undefined })}
    aria-current={row.key === view.selected ? 'true' : undefined}
    {...keeping(`select ${row.key}`)}
  >
    {row.id}
  </a>
)

const OpenAsset = (props: RowProps) => {
  const { person, view, row } = props
  const name = assetField(row.index)
  const piece = `look-${name}`
  return (
    <div class="open-row">
      <div id={piece} aria-live="polite">
        {row.id && (
          <p>
            <AssetLink {...props} /> <span class="soft">{row.description}</span>
          </p>
        )}
        {view.piece && view.errors[name] && <p class="field-error">{view.errors[name]}</p>}
      </div>
      <LookupField
        form={view}
        name={name}
        label="Asset"
        required
        lookup={paths.manageAccessSelect(person.id, name)}
        formId={MANAGE_FORM}
        attrs={looked(person.id, piece)}
      />
    </div>
  )
}

const AssetActs = ({ row }: { row: AssetRow }) => {
  const name = row.id ?? 'the new asset'
  return (
    <span class="staged">
      {row.state === 'added' && <span class="staged-word">added</span>}
      {row.state === 'deleted' && <span class="staged-word">goes when you save</span>}
      {row.state !== 'deleted' && row.marks.length > 0 && (
        <span class="staged-word">{row.marks.join(', ')}</span>
      )}
      {row.state === 'deleted' ? (
        <Button kind="quiet" icon="undo" form={MANAGE_FORM} name="do" value={`take-back asset ${row.key}`}>
          take back<span class="visually-hidden"> {name}</span>
        </Button>
      ) : (
        row.deletable && (
          <Button
            kind="quiet"
            icon="trash"
            form={MANAGE_FORM}
            name="do"
            value={`delete asset ${row.key}`}
            attrs={{ title: 'Delete' }}
          >
            <span class="visually-hidden">Delete {name}</span>
          </Button>
        )
      )}
    </span>
  )
}

/** For a heading: "10000-DEV". */
export const selectedName = (rows: readonly AssetRow[], selected: string) =>
  rows.find(row => row.key === selected)?.id ?? null
