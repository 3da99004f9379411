import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { AccessStatus, Instant } from '../../db/schema.ts'
import { accessTypes } from '../access/access-types.ts'
import { visibleAccesses } from '../access/find-access.ts'
import type { DbOrTx } from '../deps.ts'
import type { Listed, PlaceQuery } from '../paging.ts'
import { beginsWith } from '../people/conditions.ts'
import { namesOf } from '../people/names.ts'
import { type Actor, isOperator } from '../policy.ts'
import { everyRow, type Place, pageOf, type Source } from './holder-pages.ts'

type Condition = Expression<SqlBool>

/** Somebody who can do something here: by an access, or as a manager of the customer. */
export interface Holder {
  personId: string
  name: string
  /** null: a manager, who holds no access for it. */
  accessId: number | null
  access: string
  /** Database Account ID. */
  account: string | null
  /** Where it was granted; null for managers. */
  assetId: string | null
  /** It covers every asset of the customer. */
  everywhere: boolean
  status: AccessStatus | null
  since: Instant | null
  /** Last day; null: no end. */
  until: string | null
}

/** An asset with its customer, or all of a customer. */
export interface Where {
  customerId: string
  assetId: string | null
}

export interface HolderFilters {
  person?: string
}

interface HolderRow extends Place {
  access_type: string
  asset_id: string | null
  status: AccessStatus | null
  granted_at: Instant | null
  ends_on: string | null
  database_account: string | null
}

/** What opens something, or may still do so until it is proven gone. */
const working = ['APPROVED', 'SUSPENDED', 'PENDING REMOVAL'] as const satisfies readonly AccessStatus[]

/** Who can do what here, as far as this person may see it: the managers of the customer all, others themselves. */
export async function whoCan(
  db: DbOrTx,
  actor: Actor,
  where: Where,
  filters: HolderFilters,
  asked: PlaceQuery,
): Promise<Listed<Holder>> {
  const page = await pageOf(sourcesOf(db, actor, where, filters), asked)
  return { ...page, rows: await named(db, page.rows) }
}

/** The same, all of them, for the CSV. */
export async function* everyHolder(
  db: DbOrTx,
  actor: Actor,
  where: Where,
  filters: HolderFilters,
): AsyncGenerator<Holder[]> {
  for await (const rows of everyRow(sourcesOf(db, actor, where, filters))) yield named(db, rows)
}

function sourcesOf(db: DbOrTx, actor: Actor, where: Where, filters: HolderFilters): Source<HolderRow>[] {
  const by = (column: string) => (filters.person ? [beginsWith(column, filters.person)] : [])
  const accesses = (conditions: readonly Condition[]) =>
    source<HolderRow>(
      db,
      accessColumns,
      sql`accesses`,
      ['accesses.person_id', 'accesses.id'],
      [...conditions, isWorking, visibleAccesses(actor), ...by('accesses.person_id')],
    )
  const here = [sql<SqlBool>`accesses.customer_id = ${where.customerId}`, ...covering(where)]
  return [
    accesses(here),
    ...(isOperator(actor) && where.assetId !== null ? [accesses(leftBehind(where))] : []),
    source<HolderRow>(
      db,
      managerColumns,
      sql`persons`,
      ['persons.id', '0'],
      [...managing(actor, where), ...by('persons.id')],
    ),
  ]
}

/** On the asset itself, or on another one of the customer and covering them all. */
const covering = ({ assetId }: Where): Condition[] =>
  assetId === null
    ? []
    : [
        sql`(accesses.asset_id = ${assetId}
          or accesses.access_type in (select id from access_types where scope = 'customer'))`,
      ]

/** Of an earlier customer of the asset, not gone yet. Operators see it; it is none of the present one's business. */
const leftBehind = ({ assetId, customerId }: Where): Condition[] => [
  sql`accesses.asset_id = ${assetId}`,
  sql`accesses.customer_id <> ${customerId}`,
]

const managing = (actor: Actor, { customerId }: Where): Condition[] => [
  sql`persons.managing_customer_id = ${customerId}`,
  sql`persons.role = 'MANAGER' and persons.status = 'ACTIVE'`,
  ...(isOperator(actor) || actor.managingCustomerId === customerId
    ? []
    : [sql<SqlBool>`persons.id = ${actor.id}`]),
]

const isWorking: Condition = sql`accesses.status in (${sql.join(working.map(status => sql.lit(status)))})`

const accessColumns = sql.raw(
  'accesses.person_id, accesses.id as access_id, access_type, asset_id, accesses.status, granted_at, ends_on, database_account',
)
const managerColumns = sql.raw(
  `persons.id as person_id, 0 as access_id, '' as access_type, cast(null as text) as asset_id,
   cast(null as text) as status, cast(null as text) as granted_at, cast(null as text) as ends_on,
   cast(null as text) as database_account`,
)

/** Rows of a table in the order of two of its columns. */
function source<R extends Place>(
  db: DbOrTx,
  columns: RawBuilder<unknown>,
  table: RawBuilder<unknown>,
  order: readonly [string, string],
  conditions: readonly Condition[],
): Source<R> {
  const [person, access] = order.map(column => sql.raw(column))
  const rowsBeyond = (place: Place | null, than: RawBuilder<unknown>) => {
    const beyond =
      place && sql<SqlBool>`(${person}, ${access}) ${than} (${place.person_id}, ${place.access_id})`
    return sql`from ${table} where ${sql.join(beyond ? [...conditions, beyond] : conditions, sql` and `)}`
  }
  return {
    async read(place, direction, limit) {
      const [than, way] = direction === 'on' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`]
      const found = await sql<R>`select ${columns} ${rowsBeyond(place, than)}
        order by person_id ${way}, access_id ${way} limit ${sql.lit(limit)}`.execute(db)
      return found.rows
    },
    async count(limit) {
      const { rows } = await sql<{ n: number }>`select count(*) as n from
        (select 1 as one ${rowsBeyond(null, sql`>`)} limit ${sql.lit(limit)}) as counted`.execute(db)
      return Number(rows[0]?.n ?? 0)
    },
  }
}

async function named(db: DbOrTx, rows: readonly HolderRow[]): Promise<Holder[]> {
  const types = new Map((await accessTypes(db)).map(type => [type.id, type]))
  const names = await namesOf(
    db,
    rows.map(row => row.person_id),
  )
  return rows.map(row => {
    const type = types.get(row.access_type)
    const manager = row.access_id === 0
    return {
      personId: row.person_id,
      name: names.get(row.person_id) ?? '',
      accessId: manager ? null : row.access_id,
      access: manager ? 'Manager: decides access requests' : (type?.name ?? row.access_type),
      account: row.database_account,
      assetId: row.asset_id,
      everywhere: manager || type?.scope === 'customer',
      status: row.status,
      since: row.granted_at,
      until: row.ends_on,
    }
  })
}
