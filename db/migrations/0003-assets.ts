import { flag, type Migration, oneOf, run } from './migration.ts'

const openAccess = `status in ('PROCESSING', 'APPROVED', 'SUSPENDED', 'PENDING REMOVAL')`

export const assets: Migration = {
  name: '0003-assets',
  up: (tx, { id, text, integer, strict }) =>
    run(
      tx,
      `create table assets (
        id ${text} primary key,
        customer_id ${text} not null references customers (id),
        description ${text} not null,
        class ${text} not null ${oneOf('class', ['NON_PRODUCTION', 'PRODUCTION'])},
        product ${text} not null,
        time_zone ${text} not null,
        status ${text} not null default 'ACTIVE' ${oneOf('status', ['ACTIVE', 'RETIRED'])},
        application_url ${text},
        health_url ${text},
        variables ${text} not null default '{}',
        search_text ${text} not null,
        created_at ${text} not null
      )${strict}`,
      'create index assets_customer on assets (customer_id, id)',

      `create table actions (
        id ${text} primary key,
        name ${text} not null unique,
        description ${text} not null,
        aliases ${text} not null default '[]',
        mode ${text} not null ${oneOf('mode', ['exclusive', 'read-only'])},
        production ${text} not null ${oneOf('production', ['no', 'per-asset', 'yes'])},
        products ${text} not null default '[]',
        fields ${text} not null default '[]',
        status ${text} not null default 'ACTIVE' ${oneOf('status', ['ACTIVE', 'WITHDRAWN'])},
        sort ${integer} not null default 0
      )${strict}`,

      `create table runbooks (
        id ${id},
        name ${text} not null unique,
        description ${text} not null default '',
        status ${text} not null default 'ACTIVE' ${oneOf('status', ['ACTIVE', 'RETIRED'])},
        created_at ${text} not null
      )${strict}`,

      `create table runbook_versions (
        id ${id},
        runbook_id ${integer} not null references runbooks (id),
        version ${integer} not null,
        definition ${text} not null,
        created_by ${text} references persons (id),
        created_at ${text} not null,
        unique (runbook_id, version)
      )${strict}`,

      `create table asset_actions (
        asset_id ${text} not null references assets (id),
        action_id ${text} not null references actions (id),
        runbook_id ${integer} not null references runbooks (id),
        ${flag('production_allowed', integer, 0)},
        primary key (asset_id, action_id)
      )${strict}`,
      'create index asset_actions_runbook on asset_actions (runbook_id)',

      `create table accesses (
        id ${id},
        person_id ${text} not null references persons (id),
        asset_id ${text} not null references assets (id),
        customer_id ${text} not null references customers (id),
        access_type ${text} not null,
        status ${text} not null ${oneOf('status', ['PROCESSING', 'APPROVED', 'SUSPENDED', 'PENDING REMOVAL', 'REJECTED', 'REMOVED'])},
        pending_status ${text},
        justification ${text} not null,
        created_at ${text} not null,
        created_by ${text} references persons (id)
      )${strict}`,
      `create unique index accesses_one_open on accesses (person_id, asset_id, access_type) where ${openAccess}`,
      'create index accesses_right on accesses (person_id, customer_id, access_type, status)',
      'create index accesses_customer on accesses (customer_id, status)',
      'create index accesses_asset on accesses (asset_id)',
    ),
}
