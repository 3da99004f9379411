import type { AccessStatus } from '../../db/schema.ts'
import { lookUp, orList } from '../service-requests/typed-lookup.ts'
import type { AccessType, TypeOffer } from './access-types.ts'
import { type EndsOn, readEndsOn } from './ends-on.ts'
import { justificationError } from './justification.ts'
import type { RequestableAsset } from './requestable-assets.ts'
import { accessField, confirmation, type StagedAccess } from './staged-changes.ts'

/** An open access of the person, as far as it can stand in the way of another one. */
export interface OpenAccess {
  id: number
  asset_id: string
  customer_id: string
  access_type: string
  status: AccessStatus
  database_account: string | null
  database_server_id: number | null
}

/** What has to be confirmed with OK: the access type's own warning, and that it is not necessary for each asset. */
export type Question = 'warning' | 'second'

/** What the portal makes of a row added to Specific Access in the Environment. */
export interface ReadAccess {
  row: StagedAccess
  asset: RequestableAsset | null
  type: AccessType | null
  endsOn: EndsOn
  questions: readonly Question[]
  /** What OK stands for now. */
  confirms: string
  confirmed: boolean
  /** Asked for twice: the first one, if it is saved. */
  first: OpenAccess | null
  /** Of a database account: what it is going to be called, and where; null: it is none, or has no name yet. */
  account: NewAccount | null
  /** What was typed and can't be. */
  errors: Record<string, string>
  /** What is said at Save only. */
  missing: Record<string, string>
}

/** The Database Account ID of an access that is requested, on the server that reserves it. */
export interface NewAccount {
  name: string
  serverId: number
}

/** What surrounds the rows. */
export interface RowWorld {
  now: Date
  /** Name of the person it is for. */
  person: string
  /** Open accesses that will still be there after Save. */
  open: readonly OpenAccess[]
  /** Rows before this one that could be read. */
  before: readonly ReadAccess[]
  withdrawn: readonly AccessType[]
}

/** `place` is the asset of the row, or what is wrong with it; null: its own field says so. */
export function readAccessRow(
  row: StagedAccess,
  place: RequestableAsset | { message: string } | null,
  offers: readonly TypeOffer[],
  world: RowWorld,
): ReadAccess {
  const asset = place && 'id' in place ? place : null
  const read: ReadAccess = {
    row,
    asset,
    type: null,
    endsOn: readEndsOn(row.ends_on, asset?.time_zone ?? 'UTC', world.now),
    questions: [],
    confirms: '',
    confirmed: true,
    first: null,
    account: null,
    errors: {},
    missing: {},
  }
  const field = (key: 'type' | 'justification' | 'ends_on') => accessField(row.index, key)
  if (place && 'message' in place) read.errors[field('type')] = place.message
  else readType(read, field('type'), offers, world)
  const wrong = justificationError(row.justification)
  if (wrong) (row.justification.trim() === '' ? read.missing : read.errors)[field('justification')] = wrong
  if (read.endsOn.kind === 'wrong') read.errors[field('ends_on')] = read.endsOn.message
  return read
}

/** Nothing is missing or wrong, unless it is the OK. */
export const isTyped = ({ row, type, confirmed, errors, missing }: ReadAccess) =>
  type !== null &&
  Object.keys(errors).length === 0 &&
  Object.keys(missing).every(name => !confirmed && name === accessField(row.index, 'type'))

function readType(read: ReadAccess, name: string, offers: readonly TypeOffer[], world: RowWorld): void {
  const { row, asset } = read
  if (row.type.trim() === '') {
    read.missing[name] = 'Choose the Access Type.'
    return
  }
  if (!asset) return
  const possible = offers.filter(offer => offer.possible)
  const choice = lookUp(possible, row.type, offer => typeNames(offer.type))
  if (choice.kind !== 'found') {
    read.errors[name] =
      choice.kind === 'several'
        ? `“${short(row.type)}” fits several: ${orList(choice.items.map(offer => offer.type.name))}. Type more of it, or choose with the magnifying glass.`
        : whyNoType(row.type, asset, offers, world)
    return
  }
  read.type = choice.item.type
  if (row.seen !== '' && row.seen !== asset.customer_id)
    read.errors[name] =
      `${asset.id} was moved from customer ${row.seen} to customer ${asset.customer_id} meanwhile: its managers decide now. If you still want this access, press Save again.`
  ask(read, name, world)
}

function ask(read: ReadAccess, name: string, { open, before, person }: RowWorld): void {
  const { asset, type } = read
  if (!asset || !type) return
  const same = (id: string, typeId: string) => id === asset.id && typeId === type.id
  // A person may have several service accounts on an asset: their names tell them apart.
  const several = type.kind === 'database-service'
  read.first = several ? null : (open.find(one => same(one.asset_id, one.access_type)) ?? null)
  if (read.first)
    read.errors[name] =
      `${person} has ${type.name} on ${asset.id} already: it is ${read.first.status}. ${afterIt(read.first.status)}`
  else if (!several && before.some(one => one.asset && one.type && same(one.asset.id, one.type.id)))
    read.errors[name] =
      `${type.name} on ${asset.id} stands in another new row already. Delete one of the two.`
  const second =
    type.scope === 'customer' &&
    (open.some(
      one =>
        one.access_type === type.id && one.customer_id === asset.customer_id && one.asset_id !== asset.id,
    ) ||
      before.some(
        one =>
          one.type?.id === type.id &&
          one.asset?.customer_id === asset.customer_id &&
          one.asset.id !== asset.id,
      ))
  read.questions = [...(type.warning ? (['warning'] as const) : []), ...(second ? (['second'] as const) : [])]
  read.confirms = confirmation(type.id, asset.id, read.questions)
  read.confirmed = read.questions.length === 0 || read.row.ok === read.confirms
  if (!read.confirmed && !read.errors[name])
    read.missing[name] = `Read what is said about ${type.name} on ${asset.id}, and press OK.`
}

export const afterIt = (status: AccessStatus) =>
  status === 'PENDING REMOVAL'
    ? 'Request it again when it is REMOVED.'
    : 'One is enough: delete this row, or choose another Access Type.'

function whyNoType(
  typed: string,
  asset: RequestableAsset,
  offers: readonly TypeOffer[],
  { withdrawn }: RowWorld,
): string {
  const known = lookUp(offers, typed, offer => typeNames(offer.type))
  if (known.kind === 'found' && !known.item.possible)
    return `${known.item.type.name} can’t be requested on ${asset.id}. ${known.item.why}`
  const gone = lookUp(withdrawn, typed, typeNames)
  if (gone.kind === 'found') return `${gone.item.name} has been withdrawn: it can’t be requested any more.`
  return `There is no access type “${short(typed)}” on ${asset.id}. The magnifying glass shows those there are.`
}

/** What names an access type in a lookup. */
export const typeNames = (type: AccessType) => [type.name, ...type.aliases, type.description]

const short = (text: string) => (text.trim().length > 60 ? `${text.trim().slice(0, 60)}…` : text.trim())
