import { seedStorageTypes } from '../seeds/access-types.ts'
import { flag, type Migration, oneOf, run } from './migration.ts'

export const objectStorage: Migration = {
  name: '0014-object-storage',
  up: async (tx, { text, integer, strict }) => {
    await run(
      tx,
      `create table asset_stores (
        asset_id ${text} not null references assets (id),
        store ${text} not null ${oneOf('store', ['files', 'logs'])},
        ${flag('enabled', integer, 1)},
        kind ${text} not null ${oneOf('kind', ['local', 's3'])},
        root ${text},
        bucket ${text},
        prefix ${text} not null default '',
        region ${text},
        endpoint ${text},
        ${flag('path_style', integer, 0)},
        access_key_id ${text},
        credential ${text},
        credential_secret_id ${text} references secrets (id),
        transfer ${text} not null default 'stream' ${oneOf('transfer', ['stream', 'presigned'])},
        retention_days ${integer} check (retention_days > 0),
        upload_limit_mib ${integer} check (upload_limit_mib > 0),
        created_at ${text} not null,
        version ${integer} not null default 1,
        primary key (asset_id, store),
        check (kind <> 's3' or (bucket is not null and region is not null and access_key_id is not null)),
        check (credential is null or credential_secret_id is null)
      )${strict}`,
    )
    await seedStorageTypes(tx)
  },
}
