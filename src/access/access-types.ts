import type { AccessKind, AssetClass, Row } from '../../db/schema.ts'
import { whyNoDatabaseAccount } from '../database-accounts/offer.ts'
import type { DbOrTx } from '../deps.ts'
import { isStorageKind, whyNoStorage } from '../files/offer.ts'

export type AccessType = Omit<Row<'access_types'>, 'aliases' | 'products'> & {
  aliases: readonly string[]
  products: readonly string[]
}

/** All access types in their order, withdrawn ones too. */
export const accessTypes = async (db: DbOrTx): Promise<AccessType[]> =>
  (await db.selectFrom('access_types').selectAll().orderBy('sort').orderBy('name').execute()).map(typeOf)

export const findAccessType = async (db: DbOrTx, id: string): Promise<AccessType | undefined> => {
  const row = await db.selectFrom('access_types').selectAll().where('id', '=', id).executeTakeFirst()
  return row && typeOf(row)
}

/** The newest version of the runbook that grants it; null: the portal itself does. */
export async function newestGrant(db: DbOrTx, typeId: string): Promise<number | null> {
  const version = await db
    .selectFrom('access_types')
    .innerJoin('runbook_versions', 'runbook_versions.runbook_id', 'access_types.grant_runbook_id')
    .where('access_types.id', '=', typeId)
    .orderBy('runbook_versions.version', 'desc')
    .select('runbook_versions.id')
    .executeTakeFirst()
  return version?.id ?? null
}

/** An access type on an asset: it can be requested there, or not, and then why. */
export type TypeOffer =
  | { type: AccessType; possible: true }
  | { type: AccessType; possible: false; why: string }

interface Target {
  id: string
  class: AssetClass
  product: string
  status: Row<'assets'>['status']
}

/** Every access type that is offered at all, and whether it can be requested on this asset. */
export async function typeOffers(db: DbOrTx, asset: Target): Promise<TypeOffer[]> {
  const noAccount = await whyNoDatabaseAccount(db, asset)
  const noStorage = await whyNoStorage(db, asset.id)
  const types = await accessTypes(db)
  return types
    .filter(type => type.status === 'ACTIVE')
    .map(type => {
      const why =
        whyNotOn(type, asset) ??
        (isDatabaseKind(type.kind) ? noAccount : isStorageKind(type.kind) ? noStorage[type.kind] : null)
      return why === null ? { type, possible: true } : { type, possible: false, why }
    })
}

/** Granted as an account on a database server. */
export const isDatabaseKind = (kind: AccessKind): boolean =>
  kind === 'database-service' || kind === 'database-user'

function whyNotOn(type: AccessType, asset: Target): string | null {
  if (asset.status === 'RETIRED') return `${asset.id} has been retired.`
  if (type.classes !== 'any' && type.classes !== asset.class)
    return `${type.name} is offered on ${type.classes === 'PRODUCTION' ? 'production' : 'non-production'} environments only.`
  if (type.products.length > 0 && !type.products.includes(asset.product))
    return `${type.name} is offered for ${type.products.join(', ')} only; ${asset.id} runs ${asset.product}.`
  return null
}

/** The words to confirm before it is requested on this asset; empty: none. */
export const warningOn = (type: Pick<AccessType, 'warning'>, assetId: string) =>
  type.warning.replaceAll('{{asset}}', assetId)

const typeOf = (row: Row<'access_types'>): AccessType => ({
  ...row,
  aliases: JSON.parse(row.aliases) as string[],
  products: JSON.parse(row.products) as string[],
})
