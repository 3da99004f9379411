import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DbOrTx } from '../deps.ts'
import { plannedOnce } from '../planned-once.ts'
import type { Actor } from '../policy.ts'

/** Customers whose assets and service requests a person sees. */
export type Sight = 'all' | readonly string[]

/** Operators see all; an ACTIVE person the customers of their Customer Access List; others nothing. */
export async function sightOf(db: DbOrTx, actor: Pick<Actor, 'id' | 'role'>): Promise<Sight> {
  if (actor.role === 'OPERATOR') return 'all'
  // As text: every page asks it, and putting it together costs more than its answer.
  const { rows } = await sql<{ customer_id: string }>`
    select customer_id from customer_access where person_id =
      (select id from persons where id = ${plannedOnce(actor.id)} and status = 'ACTIVE')
    order by customer_id`.execute(db)
  return rows.map(row => row.customer_id)
}

/** THE predicate of who sees which service requests: list, record, CSV, log and its stream ask it. */
export const visibleRequests = (sight: Sight) => ofCustomers(sight, 'service_requests.customer_id')

/** The same sight on assets, for lookups. */
export const visibleAssets = (sight: Sight) => ofCustomers(sight, 'assets.customer_id')

/** One customer is compared with `=`: an index on (customer_id, …) then gives the order as well. */
function ofCustomers(sight: Sight, column: Column): RawBuilder<SqlBool> {
  if (sight === 'all') return sql`1 = 1`
  if (sight.length === 0) return sql`1 = 0`
  if (sight.length === 1) return sql`${sql.raw(column)} = ${plannedOnce(sight[0] ?? '')}`
  return sql`${sql.raw(column)} in (${sql.join(sight)})`
}

type Column = 'service_requests.customer_id' | 'assets.customer_id'
