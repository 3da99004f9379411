import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { newId } from '../ids.ts'
import { type Actor, can, isOperator, shownName } from '../policy.ts'
import { conflict, fail, invalid, notFound, ok, type Result } from '../result.ts'
import { fold } from '../search-text.ts'
import { auditActor, changeRequest, type RequestChanges, subjectOf, tell } from './change-request.ts'
import { findForAct, findVisibleRequest, type ServiceRequest } from './find-request.ts'
import { type CompleteRequest, complete, type TypedRequest, understand } from './understand.ts'

export interface NewRequest extends TypedRequest {
  /** The same for every submit of the same form. */
  form_key: string
  copied_from: number | null
}

const noRight = 'You need an approved Self-Service Portal access of this customer to submit service requests.'

/** Save on a new request. Saving the same form twice makes one request. */
export async function createRequest(deps: Deps, actor: Actor, typed: NewRequest): Promise<Result<number>> {
  return deps.db.transaction().execute(async tx => {
    const wanted = await readComplete(tx, deps, actor, typed)
    if (!wanted.ok) return wanted
    const { environment } = wanted.value
    const subject = { customerId: environment.customer_id, mayRequest: environment.mayRequest }
    if (!can(actor, 'service-request.create', subject)) return fail({ kind: 'forbidden', message: noRight })
    const id = await insertRequest(tx, deps, actor, typed, wanted.value)
    if (id === undefined) return sameForm(tx, actor, typed, wanted.value)
    await record(
      tx,
      deps.clock,
      auditActor(actor),
      'service-request created',
      subjectOf({ id, customer_id: environment.customer_id }),
      { asset: environment.id, action: wanted.value.offer.action.id },
    )
    return ok(id)
  })
}

/** Save on a request that is still NEW. `version` is the one the form was drawn with. */
export async function saveRequest(
  deps: Deps,
  actor: Actor,
  id: number,
  typed: TypedRequest,
  version: number,
): Promise<Result<number>> {
  const saved = await deps.db.transaction().execute(tx => saveWithin(tx, deps, actor, id, typed, version))
  if (saved.ok) tell(deps, id)
  return saved
}

/** The same inside a transaction that goes on, such as Queue Request with unsaved changes. */
export async function saveWithin(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  id: number,
  typed: TypedRequest,
  version: number,
): Promise<Result<number>> {
  const found = await findForAct(tx, deps, actor, id)
  if (!found) return notFound()
  const { request, subject } = found
  if (!can(actor, 'service-request.edit', subject))
    return fail({
      kind: 'forbidden',
      message: `Only ${request.reported_by_name} or a manager of the customer may change this request.`,
    })
  if (request.status !== 'NEW')
    return conflict(`Service request ${id} is ${request.status} by now and can’t be changed any more.`)
  const wanted = await readComplete(tx, deps, actor, typed)
  const changed = wanted.ok ? changedParts(request, wanted.value) : []
  // Pressed twice, the second one finds what the first has saved.
  if (wanted.ok && changed.length === 0) return ok(id)
  if (request.version !== version)
    return conflict(`Service request ${id} was changed meanwhile, in another window or by somebody else.`)
  if (!wanted.ok) return wanted
  if (!(await changeRequest(tx, request, contentOf(wanted.value))))
    return conflict(`Service request ${id} was changed meanwhile. Check it and save again.`)
  await record(tx, deps.clock, auditActor(actor), 'service-request changed', subjectOf(request), {
    changed,
  })
  return ok(id)
}

async function readComplete(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  typed: TypedRequest,
): Promise<Result<CompleteRequest>> {
  const read = async () => {
    const understood = await understand(tx, actor, typed, deps.clock.now())
    const wanted = complete(understood, typed.summary)
    return wanted ? ok(wanted) : invalid(understood.errors)
  }
  const first = await read()
  if (!first.ok || deps.engine === 'sqlite') return first
  // Whoever moves or retires the environment at this moment is waited for; it may be another customer's then.
  await tx.selectFrom('assets').select('id').where('id', '=', first.value.environment.id).forShare().execute()
  return read()
}

/** Undefined when this form was saved before. */
async function insertRequest(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  typed: NewRequest,
  wanted: CompleteRequest,
): Promise<number | undefined> {
  const row = await tx
    .insertInto('service_requests')
    .values({
      ...contentOf(wanted),
      reported_by: actor.id,
      reported_by_name: shownName(actor),
      reporter_key: await reporterKey(tx, actor),
      reported_at: nowInstant(deps.clock),
      status: 'NEW',
      copied_from: await visibleOrigin(tx, actor, typed.copied_from),
      form_key: typed.form_key || newId(),
    })
    .onConflict(found => found.column('form_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

const visibleOrigin = async (tx: Tx, actor: Actor, id: number | null): Promise<number | null> =>
  id === null ? null : ((await findVisibleRequest(tx, actor, id))?.request.id ?? null)

const contentOf = ({ environment, offer, start, summary, fields }: CompleteRequest) =>
  ({
    customer_id: environment.customer_id,
    asset_id: environment.id,
    action_id: offer.action.id,
    action_name: offer.action.name,
    mode: offer.action.mode,
    summary,
    summary_key: fold(summary),
    requested_wall: start?.wall ?? null,
    requested_zone: start?.zone ?? null,
    requested_offset: start?.offset ?? null,
    requested_start: start?.instant ?? null,
    fields: JSON.stringify(fields),
  }) satisfies RequestChanges

async function reporterKey(tx: Tx, actor: Actor): Promise<string> {
  if (isOperator(actor)) return fold(shownName(actor))
  const person = await tx
    .selectFrom('persons')
    .select(['login_id', 'display_name', 'first_name', 'last_name'])
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  return fold(
    [actor.id, person.login_id, person.display_name, `${person.first_name} ${person.last_name}`].join(' '),
  )
}

/** A second press of Save leads to the first one's request; the same form with other content is a question. */
async function sameForm(
  tx: Tx,
  actor: Actor,
  typed: NewRequest,
  wanted: CompleteRequest,
): Promise<Result<number>> {
  const first = await tx
    .selectFrom('service_requests')
    .selectAll()
    .where('form_key', '=', typed.form_key)
    .where('reported_by', '=', actor.id)
    .executeTakeFirst()
  if (first && changedParts(first, wanted).length === 0) return ok(first.id)
  return conflict(
    first
      ? `You saved this form before, as service request ${first.id}. What it says now was not saved: press Save once more to make another request of it, or open ${first.id} to change that one.`
      : 'This form was used before. Press Save once more.',
  )
}

const parts = {
  asset_id: 'Target Environment',
  action_id: 'Requested Action',
  summary: 'Summary',
  requested_wall: 'Requested Start',
  requested_zone: 'Requested Start',
  requested_start: 'Requested Start',
  fields: 'the action’s own fields',
} as const

function changedParts(before: ServiceRequest, wanted: CompleteRequest): string[] {
  const after = contentOf(wanted)
  const changed = (Object.keys(parts) as (keyof typeof parts)[]).filter(part => before[part] !== after[part])
  return [...new Set(changed.map(part => parts[part]))]
}
