import { type Migration, oneOf, run } from './migration.ts'

export const assetHealth: Migration = {
  name: '0010-asset-health',
  up: (tx, { text, strict }) =>
    run(
      tx,
      `create table asset_health (
        asset_id ${text} primary key references assets (id),
        state ${text} not null ${oneOf('state', ['up', 'down'])},
        answer ${text} not null,
        since ${text} not null,
        checked_at ${text} not null
      )${strict}`,
    ),
}
