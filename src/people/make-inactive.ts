import type { Row } from '../../db/schema.ts'
import { endAccesses, openAccessesOf } from '../access/end-accesses.ts'
import { revokeLinks } from '../auth/links.ts'
import { endSessions } from '../auth/sessions.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { endAbsencesOf } from './end-absences.ts'

type Verbs = Pick<Deps, 'clock' | 'config' | 'engine'>

/**
 * The person can't sign in any more, from this moment on: sessions and links end at once, accesses are removed in the
 * background. Undefined: they were INACTIVE already. Else how many accesses are on their way out. The caller writes
 * the trail, and calls `tellStreams` and `deps.wake()` after the commit.
 */
export async function makeInactive(
  tx: Tx,
  deps: Verbs,
  actor: Actor,
  person: Pick<Row<'persons'>, 'id'>,
  why: string,
): Promise<number | undefined> {
  const { numUpdatedRows } = await tx
    .updateTable('persons')
    .set(eb => ({ status: 'INACTIVE' as const, version: eb('version', '+', 1) }))
    .where('id', '=', person.id)
    .where('status', '!=', 'INACTIVE')
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return undefined
  await endSessions(tx, deps.clock, person.id)
  await revokeLinks(tx, deps, person.id)
  await endAbsencesOf(tx, deps, actor, person.id)
  return endAccessesOf(tx, deps, actor, person.id, why)
}

/** Removes open accesses of a person, all or those under some customers. */
export const endAccessesOf = async (
  tx: Tx,
  deps: Verbs,
  actor: Actor,
  personId: string,
  why: string,
  customers?: readonly string[],
): Promise<number> => endAccesses(tx, deps, actor, await openAccessesOf(tx, personId, customers), why)
