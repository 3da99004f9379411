import { type SqlBool, sql } from 'kysely'
import { resumeAccess, suspendAccess } from '../access/end-accesses.ts'
import type { Db, Deps, Tx } from '../deps.ts'
import type { Lease } from '../jobs/lease.ts'
import { type DatabaseServer, findServer } from './servers.ts'

/** Each access is a change, an audit row, mails and a job of its own: few to a transaction. */
const BATCH = 25

/** Begins the reason of accesses that were suspended with their server, and of no others. */
const withServer = 'Its database server is being checked by the operators'

/** As told to the owner of an account. */
const reasonOf = ({ suspended_why }: DatabaseServer) =>
  `${withServer}: ${suspended_why}. It is given back by itself as soon as the check has passed.`

/**
 * Suspends what is APPROVED on a suspended server, and gives back what was suspended with one that is no longer. May
 * end anywhere and be begun again.
 */
export async function settleSuspension(deps: Deps, serverId: number, lease: Lease): Promise<void> {
  const server = await findServer(deps.db, serverId)
  if (!server) return
  if (server.suspended_at !== null)
    await eachAccess(deps, server, lease, approvedOn, (tx, access) =>
      suspendAccess(tx, deps, access, reasonOf(server)),
    )
  else if (server.suspended_why !== '') {
    await eachAccess(deps, server, lease, suspendedOn, (tx, access) => resumeAccess(tx, deps, access))
    await deps.db
      .updateTable('database_servers')
      .set({ suspended_why: '' })
      .where('id', '=', serverId)
      .where('suspended_at', 'is', null)
      .execute()
  }
}

type Found = (db: Db, serverId: number, afterId: number) => Promise<{ id: number }[]>

/** As long as the server stays as it was seen. */
async function eachAccess(
  deps: Deps,
  seen: DatabaseServer,
  lease: Lease,
  find: Found,
  act: (tx: Tx, access: { id: number }) => Promise<unknown>,
): Promise<void> {
  for (let last = 0; ; ) {
    const found = await find(deps.db, seen.id, last)
    if (found.length === 0) return
    const same = await deps.db.transaction().execute(async tx => {
      const still = (await suspendedSince(tx, deps, seen.id)) === seen.suspended_at
      if (still) for (const access of found) await act(tx, access)
      await lease.guard(tx)
      return still
    })
    deps.wake()
    if (!same) return
    last = found.at(-1)?.id ?? last
  }
}

/** Held until the end of the transaction: whoever lifts a suspension waits for the batch, or it for them. */
async function suspendedSince(tx: Tx, { engine }: Deps, serverId: number): Promise<string | null> {
  const query = tx.selectFrom('database_servers').select('suspended_at').where('id', '=', serverId)
  const row = await (engine === 'postgres' ? query.forNoKeyUpdate() : query).executeTakeFirstOrThrow()
  return row.suspended_at
}

const onServer = (db: Db, serverId: number, afterId: number) =>
  db
    .selectFrom('database_accounts')
    .innerJoin('accesses', 'accesses.id', 'database_accounts.access_id')
    .where('database_accounts.server_id', '=', serverId)
    .where('database_accounts.gone_at', 'is', null)
    .where('accesses.id', '>', afterId)
    .select('accesses.id')
    .orderBy('accesses.id')
    .limit(BATCH)

const approvedOn: Found = (db, serverId, afterId) =>
  onServer(db, serverId, afterId).where('accesses.status', '=', 'APPROVED').execute()

/** What a re-validation has suspended meanwhile is given back by that, not by this. */
const suspendedOn: Found = (db, serverId, afterId) =>
  onServer(db, serverId, afterId)
    .where('accesses.status', '=', 'SUSPENDED')
    .where(sql<SqlBool>`substr(accesses.reason, 1, ${sql.lit(withServer.length)}) = ${withServer}`)
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('campaign_items')
            .innerJoin('campaign_parts', 'campaign_parts.id', 'campaign_items.part_id')
            .whereRef('campaign_items.access_id', '=', 'accesses.id')
            .where('campaign_parts.state', '=', 'SUSPENDED')
            .select('campaign_items.access_id'),
        ),
      ),
    )
    .execute()
