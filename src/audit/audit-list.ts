import { type SqlBool, sql } from 'kysely'
import type { Instant } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import type { Listed, PlaceQuery } from '../paging.ts'
import { loginKey } from '../people/login-id.ts'
import { namesOf } from '../people/names.ts'
import { fold } from '../search-text.ts'
import type { AuditFilters } from './audit-filters.ts'
import { detailOf } from './queries.ts'
import { subjectTypes } from './subject-types.ts'
import { type AuditEvent, type Condition, eventPage, everyEvent, type Walk } from './walk-events.ts'

/** An act as operators read it. */
export interface ListedEvent {
  id: number
  at: Instant
  actorId: string | null
  /** As the person is called today; null for the portal itself and for who is not there any more. */
  actorName: string | null
  actorRole: string
  verb: string
  type: string
  record: string
  customerId: string | null
  detail: Readonly<Record<string, unknown>>
  httpRequestId: string | null
}

const PAGE_SIZE = 20

export const auditList = async (
  db: DbOrTx,
  filters: AuditFilters,
  asked: PlaceQuery,
): Promise<Listed<ListedEvent>> => pageOf(db, await walkOf(db, filters), asked)

/** The same, all of it, for the CSV. */
export async function* everyAct(db: DbOrTx, filters: AuditFilters): AsyncGenerator<ListedEvent[]> {
  for await (const events of everyEvent(db, await walkOf(db, filters))) yield named(db, events)
}

/** What a person did and what happened to them and to their accesses. */
export const personHistory = (
  db: DbOrTx,
  personId: string,
  asked: PlaceQuery,
): Promise<Listed<ListedEvent>> => pageOf(db, walkOfPerson(personId), asked)

async function pageOf(db: DbOrTx, walk: Walk, asked: PlaceQuery): Promise<Listed<ListedEvent>> {
  const page = await eventPage(db, walk, asked, PAGE_SIZE)
  return { ...page, rows: await named(db, page.rows) }
}

/**
 * The narrowest filter decides which index is walked. All but the one of a record go by person, customer or type and
 * then by act, so that each act is a walk of its own and none has to be sorted.
 */
async function walkOf(db: DbOrTx, filters: AuditFilters): Promise<Walk> {
  const days = within(filters)
  const { who, what, type, record, customer } = filters
  const actor = who === undefined ? [] : [await actorIs(db, who)]
  const ofCustomer = customer === undefined ? [] : [sql<SqlBool>`customer_id = ${customer}`]
  if (record !== undefined) {
    const kinds = what === undefined ? [] : [anyOf((await kindsOf(db, filters)).map(one => verbIs(one.verb)))]
    return { branches: ofRecord(filters), shared: [...kinds, ...actor, ...ofCustomer, ...days] }
  }
  const [walked, ...rest] = [...actor, ...ofCustomer]
  if (!walked && what === undefined && type === undefined) return { branches: [sql`1 = 1`], shared: days }
  const kinds = await kindsOf(db, filters)
  const typed = type === undefined ? [] : [sql<SqlBool>`subject_type = ${type}`]
  return walked
    ? {
        branches: verbsOf(kinds).map(verb => sql`${walked} and ${verbIs(verb)}`),
        shared: [...typed, ...rest, ...days],
      }
    : { branches: kinds.map(one => sql`subject_type = ${one.type} and ${verbIs(one.verb)}`), shared: days }
}

const verbIs = (verb: string): Condition => sql`verb = ${verb}`
const verbsOf = (kinds: readonly Kind[]) => [...new Set(kinds.map(kind => kind.verb))]

const ofRecord = ({ type, record = '' }: AuditFilters): Condition[] =>
  (type ? [type] : subjectTypes).flatMap(one =>
    // Codes and ids are written in capitals.
    [...new Set([record, record.toUpperCase()])].map(
      id => sql<SqlBool>`subject_type = ${one} and subject_id = ${id}`,
    ),
  )

const within = ({ from, to }: AuditFilters): Condition[] => [
  ...(from ? [sql<SqlBool>`audit_events.at >= ${from}`] : []),
  ...(to ? [sql<SqlBool>`audit_events.at < ${to}`] : []),
]

const anyOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`1 = 0` : sql`(${sql.join(conditions, sql` or `)})`

/** By code, whether or not the person is there still, or by Login ID. */
async function actorIs(db: DbOrTx, typed: string): Promise<Condition> {
  if (fold(typed) === 'gatehouse') return sql`actor_id is null`
  const person = await db
    .selectFrom('persons')
    .select('id')
    .where('login_key', '=', loginKey(typed))
    .executeTakeFirst()
  return sql`actor_id = ${person?.id ?? typed.toUpperCase()}`
}

interface Kind {
  type: string
  verb: string
}

/** SQLite puts at most 500 reads together. */
const mostKinds = 400

/** What has ever been done to what, as far as it is asked for: the index is leapt along, not read. */
async function kindsOf(db: DbOrTx, { type, what = '' }: AuditFilters): Promise<Kind[]> {
  const types = (type ? [type] : subjectTypes).map(one => sql`select cast(${one} as text) as type`)
  const { rows } = await sql<Kind>`
    with recursive found (type, verb) as (
      select type, (select min(verb) from audit_events where subject_type = types.type)
      from (${sql.join(types, sql` union all `)}) as types
      union all
      select type, (select min(verb) from audit_events where subject_type = found.type and verb > found.verb)
      from found where found.verb is not null
    ) select type, verb from found where verb is not null limit ${sql.lit(mostKinds)}`.execute(db)
  return rows.filter(row => fold(row.verb).startsWith(fold(what)))
}

const walkOfPerson = (id: string): Walk => ({
  branches: [
    sql`actor_id = ${id}`,
    sql`subject_type = 'person' and subject_id = ${id} and ${notBy(id)}`,
    sql`subject_type = 'access' and subject_id in (
      select cast(accesses.id as text) from accesses where accesses.person_id = ${id}) and ${notBy(id)}`,
  ],
  shared: [],
})

const notBy = (id: string): Condition => sql`(actor_id is null or actor_id <> ${id})`

async function named(db: DbOrTx, events: readonly AuditEvent[]): Promise<ListedEvent[]> {
  const names = await namesOf(
    db,
    events.flatMap(event => event.actor_id ?? []),
  )
  return events.map(event => ({
    id: event.id,
    at: event.at,
    actorId: event.actor_id,
    actorName: event.actor_id === null ? null : (names.get(event.actor_id) ?? null),
    actorRole: event.actor_role,
    verb: event.verb,
    type: event.subject_type,
    record: event.subject_id,
    customerId: event.customer_id,
    detail: detailOf(event.detail),
    httpRequestId: event.http_request_id,
  }))
}
