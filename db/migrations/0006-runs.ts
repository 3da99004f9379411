import { flag, type Migration, oneOf, run } from './migration.ts'

const runStates = ['running', 'succeeded', 'failed', 'unknown', 'aborted']
const stepStates = ['waiting', 'running', 'succeeded', 'failed', 'skipped', 'unknown', 'aborted']

export const runs: Migration = {
  name: '0006-runs',
  up: (tx, { id, text, integer, blob, strict }) =>
    run(
      tx,
      `create table runs (
        id ${id},
        request_id ${integer} not null references service_requests (id),
        attempt ${integer} not null,
        state ${text} not null ${oneOf('state', runStates)},
        worker_id ${text} not null,
        host ${text} not null,
        fence ${integer} not null,
        ${flag('released', integer, 0)},
        abort_by ${text} references persons (id),
        abort_reason ${text},
        started_at ${text} not null,
        finished_at ${text},
        log_lines ${integer} not null default 0,
        log_bytes ${integer} not null default 0,
        omitted_lines ${integer} not null default 0,
        omitted_bytes ${integer} not null default 0,
        unique (request_id, attempt)
      )${strict}`,
      'create index runs_state on runs (state, host)',

      `create table run_steps (
        id ${id},
        run_id ${integer} not null references runs (id) on delete cascade,
        position ${integer} not null,
        name ${text} not null,
        executor ${text} not null,
        phase ${text} not null ${oneOf('phase', ['main', 'on-failure'])},
        state ${text} not null ${oneOf('state', stepStates)},
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

      `create table run_log_chunks (
        run_id ${integer} not null references runs (id) on delete cascade,
        seq ${integer} not null,
        first_line ${integer} not null,
        last_line ${integer} not null,
        bytes ${integer} not null,
        part ${text} not null ${oneOf('part', ['head', 'tail'])},
        data ${blob} not null,
        primary key (run_id, seq)
      )${strict}`,
      'create index run_log_chunks_lines on run_log_chunks (run_id, last_line)',

      `create table supervised_processes (
        name ${text} not null,
        host ${text} not null,
        boot_id ${text} not null,
        pid ${integer},
        proc_start ${text},
        state ${text} not null ${oneOf('state', ['starting', 'running', 'stopped'])},
        started_at ${text} not null,
        primary key (name, host)
      )${strict}`,
    ),
}
