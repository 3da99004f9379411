import type { Instant } from '../../db/schema.ts'
import { after, days } from '../clock.ts'
import type { DbOrTx } from '../deps.ts'
import { noticeDays } from './accounts.ts'

/** A password of one's own that ends soon, or should have been reset by now. */
export interface ExpiringPassword {
  accessId: number
  assetId: string
  account: string
  expiresAt: Instant
}

/** Of a person, the first to end first. */
export async function expiringPasswords(
  db: DbOrTx,
  personId: string,
  now: Instant,
  limit: number,
): Promise<ExpiringPassword[]> {
  const rows = await db
    .selectFrom('database_accounts')
    .innerJoin('accesses', 'accesses.id', 'database_accounts.access_id')
    .where('database_accounts.gone_at', 'is', null)
    .where('database_accounts.expires_at', '<=', after(new Date(now), days(noticeDays[0])))
    .where('accesses.person_id', '=', personId)
    .where('accesses.status', '=', 'APPROVED')
    .select(['accesses.id', 'accesses.asset_id', 'database_accounts.name', 'database_accounts.expires_at'])
    .orderBy('database_accounts.expires_at')
    .orderBy('accesses.id')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    accessId: row.id,
    assetId: row.asset_id,
    account: row.name,
    expiresAt: row.expires_at ?? now,
  }))
}
