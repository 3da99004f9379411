import type { Row } from '../../db/schema.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, type PersonSubject, shownName } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import { findPerson } from './queries.ts'
import { findVisiblePerson } from './visible-person.ts'

/**
 * Nobody else changes these persons before this transaction ends. Always by id, and before customers, accesses and
 * jobs, so that no two acts wait for each other. On SQLite a transaction is alone anyway.
 */
export async function lockPersons(tx: Tx, { engine }: Pick<Deps, 'engine'>, ids: readonly string[]) {
  if (engine !== 'postgres') return
  // A weaker lock than `for update`: rows that merely refer to a person can still be added.
  await tx
    .selectFrom('persons')
    .select('id')
    .where('id', 'in', [...new Set(ids)])
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/** A person and who acts, both as they are now and stay until the end of the transaction. */
export interface HeldPerson {
  actor: Actor
  person: Row<'persons'>
  subject: PersonSubject
}

/**
 * Loads through the viewer for an act that may take a role, a customer or the account away. Held with them are those
 * who could take each other's rights at the same moment: the other managers of the customer, or all operators.
 */
export async function holdPerson(
  tx: Tx,
  deps: Pick<Deps, 'engine'>,
  actor: Actor,
  id: string,
): Promise<Result<HeldPerson>> {
  const seen = await findPerson(tx, id)
  if (!seen) return notFound()
  await lockPersons(tx, deps, [actor.id, id, ...(await peersOf(tx, seen))])
  const present = await presentActor(tx, actor)
  if (!present) return forbidden(`${shownName(actor)} is not active any more. Nothing was changed.`)
  const found = await findVisiblePerson(tx, present, id, { customersLimit: 0 })
  if (!found) return notFound()
  const { person, subject } = found
  if (person.role !== seen.role || person.managing_customer_id !== seen.managing_customer_id)
    return conflict(changedMeanwhile(person))
  return ok({ actor: present, person, subject })
}

export const changedMeanwhile = (person: Pick<Row<'persons'>, 'display_name'>) =>
  `Somebody else has just changed ${person.display_name}. Nothing of yours was saved: open the page again and look at what is there now.`

/** Who acts, with the rights of this moment; undefined when they are no longer ACTIVE. */
export async function presentActor(tx: Tx, actor: Actor): Promise<Actor | undefined> {
  const row = await findPerson(tx, actor.id)
  if (row?.status !== 'ACTIVE') return undefined
  return { ...actor, role: row.role, managingCustomerId: row.managing_customer_id }
}

async function peersOf(tx: Tx, person: Row<'persons'>): Promise<string[]> {
  if (person.role === 'STD_USER') return []
  const query = tx.selectFrom('persons').select('id').where('role', '=', person.role)
  const rows =
    person.role === 'OPERATOR'
      ? await query.execute()
      : await query.where('managing_customer_id', '=', person.managing_customer_id).execute()
  return rows.map(row => row.id)
}
