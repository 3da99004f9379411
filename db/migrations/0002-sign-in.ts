import { type Migration, oneOf, run } from './migration.ts'

export const signIn: Migration = {
  name: '0002-sign-in',
  up: (tx, { text, integer, strict }) =>
    run(
      tx,
      `create table sessions (
        id_hash ${text} primary key,
        person_id ${text} not null references persons (id),
        expires_at ${integer} not null,
        created_at ${text} not null,
        identified_at ${text} not null,
        last_seen_at ${text} not null,
        ended_at ${text},
        user_agent ${text} not null,
        address ${text} not null
      )${strict}`,
      'create index sessions_person on sessions (person_id)',
      'create index sessions_expiry on sessions (expires_at)',

      `create table link_tokens (
        token_hash ${text} primary key,
        person_id ${text} references persons (id),
        purpose ${text} not null ${oneOf('purpose', ['first-sign-in', 'reset', 'set-up'])},
        expires_at ${text} not null,
        used_at ${text},
        created_at ${text} not null,
        check ((purpose = 'set-up') = (person_id is null))
      )${strict}`,
      'create index link_tokens_person on link_tokens (person_id)',
      'create index link_tokens_expiry on link_tokens (expires_at)',

      `create table sign_in_failures (
        bucket ${text} primary key,
        failures ${integer} not null,
        last_at ${text} not null,
        blocked_until ${text} not null
      )${strict}`,
      'create index sign_in_failures_age on sign_in_failures (last_at)',

      `create table identities (
        issuer ${text} not null,
        subject ${text} not null,
        person_id ${text} not null references persons (id),
        created_at ${text} not null,
        primary key (issuer, subject)
      )${strict}`,
      'create index identities_person on identities (person_id)',

      `create table kept_forms (
        id_hash ${text} primary key,
        person_id ${text} not null references persons (id),
        path ${text} not null,
        fields ${text} not null,
        created_at ${text} not null
      )${strict}`,
      'create index kept_forms_age on kept_forms (created_at)',
    ),
}
