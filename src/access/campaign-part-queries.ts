import { type SqlBool, sql } from 'kysely'
import type { Instant, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { byText, type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { beginsWith } from '../people/conditions.ts'
import { type Actor, isOperator } from '../policy.ts'
import { type ItemOutcome, type PartState, type Progress, partStates } from './campaign-states.ts'

/** The parts a viewer is shown: operators all, managers those of their customer. Operators are no persons to them. */
export interface PartScope {
  campaignId: number
  /** null: all customers, seen by an operator. */
  customerId: string | null
}

export async function progressOf(db: DbOrTx, scope: PartScope): Promise<Progress> {
  const rows = await scopedParts(db, scope)
    .groupBy('campaign_parts.state')
    .select(eb => ['campaign_parts.state', eb.fn.countAll<number>().as('parts')])
    .execute()
  const found = new Map(rows.map(row => [row.state, row.parts]))
  return Object.fromEntries(partStates.map(state => [state, found.get(state) ?? 0])) as Progress
}

const scopedParts = (db: DbOrTx, { campaignId, customerId }: PartScope) =>
  db
    .selectFrom('campaign_parts')
    .where('campaign_parts.campaign_id', '=', campaignId)
    .$if(customerId !== null, query =>
      query
        .where('campaign_parts.customer_id', '=', customerId ?? '')
        .where(sql<SqlBool>`(select role from persons where id = campaign_parts.person_id) <> 'OPERATOR'`),
    )

export type CustomerProgress = { customer_id: string; customer_name: string } & Progress

const byCustomer: ListOrder<CustomerProgress> = {
  sorts: { customer: byText('campaign_parts.customer_id', row => row.customer_id) },
  id: byText('campaign_parts.customer_id', row => row.customer_id),
  defaultSort: 'customer',
}

/** How far each customer is: for operators only. */
export function customersProgress(
  db: DbOrTx,
  campaignId: number,
  filters: { customer?: string },
  asked: ListQuery,
): Promise<Listed<CustomerProgress>> {
  const query = db
    .selectFrom('campaign_parts')
    .innerJoin('customers', 'customers.id', 'campaign_parts.customer_id')
    .where('campaign_parts.campaign_id', '=', campaignId)
    .$if(Boolean(filters.customer), q =>
      q.where(beginsWith('campaign_parts.customer_id', filters.customer ?? '')),
    )
    .groupBy(['campaign_parts.customer_id', 'customers.name'])
    .select(['campaign_parts.customer_id', 'customers.name as customer_name'])
    .select(partStates.map(state => countIn(state).as(state)))
  return listPage(db, query, byCustomer, asked)
}

const countIn = (state: PartState) =>
  sql<number>`sum(case when campaign_parts.state = ${sql.lit(state)} then 1 else 0 end)`

export interface ListedPart {
  id: number
  person_id: string
  display_name: string
  login_id: string
  customer_id: string
  state: PartState
  confirmed_at: Instant | null
  suspended_at: Instant | null
  closed_at: Instant | null
}

export interface PartFilters {
  person?: string
  customer?: string
  state?: string
}

const byPerson: ListOrder<ListedPart> = {
  sorts: { person: byText('campaign_parts.person_id', part => part.person_id) },
  id: { by: sql.ref('campaign_parts.id'), of: part => part.id, type: 'number' },
  defaultSort: 'person',
}

/** Who has answered what, person by person. */
export function partList(
  db: DbOrTx,
  scope: PartScope,
  filters: PartFilters,
  asked: ListQuery,
  pageSize: number,
): Promise<Listed<ListedPart>> {
  return listPage(db, listedParts(db, scope, filters), { ...byPerson, pageSize }, asked)
}

function listedParts(db: DbOrTx, scope: PartScope, filters: PartFilters) {
  let query = scopedParts(db, scope)
    .innerJoin('persons', 'persons.id', 'campaign_parts.person_id')
    .select([
      'campaign_parts.id',
      'campaign_parts.person_id',
      'persons.display_name',
      'persons.login_id',
      'campaign_parts.customer_id',
      'campaign_parts.state',
      'campaign_parts.confirmed_at',
      'campaign_parts.suspended_at',
      'campaign_parts.closed_at',
    ])
  if (filters.person) query = query.where(beginsWith('campaign_parts.person_id', filters.person))
  if (filters.customer) query = query.where(beginsWith('campaign_parts.customer_id', filters.customer))
  const state = partStates.find(s => s === filters.state)
  return state ? query.where('campaign_parts.state', '=', state) : query
}

/** The parts that follow one, for downloads: read by key, so that the last page costs what the first one does. */
export const partsAfter = (
  db: DbOrTx,
  scope: PartScope,
  last: Pick<ListedPart, 'person_id' | 'customer_id'>,
  limit: number,
): Promise<ListedPart[]> =>
  listedParts(db, scope, {})
    .where(
      sql<SqlBool>`(campaign_parts.person_id, campaign_parts.customer_id) > (${last.person_id}, ${last.customer_id})`,
    )
    .orderBy('campaign_parts.person_id')
    .orderBy('campaign_parts.customer_id')
    .limit(limit)
    .execute()

export interface ListedItem {
  part_id: number
  access_id: number
  asset_id: string
  type_name: string
  outcome: ItemOutcome
  decided_at: Instant | null
  /** null: nobody yet, or the portal itself. */
  decided_by: string | null
  decided_by_role: Row<'persons'>['role'] | null
}

/** The accesses of some parts, and what became of them. */
export async function itemsOf(
  db: DbOrTx,
  partIds: readonly number[],
): Promise<ReadonlyMap<number, ListedItem[]>> {
  const found = new Map<number, ListedItem[]>(partIds.map(id => [id, []]))
  if (partIds.length === 0) return found
  const rows = await db
    .selectFrom('campaign_items')
    .innerJoin('accesses', 'accesses.id', 'campaign_items.access_id')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    .leftJoin('persons', 'persons.id', 'campaign_items.decided_by')
    .where('campaign_items.part_id', 'in', [...partIds])
    .orderBy('campaign_items.part_id')
    .orderBy('campaign_items.access_id')
    .select([
      'campaign_items.part_id',
      'campaign_items.access_id',
      'accesses.asset_id',
      'access_types.name as type_name',
      'campaign_items.outcome',
      'campaign_items.decided_at',
      'campaign_items.decided_by',
      'persons.role as decided_by_role',
    ])
    .execute()
  for (const row of rows) found.get(row.part_id)?.push(row)
  return found
}

/** Who is written as the one who did it: to customers operators are no persons. */
export function doneBy(
  item: Pick<ListedItem, 'outcome' | 'decided_by' | 'decided_by_role'>,
  viewer: Actor,
): string {
  if (item.outcome === 'OPEN') return ''
  if (item.decided_by === null) return 'the portal'
  return item.decided_by_role === 'OPERATOR' && !isOperator(viewer) ? 'operator' : item.decided_by
}
