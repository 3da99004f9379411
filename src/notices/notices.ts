import type { Instant } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import { after, minutes, nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { findVisibleNotice } from './queries.ts'

export interface NoticeFacts {
  subject: string
  message: string
  /** null: for everyone. */
  customer_id: string | null
  expires_at: Instant | null
}

const onlyOperators = 'Only operators post on the Bulletin Board.'

export async function postNotice(deps: Deps, actor: Actor, facts: NoticeFacts): Promise<Result<number>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const now = nowInstant(deps.clock)
  if (facts.expires_at !== null && facts.expires_at <= now) return invalid({ expires_at: alreadyOver })
  return deps.db.transaction().execute(async tx => {
    const wrong = await wrongCustomer(tx, facts.customer_id)
    if (wrong) return invalid(wrong)
    const twin = await postedJustNow(tx, deps, actor, facts)
    if (twin) return ok(twin.id)
    const { id } = await tx
      .insertInto('notices')
      .values({ ...facts, posted_at: now, posted_by: actor.id })
      .returning('id')
      .executeTakeFirstOrThrow()
    const subject = { type: 'notice', id, customerId: facts.customer_id } as const
    await record(tx, deps.clock, actor, 'notice posted', subject, { subject: facts.subject })
    return ok(id)
  })
}

/** Who has viewed it before keeps it as viewed. */
export async function changeNotice(
  deps: Deps,
  actor: Actor,
  id: number,
  facts: NoticeFacts,
): Promise<Result<number>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const wrong = await wrongCustomer(tx, facts.customer_id)
    if (wrong) return invalid(wrong)
    const { numUpdatedRows } = await tx
      .updateTable('notices')
      .set(facts)
      .where('id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return notFound()
    const subject = { type: 'notice', id, customerId: facts.customer_id } as const
    await record(tx, deps.clock, actor, 'notice changed', subject, { subject: facts.subject })
    return ok(id)
  })
}

/** Takes a post off the Bulletin Board for good. */
export async function removeNotice(deps: Deps, actor: Actor, id: number): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const removed = await tx
      .deleteFrom('notices')
      .where('id', '=', id)
      .returning(['subject', 'message', 'customer_id'])
      .executeTakeFirst()
    if (!removed) return notFound()
    const subject = { type: 'notice', id, customerId: removed.customer_id } as const
    await record(tx, deps.clock, actor, 'notice removed', subject, {
      subject: removed.subject,
      message: removed.message,
    })
    return ok(removed.subject)
  })
}

/** The person has seen the post; seeing it again changes nothing. */
export async function markViewed(deps: Deps, actor: Actor, id: number): Promise<Result<void>> {
  const notice = await findVisibleNotice(deps.db, actor, nowInstant(deps.clock), id)
  if (!notice) return notFound()
  await deps.db
    .insertInto('notice_views')
    .values({ notice_id: id, person_id: actor.id, viewed_at: nowInstant(deps.clock) })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  return ok(undefined)
}

/** A form that was sent twice posts once. */
const postedJustNow = (tx: Tx, deps: Deps, actor: Actor, facts: NoticeFacts) =>
  tx
    .selectFrom('notices')
    .select('id')
    .where('posted_by', '=', actor.id)
    .where('posted_at', '>', after(deps.clock.now(), -minutes(1)))
    .where('subject', '=', facts.subject)
    .where('message', '=', facts.message)
    .where('customer_id', facts.customer_id === null ? 'is' : '=', facts.customer_id)
    .executeTakeFirst()

const alreadyOver =
  'This moment has passed already, so nobody would see the post. Choose a later one, or leave it empty.'

async function wrongCustomer(tx: Tx, id: string | null) {
  if (id === null) return null
  const customer = await tx.selectFrom('customers').select('id').where('id', '=', id).executeTakeFirst()
  return customer
    ? null
    : { customer_id: `There is no customer ${id}. Type the id of one, or leave this empty.` }
}
