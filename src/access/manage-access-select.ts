import type { DbOrTx } from '../deps.ts'
import type { Choices } from '../service-requests/select-value.ts'
import { narrow } from '../service-requests/typed-lookup.ts'
import { typeOffers } from './access-types.ts'
import { typeNames } from './read-access-row.ts'
import {
  assetsWith,
  forWhom,
  operatorsNeedNone,
  type Requesting,
  readAsset,
  whomToAsk,
  whose,
} from './requestable-assets.ts'
import { newKey, type StagedChanges } from './staged-changes.ts'

const mostRows = 200

/** What Select Value shows for a field of Manage Access; null: it is no lookup field. */
export async function manageAccessChoices(
  db: DbOrTx,
  requesting: Requesting,
  field: string,
  staged: StagedChanges,
  filter: string,
): Promise<Choices | null> {
  if (/^assets_[1-9]\d{0,3}_asset$/.test(field)) return assetChoices(db, requesting, filter)
  const index = /^accesses_([1-9]\d{0,3})_type$/.exec(field)?.[1]
  if (index === undefined) return null
  const row = staged.accesses.find(one => one.index === Number(index))
  const added = staged.assets.find(one => newKey(one.index) === row?.on || one.asset === row?.on)
  return typeChoices(db, requesting, added?.asset ?? row?.on ?? '', filter)
}

async function assetChoices(db: DbOrTx, requesting: Requesting, filter: string): Promise<Choices> {
  const found = await assetsWith(db, requesting, filter, mostRows + 1)
  return {
    label: 'Asset',
    columns: ['Asset', 'Description', 'Class', 'Customer'],
    rows: found.slice(0, mostRows).map(asset => ({
      value: asset.id,
      cells: [
        asset.description,
        asset.class === 'PRODUCTION' ? 'production' : 'non-production',
        `${asset.customer_id} ${asset.customer_name}`,
      ],
    })),
    missing: await missingAssets(db, requesting, filter, found.length),
  }
}

async function missingAssets(
  db: DbOrTx,
  requesting: Requesting,
  filter: string,
  found: number,
): Promise<string> {
  if (found > mostRows) return `These are the first ${mostRows}. Filter to see the others.`
  if (found === 0 && filter.trim() !== '') return 'No asset has all these words. Shorten the filter.'
  const { person } = requesting.person
  if (person.role === 'OPERATOR') return operatorsNeedNone
  const ask = await whomToAsk(db, requesting)
  if (found === 0) return `There is no asset that you can request ${forWhom(requesting)}. ${ask}`
  return `You look for another one? Its customer has to be in ${whose(requesting)} Customer Access List. ${ask}`
}

async function typeChoices(
  db: DbOrTx,
  requesting: Requesting,
  typedAsset: string,
  filter: string,
): Promise<Choices> {
  const head = { label: 'Access Type', columns: ['Access Type', 'Description'] }
  const reading = await readAsset(db, requesting, typedAsset)
  if (reading.kind !== 'found')
    return {
      ...head,
      rows: [],
      missing:
        reading.kind === 'wrong' ? reading.message : 'Choose the Asset first: the access types depend on it.',
    }
  const offers = await typeOffers(db, reading.asset)
  const possible = offers.filter(offer => offer.possible)
  const found = narrow(possible, filter, ({ type }) => typeNames(type))
  const others = offers.flatMap(offer => (offer.possible ? [] : [`${offer.type.name}: ${offer.why}`]))
  return {
    ...head,
    rows: found.map(({ type }) => ({ value: type.name, cells: [type.description] })),
    missing:
      possible.length > 0 && found.length === 0
        ? 'No access type has all these words. Shorten the filter.'
        : others.length > 0
          ? `Not possible on ${reading.asset.id}: ${others.join(' ')}`
          : `These are all access types on ${reading.asset.id}. ${await whomToAsk(db, requesting)}`,
  }
}

/** Whether the address names a lookup field at all. */
export const isLookup = (field: string) =>
  /^(assets_[1-9]\d{0,3}_asset|accesses_[1-9]\d{0,3}_type)$/.test(field)
