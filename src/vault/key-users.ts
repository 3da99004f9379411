import { after, type Clock, minutes, nowInstant } from '../clock.ts'
import type { Config } from '../config.ts'
import type { DbOrTx } from '../deps.ts'
import { leaseMs } from '../jobs/lease.ts'
import { isSurelyGone } from '../jobs/process-identity.ts'
import type { KeyRow } from './key-rows.ts'

type UserDeps = { clock: Clock; config: Pick<Config, 'WORKER_HOST' | 'LEASE_SECONDS'> }

/** From the choice of the key to the first sign of life. */
const startingMs = minutes(1)
/** Longer than a lease: who comes back after a break finds their key gone. */
const silentMs = minutes(10)

/** Processes that were started with one of these keys and may be alive, in words. */
export async function usersOfKeys(db: DbOrTx, deps: UserDeps, rows: readonly KeyRow[]): Promise<string[]> {
  const users: string[] = []
  for (const row of rows) users.push(...(await usersOfKey(db, deps, row)))
  return users
}

async function usersOfKey(db: DbOrTx, deps: UserDeps, row: KeyRow): Promise<string[]> {
  const workers = await workersWith(db, row.id)
  const alive = workers.filter(worker => mayBeAlive(deps, worker))
  const registered = workers.some(worker => worker.started_at >= row.used_at)
  const starting = !registered && row.used_at > after(deps.clock.now(), -startingMs)
  return [
    ...alive.map(({ host, pid, seen_at }) => `process ${pid} on ${host}, last seen at ${seen_at}`),
    ...(starting ? [`a process that began to start at ${row.used_at}`] : []),
  ]
}

const workersWith = (db: DbOrTx, keyId: string) =>
  db.selectFrom('workers').selectAll().where('master_key', '=', keyId).orderBy('started_at').execute()

type WorkerRow = Awaited<ReturnType<typeof workersWith>>[number]

function mayBeAlive({ clock, config }: UserDeps, worker: WorkerRow): boolean {
  if (worker.stopped_at !== null) return false
  if (worker.seen_at <= after(nowInstant(clock), -Math.max(silentMs, leaseMs(config)))) return false
  const identity = { bootId: worker.boot_id, pid: worker.pid, procStart: worker.proc_start }
  return (
    worker.host !== config.WORKER_HOST || !isSurelyGone(identity, Date.parse(worker.seen_at), clock.now())
  )
}
