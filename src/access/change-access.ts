import type { Updateable } from 'kysely'
import type { Database, Row } from '../../db/schema.ts'
import { type AuditActor, record } from '../audit/record.ts'
import type { Clock } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { type AccessEvent, accessEvents, canHappenTo } from './access-states.ts'

export type Access = Row<'accesses'>
export type AccessChanges = Updateable<Database['accesses']>

/**
 * Moves an access by an event of the table, if it still is as it was seen, and writes the audit row.
 * False: somebody or something else was quicker.
 */
export async function moveAccess(
  tx: Tx,
  clock: Clock,
  actor: AuditActor | Actor,
  seen: Access,
  event: AccessEvent,
  changes: AccessChanges = {},
  detail: Readonly<Record<string, unknown>> = {},
): Promise<boolean> {
  if (!canHappenTo(event, seen.status)) return false
  const { to, audit } = accessEvents[event]
  const moved = await changeAccess(tx, seen, { ...changes, status: to })
  if (moved)
    await record(tx, clock, { id: actor.id, role: actor.role }, `access ${audit}`, accessSubject(seen), {
      person: seen.person_id,
      asset: seen.asset_id,
      type: seen.access_type,
      ...(seen.status !== to && { from: seen.status, to }),
      ...detail,
    })
  return moved
}

/** Changes an access if it still is the version that was seen. */
export async function changeAccess(tx: Tx, seen: Access, changes: AccessChanges): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('accesses')
    .set({ ...changes, version: seen.version + 1 })
    .where('id', '=', seen.id)
    .where('version', '=', seen.version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** For the trail and for mails. */
export const accessSubject = (access: Pick<Access, 'id' | 'customer_id'>) =>
  ({ type: 'access', id: access.id, customerId: access.customer_id }) as const

export const accessTopic = (id: number) => `access:${id}`

/** After the commit: workers look for what is due. */
export const tellAccesses = (deps: Pick<Deps, 'wake'>): void => deps.wake()
