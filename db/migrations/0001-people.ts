import { flag, type Migration, oneOf, run } from './migration.ts'

export const people: Migration = {
  name: '0001-people',
  up: (tx, { text, integer, strict }) =>
    run(
      tx,
      `create table customers (
        id ${text} primary key,
        name ${text} not null,
        parent_id ${text} references customers (id),
        status ${text} not null default 'ACTIVE' ${oneOf('status', ['ACTIVE', 'INACTIVE'])},
        created_at ${text} not null
      )${strict}`,

      `create table persons (
        id ${text} primary key,
        login_id ${text} not null,
        login_key ${text} not null unique,
        first_name ${text} not null,
        last_name ${text} not null,
        display_name ${text} not null,
        primary_email ${text} not null,
        role ${text} not null ${oneOf('role', ['OPERATOR', 'MANAGER', 'STD_USER'])},
        status ${text} not null ${oneOf('status', ['PENDING CREATE', 'ACTIVE', 'INACTIVE'])},
        managing_customer_id ${text} references customers (id),
        time_zone ${text},
        theme ${text} not null default 'system' ${oneOf('theme', ['system', 'light', 'dark'])},
        ${flag('shortcuts', integer, 1)},
        muted_mails ${text} not null default '[]',
        password_hash ${text},
        password_changed_at ${text},
        search_text ${text} not null,
        created_at ${text} not null,
        check ((role = 'MANAGER') = (managing_customer_id is not null))
      )${strict}`,
      'create index persons_managing_customer on persons (managing_customer_id)',

      `create table customer_access (
        person_id ${text} not null references persons (id),
        customer_id ${text} not null references customers (id),
        created_at ${text} not null,
        primary key (person_id, customer_id)
      )${strict}`,
      'create index customer_access_customer on customer_access (customer_id, person_id)',
    ),
}
