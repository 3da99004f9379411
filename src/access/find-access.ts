import { type Expression, type SqlBool, sql } from 'kysely'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { AccessSubject, Actor } from '../policy.ts'
import type { Access } from './change-access.ts'

/** An access as somebody sees it, with what the policy asks about it. */
export interface VisibleAccess {
  access: Access
  subject: AccessSubject
}

/**
 * THE predicate of who sees which accesses: operators all, a manager those of the customer they manage, everybody
 * their own. For queries that select from `accesses`.
 */
export function visibleAccesses(actor: Actor): Expression<SqlBool> {
  if (actor.role === 'OPERATOR') return sql<SqlBool>`1 = 1`
  if (actor.role === 'MANAGER' && actor.managingCustomerId !== null)
    return sql<SqlBool>`(accesses.person_id = ${actor.id} or accesses.customer_id = ${actor.managingCustomerId})`
  return sql<SqlBool>`accesses.person_id = ${actor.id}`
}

/** Loads through the viewer: what they may not see is not there. */
export async function findVisibleAccess(
  db: DbOrTx,
  deps: Pick<Deps, 'clock'>,
  actor: Actor,
  id: number,
): Promise<VisibleAccess | undefined> {
  const access = await db
    .selectFrom('accesses')
    .selectAll()
    .where('id', '=', id)
    .where(visibleAccesses(actor))
    .executeTakeFirst()
  return access && { access, subject: await subjectOf(db, deps, access) }
}

/** The same for an act on it: of two at the same moment the second sees what the first has done. */
export async function findAccessForAct(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'engine'>,
  actor: Actor,
  id: number,
): Promise<VisibleAccess | undefined> {
  if (deps.engine === 'postgres')
    await tx.selectFrom('accesses').select('id').where('id', '=', id).forNoKeyUpdate().execute()
  return findVisibleAccess(tx, deps, actor, id)
}

/** What the policy asks about an access, now. */
export async function subjectOf(
  db: DbOrTx,
  { clock }: Pick<Deps, 'clock'>,
  access: Access,
): Promise<AccessSubject> {
  const parties = [access.person_id, access.requested_by, access.edited_by].filter(id => id !== null)
  return {
    customerId: access.customer_id,
    beneficiary: access.person_id,
    requestedBy: access.requested_by,
    editedBy: access.edited_by,
    escalated: access.escalated_at !== null,
    standIns: await standInsFor(db, nowInstant(clock), parties),
  }
}

/** Who stands in at that moment for any of these persons. */
export async function standInsFor(db: DbOrTx, now: string, persons: readonly string[]): Promise<string[]> {
  if (persons.length === 0) return []
  const rows = await db
    .selectFrom('absences')
    .select('stand_in_id')
    .where('person_id', 'in', [...persons])
    .where('ended_at', 'is', null)
    .where('from_at', '<=', now)
    .where('until_at', '>', now)
    .distinct()
    .orderBy('stand_in_id')
    .execute()
  return rows.map(row => row.stand_in_id)
}

/** A number out of an address or a form; undefined for anything that can't be an access's number. */
export const accessNumber = (text: string): number | undefined =>
  /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
