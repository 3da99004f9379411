import type { AssetClass } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { whyNothingIsGranted } from './server-states.ts'
import { type DatabaseServer, databaseOf, standbyOf } from './servers.ts'

/** Why no database account can be requested on an asset; null: it can. */
export async function whyNoDatabaseAccount(
  db: DbOrTx,
  asset: { id: string; class: AssetClass },
): Promise<string | null> {
  const found = await databaseOf(db, asset.id)
  if (!found) return `No database of ${asset.id} is known to the portal.`
  return whyNotOnServer(asset, found.server)
}

function whyNotOnServer(asset: { id: string; class: AssetClass }, server: DatabaseServer): string | null {
  if (server.status === 'RETIRED') return `The database server of ${asset.id} is not in use any more.`
  if (asset.class === 'PRODUCTION' && standbyOf(server) === null)
    return `Accounts for production are read-only on the standby database server, and ${asset.id} has no high availability (HADR).`
  const why = whyNothingIsGranted(server)
  return why === null ? null : `The database server of ${asset.id} ${why}. Try again later.`
}
