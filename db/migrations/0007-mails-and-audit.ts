import { type Migration, oneOf, run } from './migration.ts'

export const mailsAndAudit: Migration = {
  name: '0007-mails-and-audit',
  up: (tx, { id, text, integer, strict }) =>
    run(
      tx,
      `create table mails (
        id ${id},
        to_address ${text} not null,
        to_person ${text} references persons (id),
        template ${text} not null,
        subject ${text} not null,
        body ${text} not null,
        link ${text},
        subject_type ${text},
        subject_id ${text},
        state ${text} not null default 'queued' ${oneOf('state', ['queued', 'sent', 'failed', 'kept'])},
        attempts ${integer} not null default 0,
        last_error ${text},
        message_id ${text} not null unique,
        created_at ${text} not null,
        sent_at ${text}
      )${strict}`,
      'create index mails_about on mails (subject_type, subject_id, id)',
      'create index mails_state on mails (state, id)',
      'create index mails_age on mails (created_at)',

      // No references: the trail outlives what it tells of.
      `create table audit_events (
        id ${id},
        at ${text} not null,
        actor_id ${text},
        actor_role ${text} not null,
        verb ${text} not null,
        subject_type ${text} not null,
        subject_id ${text} not null,
        customer_id ${text},
        detail ${text} not null default '{}',
        http_request_id ${text},
        sealed_seq ${integer} unique,
        prev_hash ${text},
        hash ${text}
      )${strict}`,
      'create index audit_events_subject on audit_events (subject_type, subject_id, id)',
      'create index audit_events_customer on audit_events (customer_id, id)',
    ),
}
