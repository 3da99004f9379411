/** What was typed on Manage Access and is not saved yet: it lives in the form's fields, and in a draft. */
export interface StagedChanges {
  /** Rows added to Assets. */
  assets: readonly StagedAsset[]
  /** Rows added to Specific Access in the Environment, of all assets. */
  accesses: readonly StagedAccess[]
  /** Saved accesses to be removed. */
  removals: readonly StagedRemoval[]
  /** Justifications that were typed anew. */
  edits: readonly StagedEdit[]
  /** Saved assets whose row was deleted: every access on them is among the removals. */
  deleted: readonly string[]
}

export interface StagedAsset {
  index: number
  asset: string
}

export interface StagedAccess {
  index: number
  /** Key of the asset's row: its id, or `new-1` while nobody knows which asset is meant. */
  on: string
  type: string
  justification: string
  ends_on: string
  /** Database Account ID, where one is given. */
  account: string
  /** What was confirmed with OK: `confirmation` of it. */
  ok: string
  /** Customer of the asset when the row was drawn. */
  seen: string
}

/** `version` is the one that was shown. */
export interface StagedRemoval {
  id: number
  version: number
}
export interface StagedEdit extends StagedRemoval {
  justification: string
}

export type StagedFields = Readonly<Record<string, string>>

export const nothingStaged: StagedChanges = { assets: [], accesses: [], removals: [], edits: [], deleted: [] }

const accessKeys = ['on', 'type', 'justification', 'ends_on', 'account', 'ok', 'seen'] as const
type AccessKey = (typeof accessKeys)[number]

/** Names of the form's fields. */
export const assetField = (index: number) => `assets_${index}_asset`
/** Without a key: what all of the row's fields begin with. */
export const accessField = (index: number, key: AccessKey | '') => `accesses_${index}_${key}`
export const removalField = (id: number) => `remove_${id}`
export const editField = (id: number) => `justification_${id}`
export const versionField = (id: number) => `version_${id}`
export const deletedField = (asset: string) => `deleted_${asset}`

/** Key of an added asset's row while nobody knows which asset is meant. */
export const newKey = (index: number) => `new-${index}`

/** More added rows of a kind than this no form of ours has. */
export const mostRows = 100
export const tooManyRows = ({ assets, accesses }: StagedChanges) =>
  assets.length > mostRows || accesses.length > mostRows

/** Reads the fields of the form, or of a draft; what is no field of ours is left out. */
export function readStaged(fields: StagedFields): StagedChanges {
  const at = (name: string) => (fields[name] ?? '').replaceAll('\0', '')
  return {
    assets: numbered(fields, /^assets_([1-9]\d{0,3})_asset$/).map(index => ({
      index,
      asset: at(assetField(index)),
    })),
    accesses: numbered(fields, /^accesses_([1-9]\d{0,3})_on$/).map(index => ({
      index,
      ...(Object.fromEntries(accessKeys.map(key => [key, at(accessField(index, key))])) as Record<
        AccessKey,
        string
      >),
    })),
    removals: numbered(fields, /^remove_([1-9]\d{0,14})$/).map(id => ({
      id,
      version: versionOf(at(removalField(id))),
    })),
    edits: numbered(fields, /^justification_([1-9]\d{0,14})$/).map(id => ({
      id,
      version: versionOf(at(versionField(id))),
      justification: at(editField(id)),
    })),
    deleted: Object.keys(fields)
      .flatMap(name => /^deleted_([A-Za-z0-9_-]{1,100})$/.exec(name)?.[1] ?? [])
      .sort(),
  }
}

/** The same, as fields. */
export const toFields = (staged: StagedChanges): StagedFields =>
  Object.fromEntries([
    ...staged.assets.map(row => [assetField(row.index), row.asset]),
    ...staged.accesses.flatMap(row => accessKeys.map(key => [accessField(row.index, key), row[key]])),
    ...staged.removals.map(row => [removalField(row.id), String(row.version)]),
    ...staged.edits.flatMap(row => [
      [editField(row.id), row.justification],
      [versionField(row.id), String(row.version)],
    ]),
    ...staged.deleted.map(asset => [deletedField(asset), 'yes']),
  ])

/** As the bar counts them. */
export const countStaged = ({ assets, accesses, removals, edits }: StagedChanges) =>
  assets.length + accesses.length + removals.length + edits.length

/** A blank row more under Assets; gives its key. */
export function addAsset(staged: StagedChanges): { staged: StagedChanges; key: string } {
  const index = nextIndex(staged.assets)
  return { staged: { ...staged, assets: [...staged.assets, { index, asset: '' }] }, key: newKey(index) }
}

/** A blank row more under Specific Access in the Environment. */
export function addAccess(staged: StagedChanges, on: string): StagedChanges {
  const blank = { on, type: '', justification: '', ends_on: '', account: '', ok: '', seen: '' }
  return { ...staged, accesses: [...staged.accesses, { index: nextIndex(staged.accesses), ...blank }] }
}

/** Without an added asset and the accesses added on it. */
export const dropAsset = (staged: StagedChanges, index: number, key: string): StagedChanges => ({
  ...staged,
  assets: staged.assets.filter(row => row.index !== index),
  accesses: staged.accesses.filter(row => row.on !== key && row.on !== newKey(index)),
})

export const dropAccess = (staged: StagedChanges, index: number): StagedChanges => ({
  ...staged,
  accesses: staged.accesses.filter(row => row.index !== index),
})

/** Stages the removal of saved accesses; a Justification that was being changed is as it was. */
export function stageRemoval(staged: StagedChanges, removals: readonly StagedRemoval[]): StagedChanges {
  const ids = removals.map(row => row.id)
  return {
    ...staged,
    removals: [...staged.removals.filter(row => !ids.includes(row.id)), ...removals],
    edits: staged.edits.filter(row => !ids.includes(row.id)),
  }
}

/** Takes a staged removal back, and with it the deletion of the asset's row. */
export const takeBack = (staged: StagedChanges, ids: readonly number[], asset: string): StagedChanges => ({
  ...staged,
  removals: staged.removals.filter(row => !ids.includes(row.id)),
  deleted: staged.deleted.filter(one => one !== asset),
})

/** The asset of a staged row is known by now: its accesses go by its id. */
export const rekey = (staged: StagedChanges, from: string, to: string): StagedChanges => ({
  ...staged,
  accesses: staged.accesses.map(row => (row.on === from ? { ...row, on: to } : row)),
})

export const confirmAccess = (staged: StagedChanges, index: number, ok: string): StagedChanges => ({
  ...staged,
  accesses: staged.accesses.map(row => (row.index === index ? { ...row, ok } : row)),
})

/** What OK stands for: these questions about this type on this asset, and no others. */
export const confirmation = (typeId: string, assetId: string, questions: readonly string[]) =>
  `${typeId} ${assetId} ${questions.join(' ')}`

const nextIndex = (rows: readonly { index: number }[]) => Math.max(0, ...rows.map(row => row.index)) + 1

const numbered = (fields: StagedFields, form: RegExp): number[] =>
  Object.keys(fields)
    .flatMap(name => {
      const found = form.exec(name)?.[1]
      return found === undefined ? [] : [Number(found)]
    })
    .sort((a, b) => a - b)

const versionOf = (text: string) => (/^\d{1,14}$/.test(text) ? Number(text) : 0)
