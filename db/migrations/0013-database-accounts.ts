import { seedDatabaseTypes } from '../seeds/access-types.ts'
import { type Migration, oneOf, run } from './migration.ts'

const openAccess = `status in ('PROCESSING', 'APPROVED', 'SUSPENDED', 'PENDING REMOVAL')`
const engines = ['postgresql', 'mariadb', 'db2', 'command']

export const databaseAccounts: Migration = {
  name: '0013-database-accounts',
  up: async (tx, { id, text, integer, blob, strict }) => {
    await run(
      tx,
      `create table master_keys (
        id ${text} primary key,
        check_value ${blob} not null,
        successor ${text} references master_keys (id) deferrable initially deferred,
        successor_sealed ${blob},
        created_at ${text} not null,
        used_at ${text} not null,
        rotating_by ${text},
        rotating_until ${text},
        rewrapped_at ${text},
        check (successor <> id),
        check (successor_sealed is null or successor is not null),
        check ((rotating_by is null) = (rotating_until is null))
      )${strict}`,
      // One key is in use, and no two have the same successor.
      `create unique index master_keys_one_current on master_keys (coalesce(successor, ''))`,
      // With which key a process was started.
      `alter table workers add column master_key ${text}`,
      `create table secrets (
        id ${text} primary key,
        bound_to ${text} not null,
        version ${integer} not null,
        key_id ${text} not null references master_keys (id),
        wrapped_key ${blob} not null,
        ciphertext ${blob} not null,
        created_at ${text} not null,
        unique (bound_to, version)
      )${strict}`,
      'create index secrets_key on secrets (key_id, id)',

      `create table database_servers (
        id ${id},
        name ${text} not null unique,
        engine ${text} not null ${oneOf('engine', engines)},
        host ${text} not null,
        port ${integer} not null,
        standby_host ${text},
        standby_port ${integer},
        admin_name ${text} not null,
        credential ${text},
        credential_secret_id ${text} references secrets (id),
        ca ${text},
        pin ${text},
        standby_pin ${text},
        options ${text} not null default '{}',
        status ${text} not null default 'ACTIVE' ${oneOf('status', ['ACTIVE', 'RETIRED'])},
        suspended_at ${text},
        suspended_why ${text} not null default '',
        identity ${text},
        checked_at ${text},
        check_result ${text} not null default '[]',
        check_asked_at ${text},
        check_asked_by ${text} references persons (id),
        looked_at ${text},
        look_error ${text},
        drift_at ${text},
        drift_error ${text},
        created_at ${text} not null,
        version ${integer} not null default 1,
        check ((standby_host is null) = (standby_port is null)),
        check (credential is null or credential_secret_id is null)
      )${strict}`,

      `create table asset_databases (
        asset_id ${text} primary key references assets (id),
        server_id ${integer} not null references database_servers (id),
        database_name ${text} not null,
        group_name ${text} not null,
        owners ${text} not null default '[]',
        reset_at ${text} not null default '02:00',
        created_at ${text} not null,
        version ${integer} not null default 1,
        unique (server_id, group_name)
      )${strict}`,

      `alter table accesses add column database_account ${text}`,
      `alter table accesses add column database_server_id ${integer} references database_servers (id)`,
      `alter table accesses add column transfer_of ${integer} references accesses (id)`,
      // A person may have several service accounts on an asset: the name's own index keeps them apart.
      'drop index accesses_one_open',
      `create unique index accesses_one_open on accesses (person_id, asset_id, access_type)
        where ${openAccess} and access_type <> 'database-service-account'`,
      `create unique index accesses_one_account on accesses (database_server_id, database_account)
        where ${openAccess} and database_account is not null and transfer_of is null`,
      `create unique index accesses_one_transfer on accesses (transfer_of)
        where ${openAccess} and transfer_of is not null`,

      `create table database_accounts (
        id ${id},
        access_id ${integer} not null references accesses (id),
        server_id ${integer} not null references database_servers (id),
        name ${text} not null,
        kind ${text} not null ${oneOf('kind', ['service', 'user'])},
        mark ${integer} not null,
        database_name ${text} not null,
        group_name ${text} not null,
        read_only ${integer} not null check (read_only in (0, 1)),
        target ${text} not null ${oneOf('target', ['primary', 'standby'])},
        state ${text} not null ${oneOf('state', ['CREATING', 'READY', 'LOCKED', 'UNPROVABLE', 'REMOVING', 'GONE'])},
        secret_id ${text} references secrets (id),
        password_at ${text},
        expires_at ${text},
        server_expires_at ${text},
        noticed_days ${integer},
        reset_due_at ${text},
        reset_by ${text} references persons (id),
        certificate ${text},
        certificate_at ${text},
        certificate_expires_at ${text},
        certificate_error ${text},
        certificate_noticed_at ${text},
        proven_at ${text},
        created_at ${text} not null,
        gone_at ${text},
        check ((state = 'GONE') = (gone_at is not null))
      )${strict}`,
      'create unique index database_accounts_one_open on database_accounts (access_id) where gone_at is null',
      'create unique index database_accounts_name on database_accounts (server_id, name) where gone_at is null',
      'create index database_accounts_expiry on database_accounts (expires_at) where gone_at is null',
      'create index database_accounts_due on database_accounts (reset_due_at) where gone_at is null',

      `create table password_changes (
        id ${id},
        account_id ${integer} not null references database_accounts (id),
        reason ${text} not null ${oneOf('reason', ['create', 'asked', 'scheduled', 'expiry', 'transfer', 'unprovable', 'resume'])},
        asked_by ${text} references persons (id),
        step ${text} not null ${oneOf('step', ['INTENT', 'APPLYING', 'APPLIED', 'SETTLED', 'PROVEN'])},
        position ${text},
        attempts ${integer} not null default 0,
        failure ${text} not null default '',
        begun_at ${text} not null,
        closed_at ${text},
        outcome ${text} ${oneOf('outcome', ['CURRENT', 'SUPERSEDED'])},
        check ((closed_at is null) = (outcome is null))
      )${strict}`,
      'create unique index password_changes_one_open on password_changes (account_id) where closed_at is null',

      `create table password_candidates (
        change_id ${integer} not null references password_changes (id),
        number ${integer} not null,
        secret_id ${text} references secrets (id),
        given ${integer} not null default 0 check (given in (0, 1)),
        state ${text} not null ${oneOf('state', ['NEW', 'TRIED', 'REFUSED', 'CURRENT', 'DISCARDED'])},
        created_at ${text} not null,
        primary key (change_id, number)
      )${strict}`,

      `create table drift_findings (
        id ${id},
        server_id ${integer} not null references database_servers (id),
        kind ${text} not null ${oneOf('kind', ['ORPHAN', 'VANISHED', 'RIGHTS'])},
        name ${text} not null,
        mark ${integer},
        account_id ${integer} references database_accounts (id),
        detail ${text} not null default '',
        found_at ${text} not null,
        seen_at ${text} not null,
        act ${text} ${oneOf('act', ['adopt', 'disable', 'drop'])},
        act_by ${text} references persons (id),
        act_at ${text},
        act_error ${text},
        adopt_access_id ${integer} references accesses (id),
        settled_at ${text},
        settled_by ${text} references persons (id),
        settled_how ${text} not null default ''
      )${strict}`,
      'create unique index drift_findings_one_open on drift_findings (server_id, kind, name) where settled_at is null',
    )
    await seedDatabaseTypes(tx)
  },
}
