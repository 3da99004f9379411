import type { DbOrTx } from '../deps.ts'
import type { FieldErrors } from '../result.ts'
import { isOpen, isRemovable, type PersonAccess } from './access-queries.ts'
import { accessTypes, type TypeOffer, typeOffers } from './access-types.ts'
import { isUndecided } from './decided-words.ts'
import { justificationError, tidyJustification } from './justification.ts'
import { type OpenAccess, type ReadAccess, readAccessRow } from './read-access-row.ts'
import { type AccountWorld, readAccount } from './read-account.ts'
import { type AssetReading, type RequestableAsset, type Requesting, readAsset } from './requestable-assets.ts'
import {
  assetField,
  editField,
  newKey,
  type StagedAccess,
  type StagedChanges,
  type StagedEdit,
} from './staged-changes.ts'

/** What the portal makes of a row added to Assets. */
export interface ReadAsset {
  index: number
  typed: string
  /** Its asset's id; until that is known, a key of its own. */
  key: string
  asset: RequestableAsset | null
}

/** A removal or a new Justification, with the access it is about. */
export interface ReadRemoval {
  access: PersonAccess
}
export interface ReadEdit {
  access: PersonAccess
  staged: StagedEdit
}

/** What the portal makes of all that is staged. */
export interface ReadChanges {
  /** Without what can't be staged any more. */
  staged: StagedChanges
  assets: readonly ReadAsset[]
  accesses: readonly ReadAccess[]
  removals: readonly ReadRemoval[]
  edits: readonly ReadEdit[]
  /** What was typed and can't be, by field. */
  errors: FieldErrors
  /** What is missing for a Save besides, by field. */
  missing: FieldErrors
  /** What is no longer staged, because the world has changed, and why. */
  left: readonly string[]
}

/** Reads what is staged against the accesses the actor sees now. */
export async function readChanges(
  db: DbOrTx,
  requesting: Requesting,
  now: Date,
  staged: StagedChanges,
  saved: readonly PersonAccess[],
): Promise<ReadChanges> {
  const kept = stillPossible(staged, saved)
  const assets = await readAssets(db, requesting, kept.staged)
  const edits = kept.staged.edits.flatMap(edit => {
    const access = saved.find(one => one.id === edit.id)
    return access ? [{ access, staged: edit }] : []
  })
  const removals = kept.staged.removals.flatMap(row => saved.filter(one => one.id === row.id))
  const accesses = await readAccesses(db, requesting, now, kept.staged, assets, removals)
  return {
    ...kept,
    assets: assets.rows,
    accesses,
    edits,
    removals: removals.map(access => ({ access })),
    errors: merged(assets.errors, editErrors(edits), ...accesses.map(read => read.errors)),
    missing: merged(assets.missing, ...accesses.map(read => read.missing)),
  }
}

/** What nobody can remove or change any more is left out, and told; so are ids that are none of this page's. */
function stillPossible(staged: StagedChanges, saved: readonly PersonAccess[]) {
  const left: string[] = []
  const removals = staged.removals.filter(({ id, version }) => {
    const access = saved.find(one => one.id === id)
    const why = whyNotRemoved(access, version)
    if (why) left.push(why)
    return why === null
  })
  const edits = staged.edits.filter(edit => {
    const access = saved.find(one => one.id === edit.id)
    // What is removed by the same Save is not changed first.
    if (removals.some(row => row.id === edit.id)) return false
    if (access && sameText(access, edit)) return false
    if (access && isUndecided(access)) return true
    left.push(
      access ? `${named(access)} ${decidedBy(access)} ${lostText(edit)}` : `${gone} ${lostText(edit)}`,
    )
    return false
  })
  const removed = removals.map(row => row.id)
  const deleted = staged.deleted.filter(asset => {
    const on = saved.filter(one => one.asset_id === asset && isRemovable(one))
    return on.length > 0 && on.every(one => removed.includes(one.id))
  })
  return { staged: { ...staged, removals, edits, deleted }, left }
}

const gone = 'Something was staged for an access that is no longer here, or that you may not see.'
const lostText = (edit: StagedEdit) =>
  `Your Justification was not saved; it was: “${edit.justification.slice(0, 500)}”`

function whyNotRemoved(access: PersonAccess | undefined, version: number): string | null {
  if (!access) return `${gone} It was left out.`
  if (!isRemovable(access))
    return `${named(access)} is ${access.status} by now, so its removal is no longer staged.`
  if (access.version === version) return null
  return `${named(access)} was changed meanwhile: it is ${access.status} now. Its removal is no longer staged: look at it, and delete it again if you still want to.`
}

const decidedBy = (access: PersonAccess) =>
  access.decision === 'APPROVED' && access.status === 'PROCESSING'
    ? 'was approved meanwhile, so its Justification can’t be changed any more.'
    : `is ${access.status} by now, so its Justification can’t be changed any more.`

export const named = (access: Pick<PersonAccess, 'type_name' | 'asset_id'>) =>
  `${access.type_name} on ${access.asset_id}`

const sameText = (access: PersonAccess, edit: StagedEdit) =>
  tidyJustification(edit.justification) === access.justification

function editErrors(edits: readonly ReadEdit[]): FieldErrors {
  return Object.fromEntries(
    edits.flatMap(({ access, staged }) => {
      const wrong = justificationError(staged.justification) ?? changedMeanwhile(access, staged)
      return wrong ? [[editField(access.id), wrong]] : []
    }),
  )
}

const changedMeanwhile = (access: PersonAccess, { version }: StagedEdit) =>
  access.version === version
    ? null
    : `This request was changed meanwhile; its Justification says now: “${access.justification.slice(0, 500)}”. Press Save again to replace it by yours.`

interface AssetRows {
  rows: ReadAsset[]
  byKey: Map<string, AssetReading>
  errors: FieldErrors
  missing: FieldErrors
}

async function readAssets(db: DbOrTx, requesting: Requesting, staged: StagedChanges): Promise<AssetRows> {
  const read: AssetRows = { rows: [], byKey: new Map(), errors: {}, missing: {} }
  const errors: Record<string, string> = {}
  const missing: Record<string, string> = {}
  for (const { index, asset: typed } of staged.assets) {
    const reading = await readAsset(db, requesting, typed)
    const asset = reading.kind === 'found' ? reading.asset : null
    const key = asset?.id ?? newKey(index)
    read.rows.push({ index, typed, key, asset })
    read.byKey.set(key, reading).set(newKey(index), reading)
    if (reading.kind === 'wrong') errors[assetField(index)] = reading.message
    if (reading.kind === 'blank') missing[assetField(index)] = 'Choose the Asset, or delete this row.'
  }
  return { ...read, errors, missing }
}

async function readAccesses(
  db: DbOrTx,
  requesting: Requesting,
  now: Date,
  staged: StagedChanges,
  assets: AssetRows,
  removals: readonly PersonAccess[],
): Promise<ReadAccess[]> {
  if (staged.accesses.length === 0) return []
  const { person } = requesting.person
  const takenBack = removals.filter(isUndecided).map(access => access.id)
  const world: Omit<AccountWorld, 'before'> = {
    now,
    personId: person.id,
    freed: takenBack,
    person: person.display_name,
    open: (await openOnes(db, person.id)).filter(one => !takenBack.includes(one.id)),
    withdrawn: (await accessTypes(db)).filter(type => type.status === 'WITHDRAWN'),
  }
  const offersOn = new Map<string, readonly TypeOffer[]>()
  const before: ReadAccess[] = []
  for (const row of staged.accesses) {
    const place = await placeOf(db, requesting, row, assets)
    const offers = place && 'id' in place ? (offersOn.get(place.id) ?? (await typeOffers(db, place))) : []
    if (place && 'id' in place) offersOn.set(place.id, offers)
    const here = { ...world, before: [...before] }
    const read = readAccessRow(row, place, offers, here)
    await readAccount(db, read, here)
    before.push(read)
  }
  return before
}

/** The asset of a row: one that was added, or one of the saved ones. */
async function placeOf(db: DbOrTx, requesting: Requesting, row: StagedAccess, { byKey }: AssetRows) {
  const known = byKey.get(row.on)
  const reading = known ?? (await readAsset(db, requesting, row.on))
  byKey.set(row.on, reading)
  if (reading.kind === 'found') return reading.asset
  // The field of an added asset says itself what is wrong with it.
  return known || reading.kind === 'blank' ? null : { message: reading.message }
}

/** All of the person's, also those the actor doesn't see: the database counts them too. */
const openOnes = async (db: DbOrTx, personId: string): Promise<OpenAccess[]> =>
  (
    await db
      .selectFrom('accesses')
      .select([
        'id',
        'asset_id',
        'customer_id',
        'access_type',
        'status',
        'database_account',
        'database_server_id',
      ])
      .where('person_id', '=', personId)
      .orderBy('id')
      .execute()
  ).filter(isOpen)

const merged = (...errors: readonly FieldErrors[]): FieldErrors => Object.assign({}, ...errors)
