import { findAsset } from '../assets/queries.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, type FieldErrors, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import type { Secret } from '../secret.ts'
import { oldThereError, systemFolderError } from './place-errors.ts'
import { storeSubject } from './record-act.ts'
import { holdPlaces, placeError, realPlaces } from './shared-places.ts'
import { type StoreName, type StoreSettings, storeBinding, storeSettings } from './stores.ts'

/** What operators set of a store, besides its key. */
export type StoreFacts = Omit<
  StoreSettings,
  'asset_id' | 'store' | 'version' | 'credential' | 'credential_secret_id'
>

/** How the portal comes by its key for the store. */
export type StoreKey =
  | { kind: 'keep' }
  | { kind: 'given'; secret: Secret }
  | { kind: 'reference'; reference: string }

/** Holds at once. What is in another place by then stays there and is not shown any more. */
export async function saveStore(
  deps: Deps,
  actor: Actor,
  where: { assetId: string; store: StoreName; version: number },
  facts: StoreFacts,
  key: StoreKey,
): Promise<Result<void>> {
  if (!can(actor, 'administration.use')) return forbidden('Only operators set up object storage.')
  const unsafe = await wrongContent(deps, where, facts, key)
  const real = await realPlaces(deps, facts)
  return deps.db.transaction().execute(async tx => {
    await holdPlaces(tx, deps)
    const asset = await findAsset(tx, where.assetId)
    if (!asset) return notFound()
    const before = await storeSettings(tx, asset.id, where.store)
    const wrong = {
      ...unsafe,
      ...(await placeError(tx, deps, before, facts, real)),
      ...wrongKey(before, facts, key),
    }
    if (Object.keys(wrong).length > 0) return invalid(wrong)
    if (before.version !== where.version) return conflict(changedMeanwhile)
    const columns = { ...facts, ...(await keepKey(tx, deps, before, facts, key)) }
    const changes = changesOf<object>(before, columns)
    if (Object.keys(changes).length === 0) return ok(undefined)
    if (!(await store(tx, deps, before, columns))) return conflict(changedMeanwhile)
    const detail = before.version === 0 ? recorded(columns) : recorded(changes)
    await record(tx, deps.clock, actor, 'store changed', storeSubject(asset, where.store), detail)
    return ok(undefined)
  })
}

/** Looked at before the transaction: folders and buckets may take their time. */
async function wrongContent(
  deps: Deps,
  { assetId, store }: { assetId: string; store: StoreName },
  facts: StoreFacts,
  key: StoreKey,
): Promise<FieldErrors> {
  const before = await storeSettings(deps.db, assetId, store)
  const isNew = placeFields.some(field => before[field] !== facts[field])
  if (!isNew || (facts.kind === 'local' && facts.root === null)) return {}
  if (facts.kind === 'local') {
    const wrong = await systemFolderError(facts.root ?? '')
    if (Object.keys(wrong).length > 0) return wrong
  }
  const reference = key.kind === 'reference' ? { credential: key.reference, credential_secret_id: null } : {}
  return oldThereError(
    deps,
    { ...before, ...facts, ...reference },
    key.kind === 'given' ? key.secret : undefined,
  )
}

const placeFields = ['kind', 'root', 'endpoint', 'bucket', 'prefix'] as const

const changedMeanwhile =
  'Another operator has changed this store meanwhile. What you typed is kept; open the page in another window to see what is stored, then save again.'

/** Which secret it is says nothing to people; that there is another one does. */
const recorded = ({ credential_secret_id, ...shown }: Record<string, unknown>) =>
  credential_secret_id === undefined || credential_secret_id === null
    ? shown
    : { ...shown, key: 'stored anew' }

async function store(
  tx: Tx,
  { clock }: Deps,
  { asset_id, store, version }: StoreSettings,
  columns: StoreFacts & Pick<StoreSettings, 'credential' | 'credential_secret_id'>,
): Promise<boolean> {
  if (version === 0) {
    const created_at = nowInstant(clock)
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('asset_stores')
      .values({ ...columns, asset_id, store, created_at })
      .onConflict(there => there.doNothing())
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await tx
    .updateTable('asset_stores')
    .set({ ...columns, version: version + 1 })
    .where('asset_id', '=', asset_id)
    .where('store', '=', store)
    .where('version', '=', version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** A folder has no key; a key that is given takes the place of the former one. */
async function keepKey(
  tx: Tx,
  { vault }: Deps,
  before: StoreSettings,
  { kind }: StoreFacts,
  key: StoreKey,
): Promise<Pick<StoreSettings, 'credential' | 'credential_secret_id'>> {
  const { credential, credential_secret_id } = before
  const bound = storeBinding(before.asset_id, before.store)
  if (kind === 's3' && key.kind === 'keep') return { credential, credential_secret_id }
  // The row lets go of it first: the one that is given may be the only one that is left.
  if (credential_secret_id !== null)
    await tx
      .updateTable('asset_stores')
      .set({ credential_secret_id: null })
      .where('asset_id', '=', before.asset_id)
      .where('store', '=', before.store)
      .execute()
  await vault.forget(tx, bound)
  if (kind === 'local' || key.kind === 'keep') return { credential: null, credential_secret_id: null }
  if (key.kind === 'reference') return { credential: key.reference, credential_secret_id: null }
  return { credential: null, credential_secret_id: await vault.store(tx, bound, key.secret) }
}

function wrongKey(before: StoreSettings, { kind }: StoreFacts, key: StoreKey): FieldErrors {
  const has = before.credential !== null || before.credential_secret_id !== null
  return kind === 's3' && key.kind === 'keep' && !has ? { key_password: 'Type the secret access key.' } : {}
}
