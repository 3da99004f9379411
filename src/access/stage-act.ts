import type { PersonAccess } from './access-queries.ts'
import { isRemovable } from './access-queries.ts'
import {
  accessField,
  addAccess,
  addAsset,
  assetField,
  confirmAccess,
  dropAccess,
  dropAsset,
  newKey,
  type StagedChanges,
  stageRemoval,
  takeBack,
} from './staged-changes.ts'

/** Where Manage Access stands after a button that stages something. */
export interface Staging {
  staged: StagedChanges
  selected: string
  /** Opened on the page that follows: an access's number or an added row's key. */
  opened?: string
  /** Field that takes the focus. */
  focus?: string
}

/**
 * What the buttons of Manage Access ask for, by the words of their value: "add asset", "add access", "delete asset
 * KEY", "take-back asset ID", "delete access N" (an added one), "remove ID VERSION", "take-back ID", "ok N WHAT",
 * "edit N" (an added one), "change ID", "open ID", "select KEY". Anything else just keeps what is typed.
 */
export function applyAct(at: Staging, words: string, saved: readonly PersonAccess[]): Staging {
  const [verb = '', first = '', ...rest] = words.split(' ')
  const number = /^[1-9]\d{0,14}$/.test(first) ? Number(first) : 0
  if (verb === 'add') return first === 'asset' ? withAsset(at) : withAccess(at)
  if (first === 'asset') return withAssetAct(at, verb, rest.join(' '), saved)
  if (verb === 'select') return { ...at, selected: [first, ...rest].join(' ') }
  if (verb === 'delete' && first === 'access')
    return { ...at, staged: dropAccess(at.staged, Number(rest[0] ?? 0)) }
  if (number === 0) return at
  return withRowAct(at, verb, number, rest, saved)
}

function withRowAct(
  at: Staging,
  verb: string,
  number: number,
  rest: readonly string[],
  saved: readonly PersonAccess[],
): Staging {
  const { staged } = at
  const asset = saved.find(access => access.id === number)?.asset_id ?? ''
  switch (verb) {
    case 'remove':
      return { ...at, staged: stageRemoval(staged, [{ id: number, version: Number(rest[0] ?? 0) }]) }
    case 'take-back':
      return { ...at, staged: takeBack(staged, [number], asset) }
    case 'ok':
      return {
        ...at,
        staged: confirmAccess(staged, number, rest.join(' ')),
        opened: newKey(number),
        focus: accessField(number, 'justification'),
      }
    case 'edit':
      return { ...at, opened: newKey(number), focus: accessField(number, 'type') }
    case 'open':
      return { ...at, selected: asset || at.selected, opened: String(number) }
    case 'change':
      return { ...at, opened: String(number), focus: `justification_${number}` }
    default:
      return at
  }
}

function withAsset({ staged }: Staging): Staging {
  const added = addAsset(staged)
  const index = added.staged.assets.at(-1)?.index ?? 1
  return { staged: added.staged, selected: added.key, focus: assetField(index) }
}

/** Without any asset to add it to, a row for the asset comes with it. */
function withAccess(at: Staging): Staging {
  const { staged, selected } = at.selected === '' ? withAsset(at) : at
  const added = addAccess(staged, selected)
  const index = added.accesses.at(-1)?.index ?? 1
  const focus = at.selected === '' ? assetField(added.assets.at(-1)?.index ?? 1) : accessField(index, 'type')
  return { staged: added, selected, focus }
}

function withAssetAct(at: Staging, verb: string, key: string, saved: readonly PersonAccess[]): Staging {
  const { staged } = at
  const on = saved.filter(access => access.asset_id === key && isRemovable(access))
  if (verb === 'take-back')
    return {
      ...at,
      staged: takeBack(
        staged,
        on.map(access => access.id),
        key,
      ),
    }
  if (verb !== 'delete') return at
  const added = staged.assets.find(row => row.asset === key || newKey(row.index) === key)
  if (added) return { ...at, staged: dropAsset(staged, added.index, key) }
  const removed = stageRemoval(
    staged,
    on.map(({ id, version }) => ({ id, version })),
  )
  return { ...at, staged: { ...removed, deleted: [...new Set([...removed.deleted, key])] } }
}
