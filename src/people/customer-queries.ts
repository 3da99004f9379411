import { sql } from 'kysely'
import type { PersonStatus, Role, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { byText, type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { beginsWith, lowerContains } from './conditions.ts'

export const findCustomer = (db: DbOrTx, id: string): Promise<Row<'customers'> | undefined> =>
  db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst()

export interface ListedCustomer {
  id: string
  name: string
  parent_id: string | null
  parent_name: string | null
  status: Row<'customers'>['status']
  assets: number
  managers: number
}

export interface CustomerFilters {
  customer?: string
  name?: string
  status?: string
}

const customerOrder: ListOrder<ListedCustomer> = {
  sorts: {
    customer: byText('customers.id', c => c.id),
    name: byText('customers.name', c => c.name),
  },
  id: byText('customers.id', c => c.id),
  defaultSort: 'customer',
}

export async function customerList(
  db: DbOrTx,
  filters: CustomerFilters,
  asked: ListQuery,
): Promise<Listed<ListedCustomer>> {
  let query = db
    .selectFrom('customers')
    .leftJoin('customers as parents', 'parents.id', 'customers.parent_id')
    .select(eb => [
      'customers.id',
      'customers.name',
      'customers.parent_id',
      'parents.name as parent_name',
      'customers.status',
      eb
        .selectFrom('assets')
        .whereRef('assets.customer_id', '=', 'customers.id')
        .where('assets.status', '=', 'ACTIVE')
        .select(e => e.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('assets'),
      eb
        .selectFrom('persons')
        .whereRef('persons.managing_customer_id', '=', 'customers.id')
        .where('persons.status', '=', 'ACTIVE')
        .select(e => e.fn.countAll<number>().as('n'))
        .$asScalar()
        .$notNull()
        .as('managers'),
    ])
  if (filters.customer) query = query.where(beginsWith('customers.id', filters.customer))
  if (filters.name) query = query.where(lowerContains('customers.name', filters.name))
  if (filters.status === 'ACTIVE' || filters.status === 'INACTIVE')
    query = query.where('customers.status', '=', filters.status)
  return listPage(db, query, customerOrder, asked)
}

/** For suggestions beside a field; not all of them where there are many. */
export const someCustomers = (db: DbOrTx, limit = 200) =>
  db
    .selectFrom('customers')
    .select(['id', 'name'])
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .limit(limit)
    .execute()

export interface PersonOfCustomer {
  id: string
  display_name: string
  login_id: string
  role: Role
  status: PersonStatus
  manages: number
}

/** Who has the customer in their Customer Access List; its managers first. */
export const personsOfCustomer = (db: DbOrTx, customerId: string, limit = 200): Promise<PersonOfCustomer[]> =>
  db
    .selectFrom('customer_access')
    .innerJoin('persons', 'persons.id', 'customer_access.person_id')
    .where('customer_access.customer_id', '=', customerId)
    .select([
      'persons.id',
      'persons.display_name',
      'persons.login_id',
      'persons.role',
      'persons.status',
      sql<number>`case when persons.managing_customer_id = ${customerId} then 1 else 0 end`.as('manages'),
    ])
    .orderBy('manages', 'desc')
    .orderBy('persons.id')
    .limit(limit)
    .execute()

/** ACTIVE managers of a customer, to be named when somebody has to ask them. */
export const managersOf = (db: DbOrTx, customerId: string) =>
  db
    .selectFrom('persons')
    .where('managing_customer_id', '=', customerId)
    .where('status', '=', 'ACTIVE')
    .where('role', '=', 'MANAGER')
    .orderBy('id')
    .select(['id', 'display_name', 'primary_email'])
    .execute()

/** Customers in use with fewer than two active managers. */
export const customersWithFewManagers = (db: DbOrTx, limit = 10) =>
  db
    .selectFrom('customers')
    .leftJoin('persons', join =>
      join
        .onRef('persons.managing_customer_id', '=', 'customers.id')
        .on('persons.role', '=', 'MANAGER')
        .on('persons.status', '=', 'ACTIVE'),
    )
    .where('customers.status', '=', 'ACTIVE')
    .groupBy(['customers.id', 'customers.name'])
    .having(eb => eb.fn.count('persons.id'), '<', 2)
    .orderBy('customers.id')
    .limit(limit)
    .select(eb => ['customers.id', 'customers.name', eb.fn.count<number>('persons.id').as('managers')])
    .execute()
