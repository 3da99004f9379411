import type { Row } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, shownName } from '../policy.ts'
import { endAccessesOf } from './make-inactive.ts'

/** Takes customers out of a Customer Access List, and with them the accesses under them. Gives how many end. */
export async function removeCustomers(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config' | 'engine'>,
  actor: Actor,
  person: Pick<Row<'persons'>, 'id'>,
  removed: readonly string[],
): Promise<number> {
  if (removed.length === 0) return 0
  await tx
    .deleteFrom('customer_access')
    .where('person_id', '=', person.id)
    .where('customer_id', 'in', [...removed])
    .execute()
  for (const customerId of removed)
    await record(
      tx,
      deps.clock,
      actor,
      'customer removed from person',
      { type: 'person', id: person.id, customerId },
      { customer: customerId },
    )
  return endAccessesOf(tx, deps, actor, person.id, removalWords(actor, removed), removed)
}

/** Why the accesses end, as people read it. */
export const removalWords = (actor: Actor, removed: readonly string[]) =>
  `Customer ${removed.slice(0, 5).join(', ')}${removed.length > 5 ? ' …' : ''} was removed by ${shownName(actor)}.`
