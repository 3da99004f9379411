import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { AccessStatus, Database } from '../../db/schema.ts'
import { openStatuses } from '../access/access-states.ts'
import { transferTo } from '../access/open-transfer.ts'
import { detailOf, type HistoryEntry } from '../audit/queries.ts'
import type { DbOrTx } from '../deps.ts'
import { byText, everyPage, type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { type Actor, isOperator } from '../policy.ts'
import { beginsWith, lowerContains } from './conditions.ts'
import type { CustomerOfPerson } from './queries.ts'

export interface CustomerFilters {
  customer?: string
  name?: string
  parent?: string
  parent_name?: string
  status?: string
}

const order: ListOrder<CustomerOfPerson> = {
  sorts: {
    customer: byText('customers.id', c => c.id),
    name: byText('customers.name', c => c.name),
  },
  id: byText('customers.id', c => c.id),
  defaultSort: 'customer',
}

/** A page of somebody's Customer Access List: of others a manager sees the row of the customer they manage. */
export const customersOfPerson = async (
  db: DbOrTx,
  viewer: Actor,
  personId: string,
  filters: CustomerFilters,
  asked: ListQuery,
): Promise<Listed<CustomerOfPerson>> =>
  listPage(db, listedCustomers(db, viewer, personId, filters), order, asked)

/** The same, all of it, for the CSV. */
export async function* everyCustomerOfPerson(
  db: DbOrTx,
  viewer: Actor,
  personId: string,
): AsyncGenerator<readonly CustomerOfPerson[]> {
  yield* everyPage(listedCustomers(db, viewer, personId, {}), order)
}

function listedCustomers(db: DbOrTx, viewer: Actor, personId: string, filters: CustomerFilters) {
  let query = db
    .selectFrom('customer_access')
    .innerJoin('customers', 'customers.id', 'customer_access.customer_id')
    .leftJoin('customers as parents', 'parents.id', 'customers.parent_id')
    .where('customer_access.person_id', '=', personId)
    .select([
      'customers.id',
      'customers.name',
      'customers.parent_id',
      'parents.name as parent_name',
      'customers.status',
    ])
  if (!isOperator(viewer) && viewer.id !== personId)
    query = query.where('customer_access.customer_id', '=', viewer.managingCustomerId ?? '')
  if (filters.customer) query = query.where(beginsWith('customers.id', filters.customer))
  if (filters.name) query = query.where(lowerContains('customers.name', filters.name))
  if (filters.parent) query = query.where(beginsWith('customers.parent_id', filters.parent))
  if (filters.parent_name) query = query.where(lowerContains('parents.name', filters.parent_name))
  if (filters.status === 'ACTIVE' || filters.status === 'INACTIVE')
    query = query.where('customers.status', '=', filters.status)
  return query
}

/** Which of these customers somebody has. */
export async function listedAmong(
  db: DbOrTx,
  personId: string,
  customers: readonly string[],
): Promise<string[]> {
  if (customers.length === 0) return []
  const rows = await db
    .selectFrom('customer_access')
    .select('customer_id')
    .where('person_id', '=', personId)
    .where('customer_id', 'in', [...customers])
    .orderBy('customer_id')
    .execute()
  return rows.map(row => row.customer_id)
}

export interface EndingAccess {
  id: number
  person_id: string
  asset_id: string
  type_name: string
  status: AccessStatus
  database_account: string | null
  /** To whom it is on its way. */
  transfer_to: string | null
}

/** Open accesses with the names of their types, all or under one customer: what somebody would lose. */
export function accessesToLose(db: DbOrTx, personId: string, customerId?: string): Promise<EndingAccess[]> {
  const query = db
    .selectFrom('accesses')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    .where('accesses.person_id', '=', personId)
    .where('accesses.status', 'in', [...openStatuses])
    .orderBy('accesses.asset_id')
    .orderBy('access_types.name')
    .select([
      'accesses.id',
      'accesses.person_id',
      'accesses.asset_id',
      'access_types.name as type_name',
      'accesses.status',
      'accesses.database_account',
      transferTo.as('transfer_to'),
    ])
  return (customerId === undefined ? query : query.where('accesses.customer_id', '=', customerId)).execute()
}

/** An act on a person or on one of their accesses, then with the name of its type. */
export interface PersonHistoryEntry extends HistoryEntry {
  typeName: string | null
}

/** What a reader sees of a history: all of it, all of their own but the sign-ins, or what concerns a customer. */
export type HistorySight = 'all' | 'own' | { customerId: string }

/** The last acts on a person and their accesses, newest first. */
export async function historyOfPerson(
  db: DbOrTx,
  personId: string,
  sight: HistorySight,
  limit = 30,
): Promise<PersonHistoryEntry[]> {
  const accesses = db
    .selectFrom('accesses')
    .where('person_id', '=', personId)
    .select(sql<string>`cast(accesses.id as text)`.as('id'))
  const acts = (type: 'person' | 'access') =>
    db
      .selectFrom('audit_events')
      .leftJoin('persons', 'persons.id', 'audit_events.actor_id')
      .where('audit_events.subject_type', '=', type)
      .where(
        'audit_events.subject_id',
        type === 'person' ? '=' : 'in',
        type === 'person' ? personId : accesses,
      )
      .$if(sight !== 'all', query => query.where('audit_events.verb', '!=', 'person signed in'))
      .$if(typeof sight === 'object', query => query.where(concerning(sight, personId)))
      .select([
        'audit_events.id',
        'audit_events.at',
        'audit_events.actor_id as actorId',
        'persons.display_name as actorName',
        'audit_events.actor_role as actorRole',
        'audit_events.verb',
        'audit_events.detail',
      ])
      .orderBy('audit_events.id', 'desc')
      .limit(limit)
      .execute()
  // One after the other, each along the index of its subjects.
  const rows = [...(await acts('person')), ...(await acts('access'))]
  const types = await db.selectFrom('access_types').select(['id', 'name']).execute()
  const names = new Map<unknown, string>(types.map(type => [type.id, type.name]))
  return rows
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
    .map(row => ({ ...row, detail: detailOf(row.detail) }))
    .map(row => ({ ...row, typeName: names.get(row.detail.type) ?? null }))
}

/** Of a customer, and what makes the Status that its managers see, unless a stranger of another customer did it. */
const concerning =
  (sight: HistorySight, personId: string) =>
  (eb: ExpressionBuilder<Database, 'audit_events'>): Expression<SqlBool> =>
    eb.or([
      eb('audit_events.customer_id', '=', typeof sight === 'object' ? sight.customerId : ''),
      eb.and([
        eb('audit_events.verb', 'in', ['person activated', 'person deactivated', 'person reactivated']),
        eb.or([
          eb('audit_events.actor_role', 'in', ['SYSTEM', 'OPERATOR']),
          eb('audit_events.actor_id', '=', personId),
        ]),
      ]),
    ])
