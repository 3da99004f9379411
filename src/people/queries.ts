import type { Instant, PersonStatus, Role, Row } from '../../db/schema.ts'
import { openStatuses } from '../access/access-states.ts'
import { transferTo } from '../access/open-transfer.ts'
import type { DbOrTx } from '../deps.ts'
import { byText, type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { fold } from '../search-text.ts'
import { beginsWith, foldedContains, lowerContains } from './conditions.ts'
import { personStatuses, roles } from './person-states.ts'

export interface ListedPerson {
  id: string
  login_id: string
  first_name: string
  last_name: string
  role: Role
  status: PersonStatus
  managing_customer_id: string | null
  created_at: Instant
}

export interface PersonFilters {
  person?: string
  login_id?: string
  name?: string
  role?: string
  status?: string
  customer?: string
}

const personOrder: ListOrder<ListedPerson> = {
  sorts: {
    person: byText('persons.id', p => p.id),
    login_id: byText('persons.login_id', p => p.login_id),
    name: byText('persons.last_name', p => p.last_name),
    role: byText('persons.role', p => p.role),
    status: byText('persons.status', p => p.status),
  },
  id: byText('persons.id', p => p.id),
  defaultSort: 'person',
}

/** All persons: for operators only. */
export async function personList(
  db: DbOrTx,
  filters: PersonFilters,
  asked: ListQuery,
): Promise<Listed<ListedPerson>> {
  let query = db
    .selectFrom('persons')
    .select([
      'persons.id',
      'persons.login_id',
      'persons.first_name',
      'persons.last_name',
      'persons.role',
      'persons.status',
      'persons.managing_customer_id',
      'persons.created_at',
    ])
  if (filters.person) query = query.where(beginsWith('persons.id', filters.person))
  if (filters.login_id) query = query.where(lowerContains('persons.login_key', filters.login_id))
  if (filters.name) query = query.where(foldedContains('persons.search_text', filters.name))
  const role = roles.find(r => r === filters.role)
  if (role) query = query.where('persons.role', '=', role)
  const status = personStatuses.find(s => s === filters.status)
  if (status) query = query.where('persons.status', '=', status)
  const { customer } = filters
  if (customer)
    query = query.where(eb =>
      eb.exists(
        eb
          .selectFrom('customer_access')
          .whereRef('customer_access.person_id', '=', 'persons.id')
          .where(beginsWith('customer_access.customer_id', customer))
          .select('customer_access.person_id'),
      ),
    )
  return listPage(db, query, personOrder, asked)
}

/** Customers of each of these persons, in order. */
export async function customersOfPersons(
  db: DbOrTx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const found = new Map<string, string[]>(ids.map(id => [id, []]))
  if (ids.length === 0) return found
  const rows = await db
    .selectFrom('customer_access')
    .select(['person_id', 'customer_id'])
    .where('person_id', 'in', [...ids])
    .orderBy('customer_id')
    .execute()
  for (const row of rows) found.get(row.person_id)?.push(row.customer_id)
  return found
}

export const findPerson = (db: DbOrTx, id: string): Promise<Row<'persons'> | undefined> =>
  db.selectFrom('persons').selectAll().where('id', '=', id).executeTakeFirst()

export interface CustomerOfPerson {
  id: string
  name: string
  parent_id: string | null
  parent_name: string | null
  status: Row<'customers'>['status']
}

/** The first rows of the Customer Access List. */
export const customerAccessList = (
  db: DbOrTx,
  personId: string,
  limit: number,
): Promise<CustomerOfPerson[]> =>
  db
    .selectFrom('customer_access')
    .innerJoin('customers', 'customers.id', 'customer_access.customer_id')
    .leftJoin('customers as parents', 'parents.id', 'customers.parent_id')
    .where('customer_access.person_id', '=', personId)
    .orderBy('customers.id')
    .limit(limit)
    .select([
      'customers.id',
      'customers.name',
      'customers.parent_id',
      'parents.name as parent_name',
      'customers.status',
    ])
    .execute()

/** Open accesses of a person, with the name of their access type. */
export const openAccesses = (db: DbOrTx, personId: string) =>
  db
    .selectFrom('accesses')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    .where('accesses.person_id', '=', personId)
    .where('accesses.status', 'in', openStatuses)
    .orderBy('accesses.id')
    .select([
      'accesses.id',
      'accesses.person_id',
      'accesses.asset_id',
      'accesses.customer_id',
      'accesses.database_account',
      'access_types.name as access_type',
      'accesses.status',
      'accesses.pending_status',
      transferTo.as('transfer_to'),
    ])
    .execute()

/** What persons are searched by. */
export const personSearchText = (
  person: Pick<Row<'persons'>, 'id' | 'login_id' | 'first_name' | 'last_name' | 'display_name'>,
) => fold([person.login_id, person.first_name, person.last_name, person.display_name, person.id].join(' '))
