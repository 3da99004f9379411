import { createHash } from 'node:crypto'
import type { Database } from '../../db/schema.ts'
import type { World } from './world.ts'

/** What acts change. Without what every visit leaves behind: sessions, pages visited, forms kept. */
const tables = [
  'customers',
  'persons',
  'customer_access',
  'assets',
  'actions',
  'asset_actions',
  'runbooks',
  'runbook_versions',
  'access_types',
  'accesses',
  'access_drafts',
  'absences',
  'campaigns',
  'campaign_parts',
  'campaign_items',
  'service_requests',
  'work_log',
  'runs',
  'jobs',
  'mails',
  'link_tokens',
  'identities',
  'notices',
  'notice_views',
  'settings',
  'audit_events',
] as const satisfies readonly (keyof Database)[]

export type FingerprintTable = (typeof tables)[number]
type Kept = (table: FingerprintTable, row: Readonly<Record<string, unknown>>) => boolean

/** "7 rows 1f0c…" of every table, whatever the order of the rows; of some rows only, where told so. */
export async function fingerprint({ deps }: World, keep: Kept = () => true): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const table of tables) {
    const rows = await deps.db.selectFrom(table).selectAll().execute()
    const texts = rows
      .filter(row => keep(table, row as Record<string, unknown>))
      .map(row => JSON.stringify(row))
      .sort()
    found[table] = `${texts.length} rows ${createHash('sha256').update(texts.join('\n')).digest('hex')}`
  }
  return found
}
