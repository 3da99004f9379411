import { type Expression, type SqlBool, sql } from 'kysely'
import type { Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { type Actor, isOperator, type PersonSubject } from '../policy.ts'
import type { CustomerOfPerson } from './queries.ts'

/** A person as somebody sees them, with what the policy asks about them. */
export interface VisiblePerson {
  person: Row<'persons'>
  subject: PersonSubject
  /** The rows of the Customer Access List that the viewer may see, by id; of a long list the first ones. */
  list: CustomerOfPerson[]
  /** There are more rows that the viewer may see. */
  moreCustomers: boolean
  /** A Primary Email that waits for its confirmation. */
  pendingEmail: string | null
}

const shownCustomers = 200

/**
 * THE predicate of who sees which persons: operators all, a manager those who have the customer they manage (operators
 * are no persons to them), everybody themselves. For queries that select from `persons`.
 */
export function visiblePersons(actor: Actor): Expression<SqlBool> {
  if (isOperator(actor)) return sql<SqlBool>`1 = 1`
  const managed = managedBy(actor)
  if (managed === null) return sql<SqlBool>`persons.id = ${actor.id}`
  return sql<SqlBool>`(persons.id = ${actor.id} or (persons.role <> 'OPERATOR' and exists
    (select 1 from customer_access where person_id = persons.id and customer_id = ${managed})))`
}

/** Loads through the viewer: whom they may not see is not there. */
export async function findVisiblePerson(
  db: DbOrTx,
  actor: Actor,
  id: string,
  { customersLimit: limit = shownCustomers }: { customersLimit?: number } = {},
): Promise<VisiblePerson | undefined> {
  const person = await db
    .selectFrom('persons')
    .selectAll()
    .where('id', '=', id)
    .where(visiblePersons(actor))
    .executeTakeFirst()
  if (!person) return undefined
  const found = await visibleCustomersOf(db, actor, id, limit + 1)
  return {
    person,
    subject: await personSubject(db, person),
    list: found.slice(0, limit),
    moreCustomers: found.length > limit,
    pendingEmail: await pendingEmailOf(db, id),
  }
}

/** Rows of a Customer Access List as the viewer may see them: of others a manager sees only the managed one. */
function visibleCustomersOf(
  db: DbOrTx,
  actor: Actor,
  personId: string,
  limit: number,
): Promise<CustomerOfPerson[]> {
  const query = db
    .selectFrom('customer_access')
    .innerJoin('customers', 'customers.id', 'customer_access.customer_id')
    .leftJoin('customers as parents', 'parents.id', 'customers.parent_id')
    .where('customer_access.person_id', '=', personId)
    .orderBy('customer_access.customer_id')
    .limit(limit)
    .select([
      'customers.id',
      'customers.name',
      'customers.parent_id',
      'parents.name as parent_name',
      'customers.status',
    ])
  if (isOperator(actor) || actor.id === personId) return query.execute()
  return query.where('customer_access.customer_id', '=', managedBy(actor) ?? '').execute()
}

/** What the policy asks about a person: the whole Customer Access List is in it, whatever a viewer sees. */
export async function personSubject(
  db: DbOrTx,
  person: Pick<Row<'persons'>, 'id' | 'role' | 'status' | 'managing_customer_id'>,
): Promise<PersonSubject> {
  const rows = await db
    .selectFrom('customer_access')
    .select(['customer_id', 'created_at'])
    .where('person_id', '=', person.id)
    .orderBy('customer_id')
    .execute()
  const [only, ...others] = rows
  return {
    id: person.id,
    role: person.role,
    status: person.status,
    managingCustomerId: person.managing_customer_id,
    customers: rows.map(row => row.customer_id),
    cameFromElsewhere:
      only !== undefined && others.length === 0 && (await hadAccessElsewhere(db, person.id, only)),
  }
}

/** Accesses that came after the customer count for nothing: else any other customer could lock its managers out. */
const hadAccessElsewhere = async (
  db: DbOrTx,
  personId: string,
  only: Pick<Row<'customer_access'>, 'customer_id' | 'created_at'>,
) =>
  (await db
    .selectFrom('accesses')
    .select('id')
    .where('person_id', '=', personId)
    .where('customer_id', '!=', only.customer_id)
    .where('created_at', '<=', only.created_at)
    .limit(1)
    .executeTakeFirst()) !== undefined

/** What waits for the link sent to it; of expired links none is left (auth/tidy.ts). */
export async function pendingEmailOf(db: DbOrTx, personId: string): Promise<string | null> {
  const link = await db
    .selectFrom('link_tokens')
    .select('new_email')
    .where('person_id', '=', personId)
    .where('purpose', '=', 'confirm-email')
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return link?.new_email ?? null
}

const managedBy = (actor: Actor): string | null =>
  actor.role === 'MANAGER' ? actor.managingCustomerId : null
