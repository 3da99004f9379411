import { isUniqueViolation } from '../../db/errors.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, type FieldErrors, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { askForCheck } from './ask-for-check.ts'
import { findAssetDatabase, openAccounts } from './server-queries.ts'
import { openWords } from './server-words.ts'
import { type AssetDatabase, findServer } from './servers.ts'

/** What operators set of the database of an asset. */
export interface AssetDatabaseFacts {
  server_id: number
  database_name: string
  group_name: string
  owners: readonly string[]
  /** 'HH:MM' in the asset's zone. */
  reset_at: string
}

type Asset = { id: string; customer_id: string }

/**
 * Sets or changes the database of an asset; null: it has none (any more). `version` is the one that was seen, 0 for
 * none. Where accounts are open, they keep the server, database and group they were made for.
 */
export async function setAssetDatabase(
  deps: Deps,
  actor: Actor,
  assetId: string,
  version: number,
  facts: AssetDatabaseFacts | null,
): Promise<Result<string>> {
  if (!can(actor, 'asset.configure')) return forbidden('Only operators set up assets.')
  try {
    return await deps.db.transaction().execute(async (tx): Promise<Result<string>> => {
      const asset = await tx
        .selectFrom('assets')
        .select(['id', 'customer_id'])
        .where('id', '=', assetId)
        .executeTakeFirst()
      if (!asset) return notFound()
      const before = await findAssetDatabase(tx, assetId)
      const wrong = await wrongChange(tx, asset, before, facts)
      if (wrong) return invalid(wrong)
      return store(tx, deps, actor, asset, version, before, facts)
    })
  } catch (error) {
    if (!isUniqueViolation(error) || !facts) throw error
    return invalid({
      group_name: `Another asset on that server has the group ${facts.group_name} already. Choose another one.`,
    })
  } finally {
    deps.wake()
  }
}

/** Fields of which accounts on the server were made. */
const groundFields = { server_id: 'server', database_name: 'database', group_name: 'group' } as const

async function wrongChange(
  tx: Tx,
  asset: Asset,
  before: AssetDatabase | undefined,
  facts: AssetDatabaseFacts | null,
): Promise<FieldErrors | null> {
  if (facts) {
    const server = await findServer(tx, facts.server_id)
    if (!server) return { server_id: 'There is no such database server. Choose one of the list.' }
    if (server.status === 'RETIRED' && before?.server_id !== facts.server_id)
      return { server_id: `${server.name} is RETIRED. Choose one that is in use.` }
  }
  const field = changedGround(before, facts)
  if (!before || field === null) return null
  const open = await openAccounts(tx, { assetId: asset.id }, 20)
  if (open.total === 0) return null
  return {
    [field]: `The ${groundFields[field]} can’t be changed: ${openWords(open).replace(' on it', ` on ${asset.id}`)} Remove or move them first.`,
  }
}

function changedGround(
  before: AssetDatabase | undefined,
  facts: AssetDatabaseFacts | null,
): keyof typeof groundFields | null {
  if (!before) return null
  if (!facts) return 'server_id'
  const fields = Object.keys(groundFields) as (keyof typeof groundFields)[]
  return fields.find(field => before[field] !== facts[field]) ?? null
}

async function store(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  asset: Asset,
  version: number,
  before: AssetDatabase | undefined,
  facts: AssetDatabaseFacts | null,
): Promise<Result<string>> {
  const columns = facts && { ...facts, owners: JSON.stringify(facts.owners) }
  const changes = before && columns ? changesOf<object>(before, columns) : null
  if (changes ? Object.keys(changes).length === 0 : !before && !columns) return ok(asset.id)
  if ((before?.version ?? 0) !== version || !(await write(tx, deps, asset.id, before, columns)))
    return conflict(changedMeanwhile)
  const verb = !before ? 'asset database set' : facts ? 'asset database changed' : 'asset database removed'
  const subject = { type: 'asset', id: asset.id, customerId: asset.customer_id } as const
  await record(tx, deps.clock, actor, verb, subject, { ...(changes ?? facts ?? {}) })
  const server = facts && (await findServer(tx, facts.server_id))
  if (server?.status === 'ACTIVE') await askForCheck(tx, deps, server.id, null)
  return ok(asset.id)
}

const changedMeanwhile =
  'Another operator has changed the database of this asset meanwhile. What you typed is kept; open the page in another window to see what is stored, then save again to put yours in its place.'

type Columns = Omit<AssetDatabaseFacts, 'owners'> & { owners: string }

/** False: it is not what was seen any more. */
async function write(
  tx: Tx,
  deps: Deps,
  assetId: string,
  before: AssetDatabase | undefined,
  columns: Columns | null,
): Promise<boolean> {
  if (!before) {
    if (columns)
      await tx
        .insertInto('asset_databases')
        .values({ asset_id: assetId, ...columns, created_at: nowInstant(deps.clock) })
        .execute()
    return true
  }
  if (!columns) {
    const { numDeletedRows } = await tx
      .deleteFrom('asset_databases')
      .where('asset_id', '=', assetId)
      .where('version', '=', before.version)
      .executeTakeFirst()
    return numDeletedRows === 1n
  }
  const { numUpdatedRows } = await tx
    .updateTable('asset_databases')
    .set({ ...columns, version: before.version + 1 })
    .where('asset_id', '=', assetId)
    .where('version', '=', before.version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
