import { sql } from 'kysely'
import { z } from 'zod'
import type { ActionMode, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { plannedOnce } from '../planned-once.ts'
import { fold } from '../search-text.ts'
import { type ActionField, actionFields } from './action-fields.ts'
import type { Environment } from './environments.ts'

/** An action as one asks for it. */
export interface Action {
  id: string
  name: string
  aliases: readonly string[]
  description: string
  mode: ActionMode
  fields: readonly ActionField[]
}

/** An action on an environment: possible with a runbook, or not, and then why. */
export type Offer =
  | { action: Action; possible: true; runbookId: number }
  | { action: Action; possible: false; why: string }
export type PossibleOffer = Extract<Offer, { possible: true }>

type Target = Pick<Environment, 'id' | 'class' | 'product' | 'status'>

/** Every action there is, and whether it is possible on this environment. */
export async function offersFor(db: DbOrTx, target: Target): Promise<Offer[]> {
  const rows = await db
    .selectFrom('actions')
    .leftJoin('asset_actions', join =>
      join
        .onRef('asset_actions.action_id', '=', 'actions.id')
        .on('asset_actions.asset_id', '=', plannedOnce(target.id)),
    )
    .leftJoin('runbooks', 'runbooks.id', 'asset_actions.runbook_id')
    .where('actions.status', '=', sql.lit('ACTIVE' as const))
    .orderBy('actions.sort')
    .orderBy('actions.name')
    .selectAll('actions')
    .select(['runbooks.id as runbook_id', 'runbooks.status as runbook_status', 'production_allowed'])
    .execute()
  return rows.map(row => {
    const why = whyNot(row, target)
    const action = actionOf(row)
    return why === null && row.runbook_id !== null
      ? { action, possible: true, runbookId: row.runbook_id }
      : { action, possible: false, why: why ?? noRunbook(target) }
  })
}

/** The name of an action that was offered once, when it is named in full. */
export async function withdrawnAction(db: DbOrTx, typed: string): Promise<string | undefined> {
  const rows = await db.selectFrom('actions').where('status', '=', 'WITHDRAWN').selectAll().execute()
  const words = fold(typed.trim())
  return rows.map(actionOf).find(action => actionNames(action).map(fold).includes(words))?.name
}

/** What names an action in a lookup. */
export const actionNames = (action: Action) => [action.name, action.id, ...action.aliases]

/** Why nothing can be requested for an environment, in one sentence. */
export function whyNothing(target: Target, offers: readonly Offer[]): string {
  const reasons = [...new Set(offers.map(offer => (offer.possible ? '' : offer.why)))].filter(Boolean)
  const [only] = reasons
  if (only !== undefined && reasons.length === 1) return only
  if (reasons.length === 0) return 'No action has been set up in this portal yet.'
  return `No action is possible on ${target.id}: ${reasons.map(r => r.replace(/\.$/, '')).join('; ')}.`
}

/** Which actions are not possible, and why; those with the same reason together. */
export function notPossible(offers: readonly Offer[]): string {
  const byReason = new Map<string, string[]>()
  for (const offer of offers)
    if (!offer.possible) byReason.set(offer.why, [...(byReason.get(offer.why) ?? []), offer.action.name])
  return [...byReason]
    .map(([why, [first = '', ...more]]) =>
      why.startsWith(first) ? why : `${[first, ...more].join(', ')}: ${why}`,
    )
    .join(' ')
}

/** The version of a runbook that a request queued now would run. */
export async function newestVersion(db: DbOrTx, runbookId: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('runbook_versions')
    .select('id')
    .where('runbook_id', '=', runbookId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

type OfferRow = Row<'actions'> & {
  runbook_id: number | null
  runbook_status: 'ACTIVE' | 'RETIRED' | null
  production_allowed: 0 | 1 | null
}

function whyNot(row: OfferRow, target: Target): string | null {
  const products = names.parse(JSON.parse(row.products))
  if (target.status === 'RETIRED') return `${target.id} is retired.`
  if (products.length && !products.includes(target.product))
    return `${row.name} is not offered for the product ${target.product}.`
  if (target.class === 'PRODUCTION' && row.production === 'no')
    return `${row.name} is not offered on production environments.`
  if (target.class === 'PRODUCTION' && row.production === 'per-asset' && !row.production_allowed)
    return `${target.id} is a production environment, where this is switched off.`
  if (row.runbook_id === null || row.runbook_status !== 'ACTIVE') return noRunbook(target)
  return null
}

const noRunbook = (target: Target) => `Nothing has been set up to do this on ${target.id}.`

const names = z.array(z.string())

const actionOf = (row: Row<'actions'>): Action => ({
  id: row.id,
  name: row.name,
  aliases: names.parse(JSON.parse(row.aliases)),
  description: row.description,
  mode: row.mode,
  fields: actionFields.parse(JSON.parse(row.fields)),
})
