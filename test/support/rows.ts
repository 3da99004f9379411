import type { NewRow } from '../../db/schema.ts'
import { newId } from '../../src/ids.ts'

/** A service request of USER01 on 10000-DEV, as saved, with what the test cares about. */
export function serviceRequestRow(
  values: Partial<NewRow<'service_requests'>> = {},
): NewRow<'service_requests'> {
  return {
    customer_id: '10000',
    asset_id: '10000-DEV',
    action_id: 'restart-application',
    action_name: 'Restart Asset Management Application',
    mode: 'exclusive',
    summary: 'After the update',
    summary_key: 'after the update',
    reported_by: 'USER01',
    reported_by_name: 'User 01',
    reporter_key: 'user01 user01@example.com user 01',
    reported_at: '2026-03-02T09:00:00.000Z',
    status: 'NEW',
    form_key: newId(),
    ...values,
  }
}
