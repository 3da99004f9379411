import { record, systemActor } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Access, accessSubject } from './change-access.ts'

/**
 * From now on operators may decide as well. Without a new version: what a decision is about has not changed.
 * Undefined: it was decided or escalated meanwhile.
 */
export async function escalate(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  id: number,
  why: string,
): Promise<Access | undefined> {
  const access = await tx
    .updateTable('accesses')
    .set({ escalated_at: nowInstant(clock) })
    .where('id', '=', id)
    .where('status', '=', 'PROCESSING')
    .where('decision', 'is', null)
    .where('escalated_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (access) await record(tx, clock, systemActor, 'access escalated', accessSubject(access), { why })
  return access
}

/** Why operators are asked at once. */
export const nobodyElse =
  'No manager of the customer may decide about this access request: there is none, or they have a part in it.'
