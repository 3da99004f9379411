import type { Instant } from '../../db/schema.ts'
import { after, type Clock, nowInstant } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Db, DbOrTx } from '../deps.ts'
import { newId } from '../ids.ts'
import { version } from '../version.ts'
import { leaseMs } from './lease.ts'
import { isSurelyGone, ownIdentity } from './process-identity.ts'

/** Enters a worker of this process into the list of workers, with the fingerprint of its master key. */
export async function registerWorker(
  db: Db,
  clock: Clock,
  id: string,
  host: string,
  masterKey: string | null = null,
): Promise<void> {
  const now = nowInstant(clock)
  const { bootId, pid, procStart } = ownIdentity()
  await db
    .insertInto('workers')
    .values({
      id,
      host,
      boot_id: bootId,
      pid,
      proc_start: procStart,
      version,
      started_at: now,
      seen_at: now,
      master_key: masterKey,
    })
    .execute()
}

/** A sign of life. After a break (the machine slept) the time before it becomes a row of its own. */
export async function seen(
  db: Db,
  clock: Clock,
  config: Pick<Config, 'LEASE_SECONDS'>,
  id: string,
): Promise<void> {
  const now = nowInstant(clock)
  const broken = after(now, -leaseMs(config))
  const worker = await db
    .updateTable('workers')
    .set({ seen_at: now })
    .where('id', '=', id)
    .where('seen_at', '>=', broken)
    .returning('id')
    .executeTakeFirst()
  if (!worker) await resume(db, id, now)
}

async function resume(db: Db, id: string, now: string): Promise<void> {
  await db.transaction().execute(async tx => {
    const before = await tx.selectFrom('workers').selectAll().where('id', '=', id).executeTakeFirst()
    if (!before) return
    await tx
      .insertInto('workers')
      .values({ ...before, id: newId(), stopped_at: before.seen_at })
      .execute()
    await tx
      .updateTable('workers')
      .set({ started_at: now, seen_at: now, stopped_at: null })
      .where('id', '=', id)
      .execute()
  })
}

export async function retireWorker(db: Db, clock: Clock, id: string): Promise<void> {
  const now = nowInstant(clock)
  await db.updateTable('workers').set({ seen_at: now, stopped_at: now }).where('id', '=', id).execute()
}

/** Ends the leases of workers of this host that are provably gone, so that nobody waits for them to run out. */
export async function expireGoneWorkers(db: Db, clock: Clock, host: string): Promise<string[]> {
  const rows = await db
    .selectFrom('workers')
    .selectAll()
    .where('host', '=', host)
    .where('id', 'in', eb =>
      eb.selectFrom('jobs').select('jobs.worker_id').where('jobs.state', '=', 'running').$castTo<string>(),
    )
    .execute()
  const gone = rows
    .filter(row => isSurelyGone(identityOf(row), Date.parse(row.seen_at), clock.now()))
    .map(row => row.id)
  for (const id of gone) {
    await db
      .updateTable('jobs')
      .set({ lease_until: nowInstant(clock) })
      .where('worker_id', '=', id)
      .where('state', '=', 'running')
      .execute()
    await db
      .updateTable('workers')
      .set(eb => ({ stopped_at: eb.ref('seen_at') }))
      .where('id', '=', id)
      .where('stopped_at', 'is', null)
      .execute()
  }
  return gone
}

const identityOf = (row: { boot_id: string; pid: number; proc_start: string }) => ({
  bootId: row.boot_id,
  pid: row.pid,
  procStart: row.proc_start,
})

/** How many workers have given a sign of life within a lease. */
export async function workersAlive(
  db: DbOrTx,
  clock: Clock,
  config: Pick<Config, 'LEASE_SECONDS'>,
): Promise<number> {
  const { alive } = await db
    .selectFrom('workers')
    .select(eb => eb.fn.countAll<number>().as('alive'))
    .where('stopped_at', 'is', null)
    .where('seen_at', '>', after(clock.now(), -leaseMs(config)))
    .executeTakeFirstOrThrow()
  return alive
}

/** A time in which a worker was alive. */
export interface AliveSpan {
  from: Instant
  to: Instant
}

/** When workers were alive since then. A sign of life counts for as long as a lease: nobody notices its end before. */
export async function aliveSpans(
  db: DbOrTx,
  clock: Clock,
  config: Pick<Config, 'LEASE_SECONDS'>,
  since: Instant,
): Promise<AliveSpan[]> {
  const now = nowInstant(clock)
  const rows = await db
    .selectFrom('workers')
    .select(['started_at', 'seen_at', 'stopped_at'])
    .where('seen_at', '>', after(since, -leaseMs(config)))
    .orderBy('started_at')
    .execute()
  return rows.map(({ started_at, seen_at, stopped_at }) => ({
    from: started_at,
    to: earliest(now, stopped_at ?? after(seen_at, leaseMs(config))),
  }))
}

const earliest = (a: Instant, b: Instant) => (a < b ? a : b)
