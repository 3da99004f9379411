import type { NewRow } from '../../db/schema.ts'
import type { DbOrTx } from '../../src/deps.ts'
import { newId } from '../../src/ids.ts'
import { fold } from '../../src/search-text.ts'

type NewRequest = NewRow<'service_requests'>

/** A service request as it stands in the table; NEW on 10000-DEV by USER01 unless told otherwise. */
export function requestRow(over: Partial<NewRequest> = {}): NewRequest {
  const asset = over.asset_id ?? '10000-DEV'
  const summary = over.summary ?? 'Restart it'
  const reporter = over.reported_by ?? 'USER01'
  return {
    customer_id: asset.slice(0, 5),
    asset_id: asset,
    action_id: 'restart-application',
    action_name: 'Restart Asset Management Application',
    mode: 'exclusive',
    summary,
    summary_key: fold(summary),
    reported_by: reporter,
    reported_by_name: reporter,
    reporter_key: fold(reporter),
    reported_at: '2026-03-02T09:00:00.000Z',
    requested_wall: over.requested_start ? over.requested_start.slice(0, 16) : null,
    requested_zone: over.requested_start ? 'UTC' : null,
    requested_offset: null,
    requested_start: null,
    status: 'NEW',
    runbook_version_id: null,
    queued_at: null,
    queued_by: null,
    due_at: null,
    actual_start: null,
    actual_finish: null,
    warned_at: null,
    closed_at: null,
    copied_from: null,
    holds_lock: 0,
    form_key: newId(),
    ...over,
  }
}

/** Adds requests and gives their numbers, in order. */
export async function addRequests(db: DbOrTx, rows: readonly NewRequest[]): Promise<number[]> {
  const ids: number[] = []
  for (let i = 0; i < rows.length; i += 100) {
    const added = await db
      .insertInto('service_requests')
      .values(rows.slice(i, i + 100))
      .returning('id')
      .execute()
    ids.push(...added.map(row => row.id).sort((a, b) => a - b))
  }
  return ids
}
