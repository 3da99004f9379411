import { isUniqueViolation } from '../../db/errors.ts'
import type { Instant, Row } from '../../db/schema.ts'
import { type AuditActor, record, systemActor } from '../audit/record.ts'
import { after, days, nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { readSettings, type Settings } from '../settings/settings.ts'
import { enqueuePreparation } from './campaign-preparation.ts'

export type Campaign = Row<'campaigns'>

export interface NewCampaign {
  name: string
  /** null: all customers. */
  customerId: string | null
  dueAt: Instant
  /** null: never. */
  suspendAt: Instant | null
  removeAt: Instant | null
}

const onlyOperators = 'Only operators start and close re-validations.'

/** Begins a re-validation: it is prepared in the background, person by person. Gives its number. */
export async function startCampaign(deps: Deps, actor: Actor, wanted: NewCampaign): Promise<Result<number>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const wrong = wrongDates(wanted, nowInstant(deps.clock))
  if (Object.keys(wrong).length > 0) return invalid(wrong)
  try {
    const result = await deps.db.transaction().execute(async tx => {
      if (!(await isInUse(tx, wanted.customerId)))
        return invalid({ customer_id: `There is no active customer ${wanted.customerId}.` })
      return ok(await begin(tx, deps, actor, wanted))
    })
    deps.wake()
    return result
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return conflict(await whatIsUnderWay(deps.db, wanted.customerId))
  }
}

/** Ends a re-validation before everybody has answered: nobody is reminded, suspended or removed any more. */
export async function closeCampaign(deps: Deps, actor: Actor, id: number): Promise<Result<Campaign>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const campaign = await tx.selectFrom('campaigns').selectAll().where('id', '=', id).executeTakeFirst()
    if (!campaign) return notFound()
    if (!(await close(tx, deps, actor, campaign, 'Closed early.')))
      return conflict(`“${campaign.name}” is closed already. Nothing was changed.`)
    return ok(campaign)
  })
}

/**
 * Starts the yearly re-validation of everybody when it is due: so long after the last one, or after the first access
 * of all. One that nobody closed ends with it, once its own deadline has passed.
 */
export async function startByItself(deps: Deps): Promise<void> {
  const settings = await readSettings(deps.db)
  const last = await lastOverAll(deps.db)
  const now = nowInstant(deps.clock)
  const since = last ? last.started_at : await firstAccessAt(deps.db)
  if (settings.cbn_every_days === 0 || since === undefined) return
  if (after(since, days(settings.cbn_every_days)) > now) return
  if (last && last.state !== 'CLOSED' && last.due_at > now) return
  try {
    await deps.db.transaction().execute(async tx => {
      if (last) await close(tx, deps, systemActor, last, 'The next one began.')
      await begin(tx, deps, systemActor, byItself(settings, now))
    })
    deps.wake()
  } catch (error) {
    // Another node was quicker.
    if (!isUniqueViolation(error)) throw error
  }
}

/** CLOSED; false: it was so already. */
export async function close(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  actor: AuditActor | Actor,
  campaign: Campaign,
  why: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('campaigns')
    .set({ state: 'CLOSED', closed_at: nowInstant(deps.clock) })
    .where('id', '=', campaign.id)
    .where('state', '!=', 'CLOSED')
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return false
  await record(tx, deps.clock, actor, 'campaign closed', campaignSubject(campaign), {
    name: campaign.name,
    why,
  })
  return true
}

export const campaignSubject = (campaign: Pick<Campaign, 'id' | 'customer_id'>) =>
  ({ type: 'campaign', id: campaign.id, customerId: campaign.customer_id }) as const

async function begin(
  tx: Tx,
  deps: Deps,
  actor: AuditActor | Actor,
  { name, customerId, dueAt, suspendAt, removeAt }: NewCampaign,
): Promise<number> {
  const { id } = await tx
    .insertInto('campaigns')
    .values({
      name,
      customer_id: customerId,
      state: 'PREPARING',
      started_by: actor.id,
      started_at: nowInstant(deps.clock),
      due_at: dueAt,
      suspend_at: suspendAt,
      remove_at: removeAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await record(tx, deps.clock, actor, 'campaign started', campaignSubject({ id, customer_id: customerId }), {
    name,
    due_at: dueAt,
    suspend_at: suspendAt,
    remove_at: removeAt,
  })
  await enqueuePreparation(tx, deps.clock, id)
  return id
}

const byItself = (settings: Settings, now: Instant): NewCampaign => {
  const dueAt = after(now, days(settings.cbn_answer_days))
  const later = (wait: number | null) => (wait === null ? null : after(dueAt, days(wait)))
  return {
    name: `Re-validation ${now.slice(0, 10)}`,
    customerId: null,
    dueAt,
    suspendAt: later(settings.cbn_suspend_days),
    removeAt: later(settings.cbn_remove_days),
  }
}

function wrongDates({ dueAt, suspendAt, removeAt }: NewCampaign, now: Instant): Record<string, string> {
  return {
    ...(dueAt <= now && { due_on: 'This day has passed. Choose a later one.' }),
    ...(suspendAt !== null &&
      suspendAt < dueAt && {
        suspend_on: 'This is before the Deadline. Choose the same day or a later one.',
      }),
    ...(removeAt !== null &&
      removeAt < (suspendAt ?? dueAt) && {
        remove_on: `This is before ${suspendAt && suspendAt >= dueAt ? 'they are suspended' : 'the Deadline'}. Choose the same day or a later one.`,
      }),
  }
}

async function isInUse(tx: Tx, customerId: string | null): Promise<boolean> {
  if (customerId === null) return true
  const found = await tx
    .selectFrom('customers')
    .select('id')
    .where('id', '=', customerId)
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst()
  return found !== undefined
}

async function whatIsUnderWay(db: DbOrTx, customerId: string | null): Promise<string> {
  const open = await db
    .selectFrom('campaigns')
    .select('name')
    .where('customer_id', customerId === null ? 'is' : '=', customerId)
    .where('state', '!=', 'CLOSED')
    .executeTakeFirst()
  const whose = customerId === null ? 'all customers' : `customer ${customerId}`
  return `A re-validation of ${whose} is under way already${open ? `: “${open.name}”` : ''}. Nothing was started. Wait until it is closed, or close it first.`
}

const lastOverAll = (db: DbOrTx): Promise<Campaign | undefined> =>
  db
    .selectFrom('campaigns')
    .selectAll()
    .where('customer_id', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

async function firstAccessAt(db: DbOrTx): Promise<Instant | undefined> {
  const first = await db.selectFrom('accesses').select('created_at').orderBy('id').limit(1).executeTakeFirst()
  return first?.created_at
}
