import path from 'node:path'
import type { Row } from '../../db/schema.ts'
import type { Config } from '../config.ts'
import type { DbOrTx, Deps } from '../deps.ts'
import type { Secret } from '../secret.ts'
import { readSecretReference, SecretReferenceError } from '../secret-reference.ts'
import { VaultError } from '../vault/vault.ts'
import { localStore } from './local-store.ts'
import { type ObjectStore, StoreError } from './object-store.ts'
import { s3Store } from './s3-store.ts'

export const storeKinds = ['files', 'logs'] as const
export type StoreName = (typeof storeKinds)[number]
export type StoreSettings = Omit<Row<'asset_stores'>, 'created_at'>

/** Days objects are kept, unless operators say otherwise. */
export const keptDays = { files: 15, logs: 30 } as const

/** What the vault binds a store's key to. */
export const storeBinding = (assetId: string, store: StoreName) => `asset-store:${assetId}:${store}`

/** What holds for a store: what operators have set, or a folder of the portal's own. */
export async function storeSettings(db: DbOrTx, assetId: string, store: StoreName): Promise<StoreSettings> {
  const row = await db
    .selectFrom('asset_stores')
    .selectAll()
    .where('asset_id', '=', assetId)
    .where('store', '=', store)
    .executeTakeFirst()
  return row ?? defaultSettings(assetId, store)
}

/** Version 0: nothing is stored. */
export const defaultSettings = (asset_id: string, store: StoreName): StoreSettings => ({
  asset_id,
  store,
  enabled: 1,
  kind: 'local',
  root: null,
  bucket: null,
  prefix: '',
  region: null,
  endpoint: null,
  path_style: 0,
  access_key_id: null,
  credential: null,
  credential_secret_id: null,
  transfer: 'stream',
  retention_days: keptDays[store],
  upload_limit_mib: null,
  version: 0,
})

/** The portal's own folder of a store. */
export const ownRoot = (config: Pick<Config, 'DATA_DIR'>, assetId: string, store: StoreName) =>
  path.join(config.DATA_DIR, 'files', assetId, store)

/** Ready to be worked with; `secret` in place of the stored one. Throws a StoreError if its key can't be had. Close it. */
export async function openStore(deps: Deps, settings: StoreSettings, secret?: Secret): Promise<ObjectStore> {
  const { config, clock } = deps
  const { asset_id, store, root, bucket, region, access_key_id } = settings
  if (settings.kind === 'local')
    return localStore(root ?? ownRoot(config, asset_id, store), root === null, clock, config.DATA_DIR)
  if (bucket === null || region === null || access_key_id === null)
    throw new StoreError('gone', 'The object store is not set up completely.')
  return s3Store(
    {
      endpoint: settings.endpoint,
      region,
      bucket,
      prefix: settings.prefix,
      pathStyle: settings.path_style === 1,
      accessKeyId: access_key_id,
      secret: secret ?? (await credentialOf(deps, settings)),
    },
    clock,
  )
}

async function credentialOf(deps: Deps, settings: StoreSettings): Promise<Secret> {
  const { asset_id, store, credential, credential_secret_id } = settings
  try {
    if (credential !== null) return readSecretReference(credential, deps.config)
    if (credential_secret_id !== null)
      return await deps.vault.open(deps.db, storeBinding(asset_id, store), credential_secret_id)
  } catch (error) {
    if (!(error instanceof SecretReferenceError || error instanceof VaultError)) throw error
    deps.log.error({ err: error, asset: asset_id, store }, 'the key of a store can’t be had')
    throw new StoreError('gone', keyMissing, { cause: error })
  }
  throw new StoreError('gone', keyMissing)
}

const keyMissing = 'The portal has no key for the object store. Whoever operates the portal has to see to it.'

/** Bytes a file may have that is uploaded. */
export const uploadLimit = (
  config: Pick<Config, 'UPLOAD_LIMIT'>,
  { upload_limit_mib }: StoreSettings,
): number => Math.min(config.UPLOAD_LIMIT, upload_limit_mib ?? config.UPLOAD_LIMIT) * 1024 * 1024
