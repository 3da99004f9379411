import type { Row } from '../../db/schema.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { Actor, RequestSubject } from '../policy.ts'
import { sightOf, visibleRequests } from './visible.ts'

export type ServiceRequest = Row<'service_requests'>

/** A request as somebody sees it, with what the policy asks about it. */
export interface VisibleRequest {
  request: ServiceRequest
  subject: RequestSubject
}

/** Loads through the viewer: what they may not see is not there. */
export async function findVisibleRequest(
  db: DbOrTx,
  actor: Actor,
  id: number,
): Promise<VisibleRequest | undefined> {
  const sight = await sightOf(db, actor)
  const request = await db
    .selectFrom('service_requests')
    .selectAll()
    .where('id', '=', id)
    .where(visibleRequests(sight))
    .executeTakeFirst()
  if (!request) return undefined
  const mayRequest = await mayRequestFor(db, actor.id, request.customer_id)
  return {
    request,
    subject: { customerId: request.customer_id, reportedBy: request.reported_by, mayRequest },
  }
}

/**
 * The same for an act on it: of two at the same moment the second sees what the first has done. SQLite's transactions
 * are alone by themselves.
 */
export async function findForAct(
  tx: Tx,
  { engine }: Pick<Deps, 'engine'>,
  actor: Actor,
  id: number,
): Promise<VisibleRequest | undefined> {
  if (engine === 'postgres')
    await tx.selectFrom('service_requests').select('id').where('id', '=', id).forUpdate().execute()
  return findVisibleRequest(tx, actor, id)
}

/** An APPROVED Self-Service Portal access on any asset of the customer covers all its assets. */
export async function mayRequestFor(db: DbOrTx, personId: string, customerId: string): Promise<boolean> {
  const customers = await customersToRequestFor(db, personId)
  return customers.includes(customerId)
}

/** Customers a person may submit service requests for; operators may for all and hold no access. */
export async function customersToRequestFor(db: DbOrTx, personId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('accesses')
    .innerJoin('persons', 'persons.id', 'accesses.person_id')
    .innerJoin('customer_access', join =>
      join
        .onRef('customer_access.person_id', '=', 'accesses.person_id')
        .onRef('customer_access.customer_id', '=', 'accesses.customer_id'),
    )
    .where('accesses.person_id', '=', personId)
    .where('accesses.access_type', '=', portalAccess)
    .where('accesses.status', '=', 'APPROVED')
    .where('persons.status', '=', 'ACTIVE')
    .select('accesses.customer_id')
    .distinct()
    .execute()
  return rows.map(row => row.customer_id)
}

/** Id among the access types of the one that lets people submit service requests. */
export const portalAccess = 'self-service-portal'

/** A number out of an address or a form; undefined for anything that can't be a request's number. */
export const requestNumber = (text: string): number | undefined =>
  /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
