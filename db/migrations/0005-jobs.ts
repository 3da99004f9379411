import { type Migration, oneOf, run } from './migration.ts'

export const jobs: Migration = {
  name: '0005-jobs',
  up: (tx, { id, text, integer, strict }) =>
    run(
      tx,
      `create table jobs (
        id ${id},
        name ${text} not null,
        payload ${text} not null,
        unique_key ${text},
        state ${text} not null default 'queued' ${oneOf('state', ['queued', 'running', 'done', 'failed'])},
        run_at ${text} not null,
        again_at ${text},
        attempts ${integer} not null default 0,
        max_attempts ${integer} not null default 8,
        fence ${integer} not null default 0,
        worker_id ${text},
        previous_worker_id ${text},
        lease_until ${text},
        last_error ${text},
        created_at ${text} not null,
        finished_at ${text},
        check (state <> 'running' or (worker_id is not null and lease_until is not null))
      )${strict}`,
      `create unique index jobs_open_key on jobs (unique_key) where state in ('queued', 'running')`,
      'create index jobs_key on jobs (unique_key, state) where unique_key is not null',
      'create index jobs_due on jobs (state, run_at, id)',
      'create index jobs_finished on jobs (finished_at) where finished_at is not null',

      `create table workers (
        id ${text} primary key,
        host ${text} not null,
        boot_id ${text} not null,
        pid ${integer} not null,
        proc_start ${text} not null,
        version ${text} not null,
        started_at ${text} not null,
        seen_at ${text} not null,
        stopped_at ${text}
      )${strict}`,

      `create table recurring (
        name ${text} primary key,
        next_at ${text} not null,
        last_at ${text},
        last_error ${text}
      )${strict}`,
    ),
}
