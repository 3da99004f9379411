import { z } from 'zod'
import { record, systemActor } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import type { JobHandler } from '../jobs/handler.ts'
import { enqueue } from '../jobs/queue.ts'
import { type FoundAccount, ProvisionerError } from '../provisioners/provisioner.ts'
import { eachActiveServer } from './active-servers.ts'
import { mailDrift } from './drift-mails.ts'
import { accountKey, type Drift, findDrift, type KnownAccount } from './find-drift.ts'
import { type DatabaseServer, findServer, openServer } from './servers.ts'

export const DRIFT_JOB = 'compare database accounts'

const payloadOf = z.object({ serverId: z.number().int() })

/** Recurring, nightly: what portal and servers say of accounts, in a job for each server. */
export const compareAccounts = (deps: Deps): Promise<void> => eachActiveServer(deps, askForComparison)

/** Has a worker compare a server's accounts. Call deps.wake() after the commit. */
export const askForComparison = (tx: Tx, { clock }: Pick<Deps, 'clock'>, serverId: number) =>
  enqueue(tx, clock, {
    name: DRIFT_JOB,
    payload: { serverId },
    uniqueKey: `compare-accounts:${serverId}`,
    maxAttempts: 3,
  })

/** The job of a server. */
export const compareServer: JobHandler = async (deps, { payload, lease }) => {
  await compareOn(deps, payloadOf.parse(payload).serverId, tx => lease.guard(tx))
  return { kind: 'done' }
}

/**
 * A server that can't be reached leaves what was found before as it is, and says so. `guard` is the transaction's last
 * statement.
 */
export async function compareOn(
  deps: Deps,
  serverId: number,
  guard: (tx: Tx) => Promise<void>,
): Promise<void> {
  const server = await findServer(deps.db, serverId)
  if (!server || server.status === 'RETIRED') return
  const before = await knownOn(deps.db, server)
  const found = await accountsOf(deps, server)
  await deps.checkpoint?.('accounts listed')
  await deps.db.transaction().execute(async tx => {
    const stillInUse = await note(tx, deps, server, 'error' in found ? found.error : null)
    if (stillInUse && !('error' in found)) {
      const known = await knownOn(tx, server)
      const moved = changedNames(before, known)
      const atRest = (one: { name: string }) => !moved.has(one.name)
      const drift = findDrift(
        found.accounts.filter(atRest),
        known.filter(atRest),
        await knownElsewhere(tx, server),
      )
      await store(tx, deps, server, drift)
    }
    await guard(tx)
  })
  deps.wake()
}

/** More than that no server of ours has; the rest is said to be left out. */
const mostAccounts = 100_000

async function accountsOf(
  deps: Deps,
  server: DatabaseServer,
): Promise<{ accounts: FoundAccount[] } | { error: string }> {
  const accounts: FoundAccount[] = []
  try {
    const provisioner = await openServer(deps, server)
    try {
      for await (const account of provisioner.listAccounts()) {
        if (accounts.push(account) >= mostAccounts)
          return { error: `There are more than ${mostAccounts} accounts on it.` }
      }
    } finally {
      await provisioner.close()
    }
    return { accounts }
  } catch (error) {
    if (error instanceof ProvisionerError) return { error: error.message }
    throw error
  }
}

const knownOn = (db: DbOrTx, { id }: DatabaseServer): Promise<KnownAccount[]> =>
  db
    .selectFrom('database_accounts')
    .select(['id', 'name', 'mark', 'state', 'server_expires_at'])
    .where('server_id', '=', id)
    .where('gone_at', 'is', null)
    .execute()

/** What came, went or changed while the server was listing: whatever it said of those may be over. */
function changedNames(before: readonly KnownAccount[], after: readonly KnownAccount[]): ReadonlySet<string> {
  const states = (accounts: readonly KnownAccount[]) =>
    new Map(accounts.map(({ id, name, state }) => [name, `${id} ${state}`]))
  const [was, is] = [states(before), states(after)]
  return new Set([...was.keys(), ...is.keys()].filter(name => was.get(name) !== is.get(name)))
}

async function knownElsewhere(tx: Tx, { id }: DatabaseServer): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('database_accounts')
    .select(['name', 'mark'])
    .where('server_id', '!=', id)
    .where('gone_at', 'is', null)
    .execute()
  return new Set(rows.map(({ name, mark }) => accountKey(name, mark)))
}

/** First of all: it holds the server's row. False: the server was retired meanwhile, and is left alone. */
async function note(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  { id }: DatabaseServer,
  drift_error: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('database_servers')
    .set({ drift_error, ...(drift_error === null && { drift_at: nowInstant(clock) }) })
    .where('id', '=', id)
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What is new is told, what is found again stays, what is gone is settled by itself. */
async function store(tx: Tx, deps: Deps, server: DatabaseServer, drift: readonly Drift[]): Promise<void> {
  const now = nowInstant(deps.clock)
  const open = await tx
    .selectFrom('drift_findings')
    .selectAll()
    .where('server_id', '=', server.id)
    .where('settled_at', 'is', null)
    .execute()
  const same = (one: Pick<Drift, 'kind' | 'name'>) => (other: Pick<Drift, 'kind' | 'name'>) =>
    one.kind === other.kind && one.name === other.name
  for (const row of open) {
    const again = drift.find(same(row))
    const changes = again
      ? { detail: again.detail, mark: again.mark, account_id: again.account_id, seen_at: now }
      : { settled_at: now, settled_how: 'It was so no more when it was looked at again.' }
    await tx.updateTable('drift_findings').set(changes).where('id', '=', row.id).execute()
  }
  const fresh = drift.filter(one => !open.some(same(one)))
  for (const one of fresh)
    await tx
      .insertInto('drift_findings')
      .values({ ...one, server_id: server.id, found_at: now, seen_at: now })
      .execute()
  if (fresh.length > 0) await tell(tx, deps, server, fresh)
}

async function tell(tx: Tx, deps: Deps, server: DatabaseServer, fresh: readonly Drift[]): Promise<void> {
  await record(
    tx,
    deps.clock,
    systemActor,
    'database server drift found',
    { type: 'database-server', id: server.id },
    { findings: fresh.slice(0, 50).map(({ kind, name }) => `${kind} ${name}`), count: fresh.length },
  )
  await mailDrift(tx, deps, server, fresh)
}
