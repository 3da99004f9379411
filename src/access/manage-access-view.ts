import type { Deps } from '../deps.ts'
import { paths } from '../paths.ts'
import type { FieldErrors } from '../result.ts'
import {
  type Cut,
  cut,
  filterAssets,
  type ManageQuery,
  type SavedAsset,
  savedAssets,
} from './manage-access-query.ts'
import { type AccessRow, cutAccesses } from './manage-access-rows.ts'
import { type AssetRow, assetRows } from './manage-asset-rows.ts'
import { type Drawing, fieldsOf } from './manage-drawing.ts'
import {
  accessField,
  assetField,
  countStaged,
  editField,
  type StagedFields,
  toFields,
  versionField,
} from './staged-changes.ts'

const assetsAPage = 20

export interface ManageAccessView {
  assets: Cut<AssetRow>
  accesses: Cut<AccessRow>
  selected: string
  /** What is staged and has no field on the page. */
  hidden: StagedFields
  values: StagedFields
  errors: FieldErrors
  /** Where each error is mended: the address of its asset; absent: on this page. */
  elsewhere: Readonly<Record<string, string>>
  count: number
  /** Only pieces of it are looked at: what is wrong with a field is said in its piece. */
  piece: boolean
  left: readonly string[]
}

/** What Manage Access is drawn from. */
export async function manageAccessView(deps: Deps, drawing: Drawing): Promise<ManageAccessView> {
  const { read, staged, errors } = drawing
  const everyAsset = assetRows(drawing)
  const wanted = filterAssets(savedAssets(drawing.saved), drawing.query)
  const chosen =
    everyAsset.find(row => row.key === drawing.selected) ??
    everyAsset.find(row => row.key === drawing.selected.toUpperCase())
  const selected = chosen?.key ?? wanted[0]?.id ?? everyAsset[0]?.key ?? ''
  const assets = cutAssets(drawing.query, wanted, everyAsset, selected)
  const accesses = await cutAccesses(deps, drawing, selected)
  const values = { ...toFields(staged), ...shownVersions(accesses.rows) }
  const shown = new Set([...shownAssetFields(assets.rows), ...shownAccessFields(accesses.rows)])
  return {
    assets,
    accesses,
    selected,
    hidden: Object.fromEntries(Object.entries(values).filter(([name]) => !shown.has(name))),
    values: { ...drawing.typed, ...values },
    errors,
    elsewhere: elsewhere(drawing, shown),
    count: countStaged(staged),
    piece: drawing.keepOpen,
    left: read.left,
  }
}

function cutAssets(
  query: ManageQuery,
  wanted: readonly SavedAsset[],
  rows: readonly AssetRow[],
  selected: string,
): Cut<AssetRow> {
  const added = rows.filter(row => row.state === 'added')
  const place = wanted.findIndex(row => row.id === selected)
  const page = cut(wanted, query.assets_page, assetsAPage, added.length, place)
  const shown = page.rows.flatMap(({ id }) => rows.filter(row => row.key === id && row.state !== 'added'))
  return { ...page, rows: [...shown, ...added] }
}

const shownAssetFields = (rows: readonly AssetRow[]) =>
  rows.filter(row => row.open).map(row => assetField(row.index))

function shownAccessFields(rows: readonly AccessRow[]): string[] {
  return rows.flatMap(row => {
    if (row.kind === 'saved') return row.editable ? [editField(row.access.id)] : []
    const hidden = [accessField(row.index, 'seen'), accessField(row.index, 'ok')]
    return row.fields ? [...fieldsOf(row.index), ...hidden] : []
  })
}

/** The form says which version of a request it shows, whether or not its Justification is changed. */
const shownVersions = (rows: readonly AccessRow[]): StagedFields =>
  Object.fromEntries(
    rows.flatMap(row =>
      row.kind === 'saved' && (row.editable || row.edited)
        ? [[versionField(row.access.id), String(row.access.version)]]
        : [],
    ),
  )

/** Errors of fields that stand on another page: the address where they do. */
function elsewhere(
  { requesting, staged, read, errors }: Drawing,
  shown: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const person = requesting.person.person.id
  const placed = [
    ...staged.accesses.flatMap(row => fieldsOf(row.index).map(name => [name, row.on] as const)),
    ...read.edits.map(({ access }) => [editField(access.id), access.asset_id] as const),
  ]
  return Object.fromEntries(
    placed.flatMap(([name, on]) =>
      errors[name] && !shown.has(name)
        ? [[name, `${paths.manageAccess(person, { asset: on, check: 1 })}#field-${name}`]]
        : [],
    ),
  )
}
