import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import type { Deps, Tx } from '../deps.ts'
import type { FieldErrors } from '../result.ts'
import { overlaps } from './local-folder.ts'
import type { StoreSettings } from './stores.ts'

/** Where something is kept, whatever leads there: folder as it was entered → as it is. */
type RealPlaces = (folder: string) => string

type Place = Pick<StoreSettings, 'kind' | 'root' | 'endpoint' | 'bucket' | 'prefix'>

/** Looked at before the transaction: folders may take their time. */
export async function realPlaces({ db, config }: Deps, { kind, root }: Place): Promise<RealPlaces> {
  if (kind !== 'local' || root === null) return folder => folder
  const rows = await db.selectFrom('asset_stores').select('root').where('root', 'is not', null).execute()
  const folders = [root, config.DATA_DIR, ...rows.map(row => row.root ?? '')]
  const found = new Map<string, string>()
  for (const folder of folders) found.set(folder, await realPlace(folder))
  return folder => found.get(folder) ?? folder
}

/** Whatever links lead to it. Of what is not there yet it is below the nearest folder that is. */
export async function realPlace(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch {
    const above = path.dirname(folder)
    return above === folder ? folder : path.join(await realPlace(above), path.basename(folder))
  }
}

/** Whoever chooses a place meanwhile waits, and then sees this one. */
export async function holdPlaces(tx: Tx, { engine }: Deps): Promise<void> {
  if (engine === 'postgres') await sql`lock table asset_stores in share row exclusive mode`.execute(tx)
}

/** Two stores in one place would open each to those who hold an access to the other. */
export async function placeError(
  tx: Tx,
  { config }: Deps,
  { asset_id, store }: StoreSettings,
  place: Place,
  real: RealPlaces,
): Promise<FieldErrors> {
  if (place.kind === 'local' && place.root === null) return {}
  const others = (await tx.selectFrom('asset_stores').selectAll().execute()).filter(
    row => row.kind === place.kind && (row.asset_id !== asset_id || row.store !== store),
  )
  if (place.kind === 'local') return folderError(place.root ?? '', config.DATA_DIR, others, real)
  const taken = others.find(row => isSameBucket(row, place) && isBelow(row, place))
  if (!taken) return {}
  return {
    prefix: `The ${taken.store} of ${taken.asset_id} are in the same bucket, under “${taken.prefix}”. Choose another prefix, such as ${asset_id}/${store}/.`,
  }
}

function folderError(
  folder: string,
  ownFolder: string,
  others: readonly Pick<StoreSettings, 'asset_id' | 'store' | 'root'>[],
  real: RealPlaces,
): FieldErrors {
  const place = real(folder)
  if (overlaps(place, real(ownFolder)))
    return {
      root: `${ownFolder} is the portal’s own folder, with its keys. Choose a folder outside of it.`,
    }
  const taken = others.find(({ root }) => root !== null && overlaps(place, real(root)))
  if (!taken) return {}
  return {
    root: `${taken.root} is where the ${taken.store} of ${taken.asset_id} are. Choose a folder beside it.`,
  }
}

const isBelow = (one: Place, other: Place) =>
  one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)

const isSameBucket = (one: Place, other: Place) =>
  one.bucket === other.bucket && serviceOf(one) === serviceOf(other)

/** At Amazon a bucket has one name for all regions and addresses. */
function serviceOf({ endpoint }: Place): string {
  const host = endpoint === null ? 'amazonaws.com' : new URL(endpoint).host
  return /(^|\.)amazonaws\.com(\.cn)?$/.test(host) ? 'Amazon' : host
}
