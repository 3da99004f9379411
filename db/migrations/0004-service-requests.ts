import { flag, type Migration, oneOf, run } from './migration.ts'

const statuses = [
  'NEW',
  'PENDING',
  'QUEUED',
  'INPROG',
  'RESOLVED',
  'FAILED',
  'UNKNOWN',
  'MISSED',
  'CANCELLED',
  'CLOSED',
]

/** The environment is locked exactly while an exclusive request runs, or may still run, on it. */
const lockFollowsStatus = `check (holds_lock = case when mode = 'exclusive' and status in ('INPROG', 'UNKNOWN') then 1 else 0 end)`
/** What is queued has its place in the queue and its frozen runbook. */
const queuedIsFrozen = `check (status not in ('PENDING', 'QUEUED', 'INPROG') or
  (queued_at is not null and due_at is not null and runbook_version_id is not null))`
const startIsWhole = `check ((requested_start is null) = (requested_wall is null) and
  (requested_start is null) = (requested_zone is null))`

export const serviceRequests: Migration = {
  name: '0004-service-requests',
  up: (tx, { id, text, integer, strict }) =>
    run(
      tx,
      `create table service_requests (
        id ${id},
        customer_id ${text} not null references customers (id),
        asset_id ${text} not null references assets (id),
        action_id ${text} not null references actions (id),
        action_name ${text} not null,
        mode ${text} not null ${oneOf('mode', ['exclusive', 'read-only'])},
        summary ${text} not null,
        summary_key ${text} not null,
        reported_by ${text} not null references persons (id),
        reported_by_name ${text} not null,
        reporter_key ${text} not null,
        reported_at ${text} not null,
        requested_wall ${text},
        requested_zone ${text},
        requested_offset ${integer},
        requested_start ${text},
        status ${text} not null ${oneOf('status', statuses)},
        fields ${text} not null default '{}',
        runbook_version_id ${integer} references runbook_versions (id),
        queued_at ${text},
        queued_by ${text} references persons (id),
        due_at ${text},
        ${flag('holds_lock', integer, 0)},
        actual_start ${text},
        actual_finish ${text},
        job_status ${text} not null default '',
        reason ${text} not null default '',
        warned_at ${text},
        closed_at ${text},
        copied_from ${integer} references service_requests (id),
        form_key ${text} not null unique,
        version ${integer} not null default 1,
        ${lockFollowsStatus},
        ${queuedIsFrozen},
        ${startIsWhole}
      )${strict}`,
      // One exclusive request per asset at a time; a violation means "still waiting".
      'create unique index service_requests_lock on service_requests (asset_id) where holds_lock = 1',
      // The list: newest first within the customers one may see; alone, with a Status, or by environment.
      'create index service_requests_customer on service_requests (customer_id, id)',
      'create index service_requests_customer_asset on service_requests (customer_id, asset_id, id)',
      'create index service_requests_customer_status on service_requests (customer_id, status, id)',
      // The operators' list: by each column one can sort by or filter with.
      'create index service_requests_status on service_requests (status, id)',
      'create index service_requests_asset on service_requests (asset_id, id)',
      'create index service_requests_reporter on service_requests (reported_by, id)',
      'create index service_requests_reported on service_requests (reported_at, id)',
      'create index service_requests_start on service_requests (requested_start, id)',
      'create index service_requests_begun on service_requests (actual_start) where actual_start is not null',
      // The queue of an asset, in its order.
      'create index service_requests_queue on service_requests (asset_id, status, due_at, id)',
      // Finished ones waiting to be closed.
      'create index service_requests_unclosed on service_requests (actual_finish) where closed_at is null',

      `create table work_log (
        id ${id},
        request_id ${integer} not null references service_requests (id),
        class ${text} not null default 'SR',
        type ${text} not null default 'CLIENTNOTE',
        created_by ${text} references persons (id),
        created_by_name ${text} not null,
        created_at ${text} not null,
        summary ${text} not null,
        details ${text} not null default '',
        ${flag('viewable', integer, 1)}
      )${strict}`,
      'create index work_log_request on work_log (request_id, id)',
    ),
}
