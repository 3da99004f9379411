import { sql } from 'kysely'
import type { AccessStatus, Instant } from '../../db/schema.ts'
import { authoritiesIn } from '../database-accounts/ca.ts'
import type { DbOrTx } from '../deps.ts'
import { byText, everyPage, type Listed, type ListOrder, type ListQuery, listPage } from '../paging.ts'
import { beginsWith } from '../people/conditions.ts'
import type { Week, WeekOfEnds } from './expiry-weeks.ts'

/** What is looked at: a stretch of time, and whose it is. */
export interface ExpirySearch {
  from: Instant
  to: Instant
  customer?: string
  asset?: string
}

export interface EndingPassword {
  id: number
  account: string
  person_id: string
  person_name: string
  asset_id: string
  customer_id: string
  server_id: number
  server_name: string
  target: 'primary' | 'standby'
  host: string
  port: number
  standby_host: string | null
  standby_port: number | null
  database_name: string
  expires_at: Instant
  status: AccessStatus
  time_zone: string
  reset_at: string | null
  /** Asked for, for later. */
  reset_due_at: Instant | null
}

const order: ListOrder<EndingPassword> = {
  sorts: {
    expires: byText('database_accounts.expires_at', row => row.expires_at),
    account: byText('database_accounts.name', row => row.account),
    asset: byText('accesses.asset_id', row => row.asset_id),
    person: byText('accesses.person_id', row => row.person_id),
  },
  id: { by: sql.ref('database_accounts.id'), of: row => row.id, type: 'number' },
  defaultSort: 'expires',
}

/** Passwords that end in this time. */
export const endingPasswords = (
  db: DbOrTx,
  search: ExpirySearch,
  asked: ListQuery,
): Promise<Listed<EndingPassword>> => listPage(db, passwords(db, search), order, asked)

/** The same, all of them, for the CSV. */
export const everyEndingPassword = (db: DbOrTx, search: ExpirySearch, sort: string | undefined) =>
  everyPage(passwords(db, search), order, sort)

/** How many end when. */
export async function passwordEnds(
  db: DbOrTx,
  search: ExpirySearch,
): Promise<{ expires_at: Instant; count: number }[]> {
  const rows = await passwords(db, search)
    .clearSelect()
    .groupBy('database_accounts.expires_at')
    .select(eb => [
      sql<Instant>`database_accounts.expires_at`.as('expires_at'),
      eb.fn.countAll<number>().as('count'),
    ])
    .execute()
  return rows.map(row => ({ ...row, count: Number(row.count) }))
}

/** How many end in each of these weeks: one look at all of them. */
export async function passwordEndsByWeek(
  db: DbOrTx,
  weeks: readonly Week[],
  search: Omit<ExpirySearch, 'from' | 'to'>,
): Promise<WeekOfEnds[]> {
  const all = { ...search, from: weeks[0]?.from ?? '', to: weeks.at(-1)?.to ?? '' }
  const counts = await passwords(db, all)
    .clearSelect()
    .select(eb =>
      weeks.map(({ word, from, to }) =>
        eb.fn
          .countAll<number>()
          .filterWhere('database_accounts.expires_at', '>=', from)
          .filterWhere('database_accounts.expires_at', '<', to)
          .as(word),
      ),
    )
    .executeTakeFirstOrThrow()
  return weeks.map(week => ({ ...week, count: Number(counts[week.word]) }))
}

function passwords(db: DbOrTx, { from, to, customer, asset }: ExpirySearch) {
  const query = db
    .selectFrom('database_accounts')
    .innerJoin('accesses', 'accesses.id', 'database_accounts.access_id')
    .innerJoin('persons', 'persons.id', 'accesses.person_id')
    .innerJoin('assets', 'assets.id', 'accesses.asset_id')
    .innerJoin('database_servers', 'database_servers.id', 'database_accounts.server_id')
    .leftJoin('asset_databases', 'asset_databases.asset_id', 'accesses.asset_id')
    .where('database_accounts.gone_at', 'is', null)
    .where('database_accounts.expires_at', '>=', from)
    .where('database_accounts.expires_at', '<', to)
    .select([
      'database_accounts.id',
      'database_accounts.name as account',
      'accesses.person_id',
      'persons.display_name as person_name',
      'accesses.asset_id',
      'accesses.customer_id',
      'database_accounts.server_id',
      'database_servers.name as server_name',
      'database_accounts.target',
      'database_servers.host',
      'database_servers.port',
      'database_servers.standby_host',
      'database_servers.standby_port',
      'database_accounts.database_name',
      sql<Instant>`database_accounts.expires_at`.as('expires_at'),
      'accesses.status',
      'assets.time_zone',
      'asset_databases.reset_at',
      'database_accounts.reset_due_at',
    ])
  const ofCustomer = customer ? query.where(beginsWith('accesses.customer_id', customer)) : query
  return asset ? ofCustomer.where(beginsWith('accesses.asset_id', asset)) : ofCustomer
}

/** A certificate that ends: a server's, as its accounts show it, or that of an authority operators have stored. */
export interface EndingCertificate {
  kind: 'server' | 'CA'
  serverId: number
  serverName: string
  /** "primary", "standby", or whose the authority is. */
  of: string
  expiresAt: Instant
}

/** Few: servers, not accounts. */
export async function endingCertificates(db: DbOrTx, search: ExpirySearch): Promise<EndingCertificate[]> {
  const found = [...(await serverCertificates(db, search)), ...(await authorities(db, search))]
  return found.sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : a.expiresAt > b.expiresAt ? 1 : 0))
}

async function serverCertificates(db: DbOrTx, search: ExpirySearch): Promise<EndingCertificate[]> {
  const { from, to } = search
  const rows = await serversOf(db, search)
    .innerJoin('database_accounts', 'database_accounts.server_id', 'database_servers.id')
    .where('database_accounts.gone_at', 'is', null)
    .where('database_accounts.certificate_expires_at', '>=', from)
    .where('database_accounts.certificate_expires_at', '<', to)
    .select([
      'database_servers.id',
      'database_servers.name',
      'database_accounts.target',
      sql<Instant>`database_accounts.certificate_expires_at`.as('expires_at'),
    ])
    .distinct()
    .execute()
  return rows.map(row => ({
    kind: 'server',
    serverId: row.id,
    serverName: row.name,
    of: row.target,
    expiresAt: row.expires_at,
  }))
}

async function authorities(db: DbOrTx, search: ExpirySearch): Promise<EndingCertificate[]> {
  const servers = await serversOf(db, search)
    .where('database_servers.ca', 'is not', null)
    .select(['database_servers.id', 'database_servers.name', 'database_servers.ca'])
    .execute()
  return servers
    .flatMap(({ id, name, ca }) =>
      authoritiesIn(ca ?? '').map(authority => ({
        kind: 'CA' as const,
        serverId: id,
        serverName: name,
        of: authority.subject,
        expiresAt: authority.validTo.toISOString(),
      })),
    )
    .filter(({ expiresAt }) => expiresAt >= search.from && expiresAt < search.to)
}

/** Servers in use, or those with a database of the customer or the asset that is asked for. */
function serversOf(db: DbOrTx, { customer, asset }: ExpirySearch) {
  const query = db.selectFrom('database_servers').where('database_servers.status', '=', 'ACTIVE')
  if (!customer && !asset) return query
  return query.where('database_servers.id', 'in', eb => {
    const databases = eb
      .selectFrom('asset_databases')
      .innerJoin('assets', 'assets.id', 'asset_databases.asset_id')
      .select('asset_databases.server_id')
    const ofCustomer = customer ? databases.where(beginsWith('assets.customer_id', customer)) : databases
    return asset ? ofCustomer.where(beginsWith('assets.id', asset)) : ofCustomer
  })
}
