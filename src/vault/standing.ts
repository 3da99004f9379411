import { currentRow, isRightKey, type KeyRow } from './key-rows.ts'
import type { MasterKey } from './master-key.ts'

/** What a key is to the database. */
export type Standing =
  /** The database has none yet. */
  | { kind: 'first' }
  /** The one in use; `former` still leads to it. */
  | { kind: 'current'; row: KeyRow; former: KeyRow | undefined }
  /** Another has taken its place, to which it leads. */
  | { kind: 'linked'; row: KeyRow; current: KeyRow }
  /** Another has taken its place after a rotation. */
  | { kind: 'former'; row: KeyRow; current: KeyRow }
  /** Nothing is known of it. */
  | { kind: 'stranger'; current: KeyRow }
  /** Its row is there, but the check value says no: the row was altered. */
  | { kind: 'altered' }

/** Where a key stands among those of the database. */
export function standingOf(rows: readonly KeyRow[], key: MasterKey): Standing {
  const current = currentRow(rows)
  if (!current) return { kind: 'first' }
  const row = rows.find(one => one.id === key.id)
  if (!row) return { kind: 'stranger', current }
  if (!isRightKey(key, row.check_value)) return { kind: 'altered' }
  if (row.id === current.id) return { kind: 'current', row, former: leadingTo(rows, current) }
  return { kind: row.successor_sealed ? 'linked' : 'former', row, current }
}

/** The key whose holders get the one in use from the database. */
const leadingTo = (rows: readonly KeyRow[], current: KeyRow) =>
  rows.find(row => row.successor === current.id && row.successor_sealed !== null)

/** Why a key can't be used, and which is the right one; for whoever has given it. */
export function wrongKey(
  standing: Extract<Standing, { kind: 'former' | 'stranger' | 'altered' }>,
  given: { key: MasterKey; where: string },
): string {
  const is = `${given.where} is the master key ${given.key.id}`
  switch (standing.kind) {
    case 'former':
      return `${is}, which ${standing.row.successor} has replaced (${standing.row.rewrapped_at}). Give the master key ${standing.current.id}.`
    case 'stranger':
      return `${is}, but the stored passwords are encrypted with ${standing.current.id}. Give that one.`
    case 'altered':
      return `${is}, but what the database keeps to recognise it was altered or restored in part. Restore the whole database from a backup.`
  }
}
