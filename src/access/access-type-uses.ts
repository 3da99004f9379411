import type { DbOrTx } from '../deps.ts'
import { openStatuses } from './access-states.ts'

/** Accesses and requests of a type that have not ended. */
export async function countOpenOfType(db: DbOrTx, typeId: string): Promise<number> {
  const row = await openOfType(db, typeId)
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The first of them, to be named. */
export const someOpenOfType = (db: DbOrTx, typeId: string, limit = 20) =>
  openOfType(db, typeId)
    .innerJoin('persons', 'persons.id', 'accesses.person_id')
    .select(['accesses.id', 'person_id', 'display_name', 'asset_id', 'accesses.status'])
    .orderBy('accesses.id')
    .limit(limit)
    .execute()

/** Open accesses by type, of all types. */
export async function openByType(db: DbOrTx): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('accesses')
    .where('accesses.status', 'in', [...openStatuses])
    .groupBy('access_type')
    .select(eb => ['access_type', eb.fn.countAll<number>().as('count')])
    .execute()
  return new Map(rows.map(row => [row.access_type, Number(row.count)]))
}

const openOfType = (db: DbOrTx, typeId: string) =>
  db
    .selectFrom('accesses')
    .where('access_type', '=', typeId)
    .where('accesses.status', 'in', [...openStatuses])

/** Access types that a runbook grants or removes. */
export const typesOfRunbook = (db: DbOrTx, runbookId: number) =>
  db
    .selectFrom('access_types')
    .where(eb => eb.or([eb('grant_runbook_id', '=', runbookId), eb('removal_runbook_id', '=', runbookId)]))
    .select(['id', 'name'])
    .orderBy('name')
    .execute()
