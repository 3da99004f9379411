import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import type { FieldErrors } from '../result.ts'
import type { FieldValues } from './action-fields.ts'
import {
  actionNames,
  type Offer,
  offersFor,
  type PossibleOffer,
  whyNothing,
  withdrawnAction,
} from './actions.ts'
import {
  askWhom,
  canBeChosen,
  type Environment,
  environmentNames,
  visibleEnvironments,
} from './environments.ts'
import { readFieldValues } from './field-values.ts'
import { readStart, type StartReading, type StartTime } from './requested-start.ts'
import { type Lookup, lookUp, orList } from './typed-lookup.ts'

/** What was typed into the form of a service request, the action's own fields as `field_NAME`. */
export interface TypedRequest {
  requested_start: string
  requested_zone: string
  requested_offset: string
  target_environment: string
  requested_action: string
  summary: string
  own: Readonly<Record<string, string>>
}

/** What the portal makes of it so far. */
export interface Understood {
  environment: Environment | null
  /** Every action on it, the impossible ones with their reasons. */
  offers: readonly Offer[]
  offer: PossibleOffer | null
  start: StartReading
  fields: FieldValues
  errors: FieldErrors
}

/** Ready to be saved. */
export interface CompleteRequest {
  environment: Environment
  offer: PossibleOffer
  start: StartTime | null
  summary: string
  fields: FieldValues
}

export const SUMMARY_LENGTH = 250

/** Reads the whole form; every error stands beside its field, nothing typed is lost. */
export async function understand(
  db: DbOrTx,
  actor: Actor,
  typed: TypedRequest,
  now: Date,
): Promise<Understood> {
  const errors: Record<string, string> = {}
  const start = readStart(
    { wall: typed.requested_start, zone: typed.requested_zone, offset: offsetOf(typed.requested_offset) },
    now,
  )
  if ('message' in start) errors.requested_start = start.message
  const environment = await readEnvironment(db, actor, typed.target_environment, errors)
  const offers = environment ? await offersFor(db, environment) : []
  const offer = environment
    ? await readAction(db, actor, environment, offers, typed.requested_action, errors)
    : null
  // Which actions there are depends on the environment: without one, only an empty field can be told.
  if (!environment && typed.requested_action.trim() === '')
    errors.requested_action = chooseWords('Requested Action')
  const own = readFieldValues(offer?.action.fields ?? [], typed.own)
  if (typed.summary.length > SUMMARY_LENGTH) errors.summary = tooLong(typed.summary)
  return { environment, offers, offer, start, fields: own.values, errors: { ...errors, ...own.errors } }
}

/** What can be saved, when nothing is missing or wrong. */
export function complete(understood: Understood, summary: string): CompleteRequest | null {
  const { environment, offer, start, fields, errors } = understood
  if (!environment || !offer || Object.keys(errors).length > 0) return null
  // Lists show the Summary: a request without one is called by its action.
  const words = oneLine(summary) || offer.action.name
  return { environment, offer, start: start.kind === 'at' ? start.start : null, summary: words, fields }
}

/** Line ends and other control characters that no browser lets one type here would change lists, mails and the log. */
const oneLine = (typed: string) => typed.replace(/[\p{Cc}\s]+/gu, ' ').trim()

const offsetOf = (typed: string) => (/^-?\d{1,4}$/.test(typed) ? Number(typed) : null)

const tooLong = (summary: string) =>
  `Summary has ${summary.length.toLocaleString('en-US')} characters. Use at most ${SUMMARY_LENGTH}.`

async function readEnvironment(
  db: DbOrTx,
  actor: Actor,
  typed: string,
  errors: Record<string, string>,
): Promise<Environment | null> {
  const visible = await visibleEnvironments(db, actor)
  const choice = lookUp(visible.filter(canBeChosen), typed, environmentNames)
  if (choice.kind === 'found') return choice.item
  const seen = lookUp(visible, typed, environmentNames)
  errors.target_environment =
    choice.kind === 'none' && seen.kind === 'found'
      ? await whyNotChosen(db, actor, seen.item)
      : notFoundWords(choice, typed, 'environment', e => `${e.id} (${e.description})`)
  return null
}

async function whyNotChosen(db: DbOrTx, actor: Actor, environment: Environment): Promise<string> {
  if (environment.mayRequest) return `${environment.id} is retired: nothing can be requested for it any more.`
  const ask = await askWhom(db, actor, [environment.customer_id])
  return `You need an approved Self-Service Portal access of customer ${environment.customer_id} to request something for ${environment.id}. ${ask}`
}

async function readAction(
  db: DbOrTx,
  actor: Actor,
  environment: Environment,
  offers: readonly Offer[],
  typed: string,
  errors: Record<string, string>,
): Promise<PossibleOffer | null> {
  const possible = offers.filter(offer => offer.possible)
  const choice = lookUp(possible, typed, offer => actionNames(offer.action))
  if (choice.kind === 'found') return choice.item
  const known = lookUp(offers, typed, offer => actionNames(offer.action))
  errors.requested_action = await whyNoAction(db, actor, environment, offers, choice, known, typed)
  return null
}

async function whyNoAction(
  db: DbOrTx,
  actor: Actor,
  environment: Environment,
  offers: readonly Offer[],
  choice: Lookup<PossibleOffer>,
  known: Lookup<Offer>,
  typed: string,
): Promise<string> {
  const ask = () => askWhom(db, actor, [environment.customer_id])
  if (choice.kind === 'none' && known.kind === 'found' && !known.item.possible)
    return `${known.item.action.name} is not possible here. ${known.item.why} ${await ask()}`
  if (!offers.some(offer => offer.possible)) return `${whyNothing(environment, offers)} ${await ask()}`
  const withdrawn = choice.kind === 'none' ? await withdrawnAction(db, typed) : undefined
  if (withdrawn !== undefined)
    return `${withdrawn} has been withdrawn: it can’t be requested any more. ${await ask()}`
  return notFoundWords(choice, typed, 'action', offer => offer.action.name)
}

function notFoundWords<T>(
  choice: Lookup<T>,
  typed: string,
  what: 'environment' | 'action',
  name: (item: T) => string,
): string {
  const label = what === 'environment' ? 'Target Environment' : 'Requested Action'
  const short = typed.trim().slice(0, 60)
  if (choice.kind === 'nothing-typed') return chooseWords(label)
  if (choice.kind === 'several')
    return `“${short}” fits several: ${orList(choice.items.map(name))}. Type more of it, or choose with the magnifying glass.`
  return `There is no ${what} “${short}” that you can choose. The magnifying glass shows those there are.`
}

const chooseWords = (label: string) => `Choose the ${label}.`
