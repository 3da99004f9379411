import { type Expression, type SqlBool, sql } from 'kysely'
import type { AccessStatus, Instant, Role } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { byText, everyPage, type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { beginsWith } from '../people/conditions.ts'
import { type Actor, isOperator } from '../policy.ts'
import { visibleAccesses } from './find-access.ts'

/** A row of Access Approvals, with all that one decides by. */
export interface ListedApproval {
  id: number
  version: number
  person_id: string
  person_name: string
  asset_id: string
  asset_description: string
  type_name: string
  status: AccessStatus
  pending_status: string | null
  justification: string
  requested_by: string | null
  requested_by_name: string | null
  requested_by_role: Role | null
  created_at: Instant
  edited_by: string | null
  edited_by_name: string | null
  edited_by_role: Role | null
  edited_at: Instant | null
  ends_on: string | null
  /** Database Account ID, of database accounts. */
  database_account: string | null
  /** Transfer Access: who has the account until it is approved. */
  transfer_from: string | null
  transfer_from_name: string | null
  escalated_at: Instant | null
}

export interface ApprovalFilters {
  user?: string
  asset?: string
  access_requested?: string
}

const order: ListOrder<ListedApproval> = {
  sorts: {
    user: byText('accesses.person_id', row => row.person_id),
    asset: byText('accesses.asset_id', row => row.asset_id),
    access_requested: byText('access_types.name', row => row.type_name),
    requested: { by: sql.ref('accesses.id'), of: row => row.id, type: 'number' },
  },
  id: { by: sql.ref('accesses.id'), of: row => row.id, type: 'number' },
  defaultSort: 'requested',
}

/** What this person may decide about now, page by page; the oldest first. */
export const approvalsFor = (
  db: DbOrTx,
  actor: Actor,
  now: Instant,
  filters: ApprovalFilters,
  asked: ListQuery,
): Promise<Listed<ListedApproval>> =>
  listPage(db, filtered(listed(db).where(waitsFor(actor, now)), filters), order, asked)

export const everyApprovalFor = (
  db: DbOrTx,
  actor: Actor,
  now: Instant,
  filters: ApprovalFilters,
  sort: string | undefined,
): AsyncGenerator<readonly ListedApproval[]> =>
  everyPage(filtered(listed(db).where(waitsFor(actor, now)), filters), order, sort)

/** Rows that were on somebody's page, whatever has become of them, as far as they may see them. */
export function approvalsByNumber(
  db: DbOrTx,
  actor: Actor,
  ids: readonly number[],
): Promise<ListedApproval[]> {
  if (ids.length === 0) return Promise.resolve([])
  return listed(db)
    .where('accesses.id', 'in', [...ids])
    .where(visibleAccesses(actor))
    .orderBy('accesses.id')
    .execute()
}

/** Which of these this person may decide about now. */
export async function stillWaiting(
  db: DbOrTx,
  actor: Actor,
  now: Instant,
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('accesses')
    .select('id')
    .where('id', 'in', [...ids])
    .where(waitsFor(actor, now))
    .execute()
  return rows.map(row => row.id)
}

/** How many wait for somebody else because this person has a part in them. */
export async function approvalsOfOthers(db: DbOrTx, actor: Actor, now: Instant): Promise<number> {
  const { count } = await db
    .selectFrom('accesses')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where(undecidedOf(actor))
    .where(isParty(actor, now))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The first of what waits for this person, and how many there are. */
export async function approvalsAhead(
  db: DbOrTx,
  actor: Actor,
  now: Instant,
  limit: number,
): Promise<{ rows: ListedApproval[]; count: number }> {
  if (!isOperator(actor) && actor.role !== 'MANAGER') return { rows: [], count: 0 }
  const rows = await listed(db).where(waitsFor(actor, now)).orderBy('accesses.id').limit(limit).execute()
  if (rows.length < limit) return { rows, count: rows.length }
  const { count } = await db
    .selectFrom('accesses')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where(waitsFor(actor, now))
    .executeTakeFirstOrThrow()
  return { rows, count: Number(count) }
}

/** `access.approve` of the policy as a condition; test/security/self-approval.test.ts holds the two together. */
export const waitsFor = (actor: Actor, now: Instant): Expression<SqlBool> =>
  sql<SqlBool>`(${undecidedOf(actor)} and not ${isParty(actor, now)})`

function undecidedOf(actor: Actor): Expression<SqlBool> {
  const undecided = sql<SqlBool>`accesses.status = 'PROCESSING' and accesses.decision is null`
  if (isOperator(actor)) return sql<SqlBool>`(${undecided} and accesses.escalated_at is not null)`
  const managed = actor.role === 'MANAGER' ? actor.managingCustomerId : null
  return sql<SqlBool>`(${undecided} and accesses.customer_id = ${managed ?? ''})`
}

/** Requester, beneficiary, last editor, or standing in for one of them. */
const isParty = ({ id }: Actor, now: Instant): Expression<SqlBool> =>
  sql<SqlBool>`(accesses.person_id = ${id} or coalesce(accesses.requested_by, '') = ${id}
    or coalesce(accesses.edited_by, '') = ${id} or exists (select 1 from absences where absences.stand_in_id = ${id}
      and absences.ended_at is null and absences.from_at <= ${now} and absences.until_at > ${now}
      and absences.person_id in (accesses.person_id, accesses.requested_by, accesses.edited_by)))`

const listed = (db: DbOrTx) =>
  db
    .selectFrom('accesses')
    .innerJoin('persons', 'persons.id', 'accesses.person_id')
    .innerJoin('assets', 'assets.id', 'accesses.asset_id')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    .leftJoin('persons as requesters', 'requesters.id', 'accesses.requested_by')
    .leftJoin('persons as editors', 'editors.id', 'accesses.edited_by')
    .leftJoin('accesses as formers', 'formers.id', 'accesses.transfer_of')
    .leftJoin('persons as owners', 'owners.id', 'formers.person_id')
    .select([
      'accesses.id',
      'accesses.version',
      'accesses.person_id',
      'persons.display_name as person_name',
      'accesses.asset_id',
      'assets.description as asset_description',
      'access_types.name as type_name',
      'accesses.status',
      'accesses.pending_status',
      'accesses.justification',
      'accesses.requested_by',
      'requesters.display_name as requested_by_name',
      'requesters.role as requested_by_role',
      'accesses.created_at',
      'accesses.edited_by',
      'editors.display_name as edited_by_name',
      'editors.role as edited_by_role',
      'accesses.edited_at',
      'accesses.ends_on',
      'accesses.database_account',
      'formers.person_id as transfer_from',
      'owners.display_name as transfer_from_name',
      'accesses.escalated_at',
    ])

function filtered(
  query: ReturnType<typeof listed>,
  { user, asset, access_requested }: ApprovalFilters,
): ReturnType<typeof listed> {
  let found = query
  if (user) found = found.where(beginsWith('accesses.person_id', user))
  if (asset) found = found.where(beginsWith('accesses.asset_id', asset))
  if (access_requested) found = found.where('accesses.access_type', '=', access_requested)
  return found
}
