import type { Deps, Tx } from '../deps.ts'

/** Asks for work on every database server in use, in one transaction. */
export async function eachActiveServer(
  deps: Deps,
  ask: (tx: Tx, deps: Deps, serverId: number) => Promise<unknown>,
): Promise<void> {
  const servers = await deps.db
    .selectFrom('database_servers')
    .select('id')
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute()
  if (servers.length === 0) return
  await deps.db.transaction().execute(async tx => {
    for (const { id } of servers) await ask(tx, deps, id)
  })
  deps.wake()
}
