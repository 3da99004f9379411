import type { ColumnWords } from '../dialects/dialect.ts'
import { seedAccessTypes } from '../seeds/access-types.ts'
import { type Migration, oneOf, run } from './migration.ts'

const accessStatuses = ['PROCESSING', 'APPROVED', 'SUSPENDED', 'PENDING REMOVAL', 'REJECTED', 'REMOVED']
const openAccess = `status in ('PROCESSING', 'APPROVED', 'SUSPENDED', 'PENDING REMOVAL')`
const runStates = ['running', 'succeeded', 'failed', 'unknown', 'aborted']
const linkPurposes = ['first-sign-in', 'reset', 'set-up', 'decision', 'confirm-email']

/** Every request is decided at most once, and only a decided one is granted. */
const decidedOnce = `check ((decision is null) = (decided_at is null)),
        check (status <> 'PROCESSING' or decision is null or decision = 'APPROVED')`

export const accessManagement: Migration = {
  name: '0012-access-management',
  up: async (tx, words) => {
    const { id, text, integer, strict } = words
    await run(
      tx,
      `create table access_types (
        id ${text} primary key,
        name ${text} not null unique,
        description ${text} not null,
        aliases ${text} not null default '[]',
        kind ${text} not null,
        scope ${text} not null ${oneOf('scope', ['asset', 'customer'])},
        warning ${text} not null default '',
        classes ${text} not null default 'any' ${oneOf('classes', ['any', 'NON_PRODUCTION', 'PRODUCTION'])},
        products ${text} not null default '[]',
        grant_runbook_id ${integer} references runbooks (id),
        removal_runbook_id ${integer} references runbooks (id),
        status ${text} not null default 'ACTIVE' ${oneOf('status', ['ACTIVE', 'WITHDRAWN'])},
        sort ${integer} not null default 0,
        created_at ${text} not null,
        check ((kind = 'runbook') = (grant_runbook_id is not null)),
        check ((kind = 'runbook') = (removal_runbook_id is not null))
      )${strict}`,
    )
    await seedAccessTypes(tx)

    // SQLite can't add checks and references to a table that is there: it is made anew.
    await run(
      tx,
      `create table accesses_made_anew (
        id ${id},
        person_id ${text} not null references persons (id),
        asset_id ${text} not null references assets (id),
        customer_id ${text} not null references customers (id),
        access_type ${text} not null references access_types (id),
        status ${text} not null ${oneOf('status', accessStatuses)},
        pending_status ${text},
        justification ${text} not null,
        requested_by ${text} references persons (id),
        created_at ${text} not null,
        edited_by ${text} references persons (id),
        edited_at ${text},
        ends_on ${text},
        ends_at ${text},
        ending_mailed_at ${text},
        reminded_at ${text},
        stand_in_at ${text},
        escalated_at ${text},
        decision ${text} ${oneOf('decision', ['APPROVED', 'REJECTED'])},
        decided_by ${text} references persons (id),
        decided_at ${text},
        reviewer_comments ${text} not null default '',
        runbook_version_id ${integer} references runbook_versions (id),
        attempts ${integer} not null default 0,
        granted_at ${text},
        suspended_at ${text},
        removal_at ${text},
        removal_by ${text} references persons (id),
        removed_at ${text},
        reason ${text} not null default '',
        version ${integer} not null default 1,
        check ((ends_on is null) = (ends_at is null)),
        ${decidedOnce}
      )${strict}`,
      `insert into accesses_made_anew (id, person_id, asset_id, customer_id, access_type, status, pending_status,
          justification, requested_by, created_at, granted_at)
        select id, person_id, asset_id, customer_id, 'self-service-portal', status, pending_status,
          justification, created_by, created_at, case when status = 'APPROVED' then created_at end
        from accesses where access_type = 'Self-Service Portal'`,
      'drop table accesses',
      'alter table accesses_made_anew rename to accesses',
      `create unique index accesses_one_open on accesses (person_id, asset_id, access_type) where ${openAccess}`,
      'create index accesses_right on accesses (person_id, customer_id, access_type, status)',
      'create index accesses_customer on accesses (customer_id, status, id)',
      'create index accesses_asset on accesses (asset_id, person_id)',
      'create index accesses_customer_person on accesses (customer_id, person_id, id)',
      'create index accesses_status on accesses (status, id)',
      `create index accesses_end on accesses (status, ends_at) where ends_at is not null`,
      `create index accesses_failed on accesses (id) where substr(pending_status, 1, 7) = 'FAILED:'`,
    )
    await run(tx, ...words.numbersGoOn('accesses'))

    // Runs are of a service request or of an access.
    await run(
      tx,
      `create table runs_made_anew (
        id ${id},
        request_id ${integer} references service_requests (id),
        access_id ${integer} references accesses (id),
        purpose ${text} ${oneOf('purpose', ['grant', 'removal'])},
        runbook_version_id ${integer} references runbook_versions (id),
        attempt ${integer} not null,
        state ${text} not null ${oneOf('state', runStates)},
        worker_id ${text} not null,
        host ${text} not null,
        fence ${integer} not null,
        plan_values ${text} not null default '{}',
        released ${integer} not null default 0 check (released in (0, 1)),
        abort_by ${text} references persons (id),
        abort_reason ${text},
        started_at ${text} not null,
        finished_at ${text},
        log_lines ${integer} not null default 0,
        log_bytes ${integer} not null default 0,
        omitted_lines ${integer} not null default 0,
        omitted_bytes ${integer} not null default 0,
        unique (request_id, attempt),
        unique (access_id, attempt),
        check ((request_id is null) <> (access_id is null)),
        check ((access_id is null) = (purpose is null)),
        check ((access_id is null) = (runbook_version_id is null))
      )${strict}`,
      `insert into runs_made_anew (id, request_id, attempt, state, worker_id, host, fence, plan_values, released,
          abort_by, abort_reason, started_at, finished_at, log_lines, log_bytes, omitted_lines, omitted_bytes)
        select id, request_id, attempt, state, worker_id, host, fence, plan_values, released,
          abort_by, abort_reason, started_at, finished_at, log_lines, log_bytes, omitted_lines, omitted_bytes from runs`,
      ...stepsAndLogs(words),
    )
    await run(tx, ...words.numbersGoOn('runs'), ...words.numbersGoOn('run_steps'))

    await run(
      tx,
      `create table links_made_anew (
        token_hash ${text} primary key,
        person_id ${text} references persons (id),
        purpose ${text} not null ${oneOf('purpose', linkPurposes)},
        access_id ${integer} references accesses (id),
        new_email ${text},
        asked_by ${text} references persons (id),
        expires_at ${text} not null,
        used_at ${text},
        created_at ${text} not null,
        check ((purpose = 'set-up') = (person_id is null)),
        check ((purpose = 'decision') = (access_id is not null)),
        check ((purpose = 'confirm-email') = (new_email is not null)),
        check ((purpose = 'confirm-email') = (asked_by is not null))
      )${strict}`,
      `insert into links_made_anew (token_hash, person_id, purpose, expires_at, used_at, created_at)
        select token_hash, person_id, purpose, expires_at, used_at, created_at from link_tokens`,
      'drop table link_tokens',
      'alter table links_made_anew rename to link_tokens',
      'create index link_tokens_person on link_tokens (person_id)',
      'create index link_tokens_expiry on link_tokens (expires_at)',
      'create index link_tokens_access on link_tokens (access_id) where access_id is not null',
      `create unique index link_tokens_one_decision on link_tokens (person_id, access_id)
        where purpose = 'decision' and used_at is null`,
      `create unique index link_tokens_one_email on link_tokens (person_id)
        where purpose = 'confirm-email' and used_at is null`,

      `alter table persons add column version ${integer} not null default 1`,
      'create index persons_status on persons (status, id)',
      'create index persons_first_name on persons (first_name, id)',
      'create index persons_last_name on persons (last_name, id)',

      `create table absences (
        id ${id},
        person_id ${text} not null references persons (id),
        stand_in_id ${text} not null references persons (id),
        from_at ${text} not null,
        until_at ${text} not null,
        created_at ${text} not null,
        ended_at ${text},
        check (person_id <> stand_in_id),
        check (from_at < until_at)
      )${strict}`,
      'create unique index absences_one_open on absences (person_id) where ended_at is null',
      'create index absences_stand_in on absences (stand_in_id) where ended_at is null',

      `create table access_drafts (
        actor_id ${text} not null references persons (id),
        person_id ${text} not null references persons (id),
        fields ${text} not null,
        updated_at ${text} not null,
        primary key (actor_id, person_id)
      )${strict}`,
      'create index access_drafts_age on access_drafts (updated_at)',

      `create table campaigns (
        id ${id},
        name ${text} not null,
        customer_id ${text} references customers (id),
        state ${text} not null ${oneOf('state', ['PREPARING', 'OPEN', 'CLOSED'])},
        started_by ${text} references persons (id),
        started_at ${text} not null,
        due_at ${text} not null,
        suspend_at ${text},
        remove_at ${text},
        prepared_to ${text} not null default '',
        persons ${integer} not null default 0,
        parts ${integer} not null default 0,
        closed_at ${text},
        check (started_at < due_at)
      )${strict}`,
      `create unique index campaigns_one_open on campaigns (coalesce(customer_id, '')) where state <> 'CLOSED'`,

      `create table campaign_parts (
        id ${id},
        campaign_id ${integer} not null references campaigns (id),
        person_id ${text} not null references persons (id),
        customer_id ${text} not null references customers (id),
        state ${text} not null ${oneOf('state', ['OPEN', 'CONFIRMED', 'ENDED', 'SUSPENDED', 'REMOVED'])},
        reminded ${integer},
        escalated_at ${text},
        suspended_at ${text},
        confirmed_at ${text},
        closed_at ${text},
        unique (campaign_id, person_id, customer_id)
      )${strict}`,
      'create index campaign_parts_state on campaign_parts (campaign_id, state, id)',
      'create index campaign_parts_person on campaign_parts (person_id, state)',
      'create index campaign_parts_customer on campaign_parts (campaign_id, customer_id, state)',

      `create table campaign_items (
        part_id ${integer} not null references campaign_parts (id),
        access_id ${integer} not null references accesses (id),
        outcome ${text} not null ${oneOf('outcome', ['OPEN', 'CONFIRMED', 'SUSPENDED', 'REMOVED'])},
        decided_by ${text} references persons (id),
        decided_at ${text},
        primary key (part_id, access_id)
      )${strict}`,
      'create index campaign_items_access on campaign_items (access_id)',

      // The trail is read newest first. There are few kinds of acts: each is a short walk of its own.
      'drop index audit_events_subject',
      'drop index audit_events_customer',
      'create index audit_events_at on audit_events (at, id)',
      'create index audit_events_actor on audit_events (actor_id, verb, at, id)',
      'create index audit_events_kind on audit_events (subject_type, verb, at, id)',
      'create index audit_events_subject on audit_events (subject_type, subject_id, at, id)',
      'create index audit_events_customer on audit_events (customer_id, verb, at, id)',
    )
  },
}

/** The children are made anew with their parent: a table that others refer to can't be dropped. */
const stepsAndLogs = ({ id, text, integer, blob, strict }: ColumnWords): string[] => [
  `create table run_steps_made_anew (
        id ${id},
        run_id ${integer} not null references runs_made_anew (id) on delete cascade,
        position ${integer} not null,
        name ${text} not null,
        executor ${text} not null,
        phase ${text} not null ${oneOf('phase', ['main', 'on-failure'])},
        state ${text} not null ${oneOf('state', ['waiting', 'running', 'succeeded', 'failed', 'skipped', 'unknown', 'aborted'])},
        command ${text} not null default '',
        host ${text},
        boot_id ${text},
        pgid ${integer},
        proc_start ${text},
        spool ${text},
        out_offset ${integer} not null default 0,
        err_offset ${integer} not null default 0,
        exit_status ${integer},
        message ${text} not null default '',
        started_at ${text},
        finished_at ${text},
        first_line ${integer},
        unique (run_id, phase, position)
      )${strict}`,
  `insert into run_steps_made_anew (id, run_id, position, name, executor, phase, state, command, host, boot_id, pgid,
      proc_start, spool, out_offset, err_offset, exit_status, message, started_at, finished_at, first_line)
    select id, run_id, position, name, executor, phase, state, command, host, boot_id, pgid,
      proc_start, spool, out_offset, err_offset, exit_status, message, started_at, finished_at, first_line from run_steps`,
  `create table run_log_chunks_made_anew (
        run_id ${integer} not null references runs_made_anew (id) on delete cascade,
        seq ${integer} not null,
        first_line ${integer} not null,
        last_line ${integer} not null,
        bytes ${integer} not null,
        part ${text} not null ${oneOf('part', ['head', 'tail'])},
        data ${blob} not null,
        primary key (run_id, seq)
      )${strict}`,
  `insert into run_log_chunks_made_anew (run_id, seq, first_line, last_line, bytes, part, data)
    select run_id, seq, first_line, last_line, bytes, part, data from run_log_chunks`,
  'drop table run_steps',
  'drop table run_log_chunks',
  'drop table runs',
  'alter table runs_made_anew rename to runs',
  'alter table run_steps_made_anew rename to run_steps',
  'alter table run_log_chunks_made_anew rename to run_log_chunks',
  'create index runs_state on runs (state, host)',
  'create index run_log_chunks_lines on run_log_chunks (run_id, last_line)',
]
