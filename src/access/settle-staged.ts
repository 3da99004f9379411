import type { PersonAccess } from './access-queries.ts'
import type { ReadChanges } from './read-staged.ts'
import { newKey, rekey, type StagedChanges } from './staged-changes.ts'

/** Accesses staged on an asset that has no row any more get one: nothing that was typed disappears. */
export function adoptOrphans(staged: StagedChanges, saved: readonly PersonAccess[]): StagedChanges {
  const known = new Set([
    ...saved.map(access => access.asset_id),
    ...staged.assets.flatMap(row => [newKey(row.index), row.asset]),
  ])
  let adopted = staged
  for (const { on } of staged.accesses) {
    if (known.has(on)) continue
    known.add(on)
    const index = Math.max(0, ...adopted.assets.map(row => row.index)) + 1
    const asset = /^new-\d+$/.test(on) ? '' : on
    adopted = rekey({ ...adopted, assets: [...adopted.assets, { index, asset }] }, on, asset || newKey(index))
  }
  return adopted
}

export interface Settled {
  staged: StagedChanges
  selected: string
}

/**
 * Writes what was understood in full: ids for beginnings of ids, names for aliases. An added asset that is in the
 * table already is no second row.
 */
export function settle(read: ReadChanges, saved: readonly PersonAccess[], selected: string): Settled {
  const there = new Set(saved.map(access => access.asset_id))
  let { staged } = read
  let chosen = selected
  for (const { index, asset } of read.assets) {
    if (!asset) continue
    staged = rekey(staged, newKey(index), asset.id)
    if (chosen === newKey(index)) chosen = asset.id
    const assets = there.has(asset.id)
      ? staged.assets.filter(row => row.index !== index)
      : staged.assets.map(row => (row.index === index ? { index, asset: asset.id } : row))
    staged = { ...staged, assets }
    there.add(asset.id)
  }
  const accesses = staged.accesses.map(row => {
    const known = read.accesses.find(one => one.row.index === row.index)
    return {
      ...row,
      type: known?.type?.name ?? row.type,
      seen: known?.asset?.customer_id ?? row.seen,
    }
  })
  return { staged: { ...staged, accesses }, selected: chosen }
}
