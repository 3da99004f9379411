import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueue } from '../jobs/queue.ts'

export const SERVER_JOB = 'check database server'

/** Has workers look at a server, or check it if that is asked for. One at a time for each. */
export const enqueueServerWork = (tx: Tx, { clock }: Pick<Deps, 'clock'>, serverId: number) =>
  enqueue(tx, clock, {
    name: SERVER_JOB,
    payload: { serverId },
    uniqueKey: `database-server:${serverId}`,
    maxAttempts: 3,
  })

/** Whole check, soon. `by` null: the portal itself, after a change; call deps.wake() after the commit. */
export async function askForCheck(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  serverId: number,
  by: string | null,
): Promise<void> {
  await tx
    .updateTable('database_servers')
    .set({ check_asked_at: nowInstant(deps.clock), check_asked_by: by })
    .where('id', '=', serverId)
    .execute()
  await enqueueServerWork(tx, deps, serverId)
}
