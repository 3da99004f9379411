import { type Expression, type SqlBool, sql } from 'kysely'
import type { Instant, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { type Actor, isOperator } from '../policy.ts'
import type { CampaignState } from './campaign-states.ts'

export interface ListedCampaign {
  id: number
  name: string
  customer_id: string | null
  customer_name: string | null
  state: CampaignState
  started_at: Instant
  due_at: Instant
  persons: number
  parts: number
  unanswered: number
}

const newestFirst: ListOrder<ListedCampaign> = {
  sorts: { started: { by: sql.ref('campaigns.id'), of: c => c.id, type: 'number' } },
  id: { by: sql.ref('campaigns.id'), of: c => c.id, type: 'number' },
  defaultSort: '-started',
}

/** All re-validations: for operators only. */
export const campaignList = (db: DbOrTx, asked: ListQuery): Promise<Listed<ListedCampaign>> =>
  listPage(
    db,
    db
      .selectFrom('campaigns')
      .leftJoin('customers', 'customers.id', 'campaigns.customer_id')
      .select(eb => [
        'campaigns.id',
        'campaigns.name',
        'campaigns.customer_id',
        'customers.name as customer_name',
        'campaigns.state',
        'campaigns.started_at',
        'campaigns.due_at',
        'campaigns.persons',
        'campaigns.parts',
        eb
          .selectFrom('campaign_parts')
          .whereRef('campaign_parts.campaign_id', '=', 'campaigns.id')
          .where('campaign_parts.state', 'in', ['OPEN', 'SUSPENDED'])
          .select(e => e.fn.countAll<number>().as('n'))
          .$asScalar()
          .$notNull()
          .as('unanswered'),
      ]),
    newestFirst,
    asked,
  )

export type VisibleCampaign = Row<'campaigns'> & { customer_name: string | null }

/** Loads through the viewer: a manager sees those that ask persons of the customer they manage. */
export const findVisibleCampaign = (
  db: DbOrTx,
  actor: Actor,
  id: number,
): Promise<VisibleCampaign | undefined> =>
  visibleCampaigns(db, actor).where('campaigns.id', '=', id).executeTakeFirst()

/** The last ones, newest first. */
export const recentCampaigns = (db: DbOrTx, actor: Actor, limit = 12): Promise<VisibleCampaign[]> =>
  visibleCampaigns(db, actor).orderBy('campaigns.id', 'desc').limit(limit).execute()

const visibleCampaigns = (db: DbOrTx, actor: Actor) =>
  db
    .selectFrom('campaigns')
    .leftJoin('customers', 'customers.id', 'campaigns.customer_id')
    .selectAll('campaigns')
    .select('customers.name as customer_name')
    .where(seesCampaign(actor))

function seesCampaign(actor: Actor): Expression<SqlBool> {
  if (isOperator(actor)) return sql<SqlBool>`1 = 1`
  const managed = actor.role === 'MANAGER' ? actor.managingCustomerId : null
  if (managed === null) return sql<SqlBool>`1 = 0`
  return sql<SqlBool>`(campaigns.customer_id is null or campaigns.customer_id = ${managed})`
}
