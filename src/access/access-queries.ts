import { sql } from 'kysely'
import type { Role, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { openStatuses } from './access-states.ts'
import type { Access } from './change-access.ts'
import { visibleAccesses } from './find-access.ts'

/** An access of a person, with the words of what it is about. */
export interface PersonAccess extends Access {
  asset_description: string
  type_name: string
  type_description: string
  requested_by_name: string | null
  requested_by_role: Role | null
  edited_by_name: string | null
  edited_by_role: Role | null
  decided_by_name: string | null
  decided_by_role: Role | null
}

/** Every access of a person that the viewer may see, ended ones too: by asset, open ones first. */
export async function accessesOfPerson(db: DbOrTx, actor: Actor, personId: string): Promise<PersonAccess[]> {
  const rows = await db
    .selectFrom('accesses')
    .innerJoin('assets', 'assets.id', 'accesses.asset_id')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    .leftJoin('persons as requesters', 'requesters.id', 'accesses.requested_by')
    .leftJoin('persons as editors', 'editors.id', 'accesses.edited_by')
    .leftJoin('persons as deciders', 'deciders.id', 'accesses.decided_by')
    .where('accesses.person_id', '=', personId)
    .where(visibleAccesses(actor))
    .selectAll('accesses')
    .select([
      'assets.description as asset_description',
      'access_types.name as type_name',
      'access_types.description as type_description',
      'requesters.display_name as requested_by_name',
      'requesters.role as requested_by_role',
      'editors.display_name as edited_by_name',
      'editors.role as edited_by_role',
      'deciders.display_name as decided_by_name',
      'deciders.role as decided_by_role',
    ])
    .orderBy('accesses.asset_id')
    .orderBy('access_types.sort')
    .orderBy('access_types.name')
    .orderBy('accesses.id', 'desc')
    .execute()
  return [...rows.filter(isOpen), ...rows.filter(row => !isOpen(row))].sort((a, b) =>
    a.asset_id < b.asset_id ? -1 : a.asset_id > b.asset_id ? 1 : 0,
  )
}

export const isOpen = (access: Pick<Row<'accesses'>, 'status'>) =>
  (openStatuses as readonly string[]).includes(access.status)

/** It can be staged to be removed: it is open and not on its way out. */
export const isRemovable = (access: Pick<Row<'accesses'>, 'status'>) =>
  isOpen(access) && access.status !== 'PENDING REMOVAL'

/** Grants and removals that have failed and wait to be tried again, the oldest first: what operators look after. */
export const failedAccesses = (db: DbOrTx, limit: number) =>
  db
    .selectFrom('accesses')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    // In the words of the index accesses_failed.
    .where(sql<boolean>`substr(accesses.pending_status, 1, 7) = 'FAILED:'`)
    .select([
      'accesses.id',
      'accesses.person_id',
      'accesses.asset_id',
      'accesses.status',
      'accesses.pending_status',
      'access_types.name as type_name',
    ])
    .orderBy('accesses.id')
    .limit(limit)
    .execute()

export type FailedAccess = Awaited<ReturnType<typeof failedAccesses>>[number]
