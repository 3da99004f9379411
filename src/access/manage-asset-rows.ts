import { isRemovable } from './access-queries.ts'
import { savedAssets } from './manage-access-query.ts'
import { type Drawing, fieldsOf } from './manage-drawing.ts'
import { assetField, editField, newKey } from './staged-changes.ts'

/** A row of Assets. */
export interface AssetRow {
  /** Its id, or that of an added row while nobody knows which asset is meant. */
  key: string
  /** null: not known yet. */
  id: string | null
  description: string
  state: 'saved' | 'added' | 'deleted'
  /** Of an added row. */
  index: number
  /** Its field is shown. */
  open: boolean
  deletable: boolean
  /** "1 access added", "2 to remove", "to correct". */
  marks: readonly string[]
}

/** Rows of Assets: the saved ones by id, then those that were added. */
export function assetRows(drawing: Drawing): AssetRow[] {
  const { saved, staged, read, errors } = drawing
  const rows = savedAssets(saved).map(
    (asset): AssetRow => ({
      ...asset,
      key: asset.id,
      state: staged.deleted.includes(asset.id) ? 'deleted' : 'saved',
      index: 0,
      open: false,
      deletable: saved.some(access => access.asset_id === asset.id && isRemovable(access)),
      marks: marksOf(drawing, asset.id),
    }),
  )
  const added = staged.assets.map(({ index }): AssetRow => {
    const known = read.assets.find(one => one.index === index)?.asset ?? null
    const key = isUsed(drawing, newKey(index)) ? newKey(index) : (known?.id ?? newKey(index))
    return {
      key,
      id: known?.id ?? null,
      description: known?.description ?? '',
      state: 'added',
      index,
      open: known === null || drawing.keepOpen || errors[assetField(index)] !== undefined,
      deletable: true,
      marks: marksOf(drawing, key),
    }
  })
  return [...rows, ...added]
}

/** Until the row is written in full, others go by the key it had. */
const isUsed = ({ staged, selected }: Drawing, key: string) =>
  selected === key || staged.accesses.some(row => row.on === key)

function marksOf({ staged, saved, errors, read }: Drawing, key: string): string[] {
  const added = staged.accesses.filter(row => row.on === key)
  const removed = staged.removals.filter(row => saved.some(one => one.id === row.id && one.asset_id === key))
  const edited = read.edits.filter(({ access }) => access.asset_id === key)
  const names = [
    ...added.flatMap(row => fieldsOf(row.index)),
    ...edited.map(({ access }) => editField(access.id)),
  ]
  return [
    ...(added.length > 0 ? [`${added.length} ${added.length === 1 ? 'access' : 'accesses'} added`] : []),
    ...(removed.length > 0 ? [`${removed.length} to remove`] : []),
    ...(edited.length > 0 ? [`${edited.length} changed`] : []),
    ...(names.some(name => errors[name]) ? ['to correct'] : []),
  ]
}
