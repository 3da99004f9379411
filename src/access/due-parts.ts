import { type SqlBool, sql } from 'kysely'
import type { AccessStatus, Instant } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'

/** What a person has to confirm for one customer. */
export interface DuePart {
  /** Sent with the button; where several campaigns ask, it stands for all of them. */
  partId: number
  customerId: string
  customerName: string
  dueAt: Instant
  accesses: readonly DueAccess[]
}

export interface DueAccess {
  id: number
  assetId: string
  typeName: string
  status: AccessStatus
}

/**
 * What somebody has to re-validate now, a row per customer with what is still in force; empty: nothing is due. What
 * was suspended for want of an answer can be confirmed after its campaign, too.
 */
export async function dueParts(db: DbOrTx, personId: string): Promise<DuePart[]> {
  const rows = await dueItems(db, personId)
  const found = new Map<string, DuePart & { accesses: DueAccess[] }>()
  for (const row of rows) {
    const part = found.get(row.customer_id) ?? {
      partId: row.part_id,
      customerId: row.customer_id,
      customerName: row.customer_name,
      dueAt: row.due_at,
      accesses: [],
    }
    found.set(row.customer_id, part)
    if (!part.accesses.some(access => access.id === row.id))
      part.accesses.push({ id: row.id, assetId: row.asset_id, typeName: row.type_name, status: row.status })
  }
  return [...found.values()]
}

/**
 * For queries that reach `accesses` by other ways: said so that no index serves it, because both engines would rather
 * read all accesses by their status.
 */
export const inForce = sql<SqlBool>`coalesce(accesses.status, '') in ('APPROVED', 'SUSPENDED')`

/** The earliest deadline of a customer first. */
const dueItems = (db: DbOrTx, personId: string) =>
  db
    .selectFrom('campaign_parts')
    .innerJoin('campaigns', 'campaigns.id', 'campaign_parts.campaign_id')
    .innerJoin('campaign_items', 'campaign_items.part_id', 'campaign_parts.id')
    .innerJoin('accesses', 'accesses.id', 'campaign_items.access_id')
    .innerJoin('access_types', 'access_types.id', 'accesses.access_type')
    .innerJoin('customers', 'customers.id', 'campaign_parts.customer_id')
    .where('campaign_parts.person_id', '=', personId)
    .where('campaign_parts.state', 'in', ['OPEN', 'SUSPENDED'])
    .where(eb => eb.or([eb('campaign_parts.state', '=', 'SUSPENDED'), eb('campaigns.state', '!=', 'CLOSED')]))
    .where(inForce)
    .orderBy('campaign_parts.customer_id')
    .orderBy('campaigns.due_at')
    .orderBy('accesses.asset_id')
    .orderBy('accesses.id')
    .select([
      'campaign_parts.id as part_id',
      'campaign_parts.customer_id',
      'customers.name as customer_name',
      'campaigns.due_at',
      'accesses.id',
      'accesses.asset_id',
      'accesses.status',
      'access_types.name as type_name',
    ])
    .execute()
