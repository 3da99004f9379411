import { sql } from 'kysely'
import type { PersonStatus } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { everyPage, type Listed, type ListOrder, type ListQuery, listPage, type Sort } from '../paging.ts'
import type { Actor } from '../policy.ts'
import { foldedContains, lowerContains } from './conditions.ts'
import { loginKey } from './login-id.ts'
import { personStatuses } from './person-states.ts'
import { visiblePersons } from './visible-person.ts'

/** A row of the List View of Access Management. */
export interface ListViewPerson {
  id: string
  login_id: string
  login_key: string
  first_name: string
  last_name: string
  status: PersonStatus
}

export interface ListViewFilters {
  /** Find Person: any part of Login ID, names and code. */
  find?: string
  login_id?: string
  first_name?: string
  last_name?: string
  status?: string
}

/** The persons somebody sees. */
export async function listView(
  db: DbOrTx,
  actor: Actor,
  filters: ListViewFilters,
  asked: ListQuery,
): Promise<Listed<ListViewPerson>> {
  const customer = await smallCustomerOf(db, actor)
  return listPage(db, listed(db, actor, filters, customer), orderFor(customer), asked)
}

/** The same, all of them, for the CSV. */
export async function* everyListed(
  db: DbOrTx,
  actor: Actor,
  filters: ListViewFilters,
  sort: string | undefined,
): AsyncGenerator<readonly ListViewPerson[]> {
  const customer = await smallCustomerOf(db, actor)
  yield* everyPage(listed(db, actor, filters, customer), orderFor(customer), sort)
}

/** Up to this many persons of a customer are read and sorted at once. */
const fewPersons = 2000

/**
 * The customer a manager manages, if few persons have it in their list: these are then found by the customer. Of a
 * customer with many the persons are walked in the order of an index instead, until a page is full.
 */
async function smallCustomerOf(db: DbOrTx, actor: Actor): Promise<string | null> {
  const customer = actor.role === 'MANAGER' ? actor.managingCustomerId : null
  if (customer === null) return null
  const beyond = await db
    .selectFrom('customer_access')
    .where('customer_id', '=', customer)
    .select('person_id')
    .limit(1)
    .offset(fewPersons)
    .executeTakeFirst()
  return beyond ? null : customer
}

function listed(db: DbOrTx, actor: Actor, filters: ListViewFilters, smallCustomer: string | null) {
  let query = db
    .selectFrom('persons')
    .where(visiblePersons(actor))
    .select([
      'persons.id',
      'persons.login_id',
      'persons.login_key',
      'persons.first_name',
      'persons.last_name',
      'persons.status',
    ])
  if (smallCustomer !== null)
    query = query.where('persons.id', 'in', ofCustomer =>
      ofCustomer.selectFrom('customer_access').select('person_id').where('customer_id', '=', smallCustomer),
    )
  if (filters.find) query = query.where(foldedContains('persons.search_text', filters.find))
  if (filters.login_id) query = query.where(lowerContains('persons.login_key', loginKey(filters.login_id)))
  if (filters.first_name) query = query.where(lowerContains('persons.first_name', filters.first_name))
  if (filters.last_name) query = query.where(lowerContains('persons.last_name', filters.last_name))
  const status = personStatuses.find(s => s === filters.status)
  return status ? query.where('persons.status', '=', status) : query
}

type Column = 'id' | 'login_key' | 'first_name' | 'last_name' | 'status'

/** An expression instead of the column keeps SQLite, which does not count, from walking an index of all persons. */
function orderFor(smallCustomer: string | null): ListOrder<ListViewPerson> {
  const by = (column: Column): Sort<ListViewPerson> => ({
    by: smallCustomer === null ? sql.ref(`persons.${column}`) : sql`(${sql.ref(`persons.${column}`)} || '')`,
    of: person => person[column],
    type: 'text',
  })
  return {
    sorts: {
      login_id: by('login_key'),
      first_name: by('first_name'),
      last_name: by('last_name'),
      status: by('status'),
    },
    id: by('id'),
    defaultSort: 'login_id',
  }
}
