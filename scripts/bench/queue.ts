import { sql } from 'kysely'
import type { Instant } from '../../db/schema.ts'
import type { Opened } from '../../src/cli/open-deps.ts'
import { nowInstant } from '../../src/clock.ts'
import type { Deps } from '../../src/deps.ts'
import { newId } from '../../src/ids.ts'
import { claim } from '../../src/jobs/claims.ts'
import type { Work } from '../../src/jobs/handler.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import type { Actor } from '../../src/policy.ts'
import { createRequest } from '../../src/service-requests/create-request.ts'
import { queueRequest } from '../../src/service-requests/queue-request.ts'
import { handlers, recurring } from '../../src/work.ts'
import { median, quantile } from './load.ts'

export interface QueueFigures {
  /** Milliseconds. */
  claimP50: number
  inProgressP50: number
  inProgressP99: number
  /** Jobs a second. */
  barePerSecond: number
  queuePerSecond: number
}

const runs = 10_000
const watched = 200
/** Before them, as pages are asked for before they are measured: the first runs of any code are slow. */
const warmUp = 40

export async function measureQueue(opened: Opened): Promise<QueueFigures> {
  const { deps } = opened
  const claimP50 = await claimTimes(deps)
  const bare: number[] = []
  const queue: number[] = []
  for (let round = 0; round < 3; round++) {
    bare.push(await bareLoop(deps))
    queue.push(await throughWorker(opened))
  }
  const rounds: number[][] = []
  for (let round = 0; round < 3; round++) rounds.push(await queueToInProgress(opened))
  return {
    claimP50,
    inProgressP50: median(rounds.map(latencies => quantile(latencies, 0.5))),
    inProgressP99: median(rounds.map(latencies => quantile(latencies, 0.99))),
    barePerSecond: median(bare),
    queuePerSecond: median(queue),
  }
}

async function addJobs({ db, clock }: Deps, count: number) {
  const now = nowInstant(clock)
  await db.transaction().execute(async tx => {
    await tx.deleteFrom('jobs').where('name', '=', 'no-op').execute()
    for (let left = count; left > 0; left -= 500)
      await tx
        .insertInto('jobs')
        .values(
          Array.from({ length: Math.min(left, 500) }, () => ({
            name: 'no-op',
            payload: '{}',
            unique_key: null,
            run_at: now,
            worker_id: null,
            lease_until: null,
            last_error: null,
            created_at: now,
            finished_at: null,
          })),
        )
        .execute()
  })
}

async function claimTimes(deps: Deps): Promise<number> {
  await addJobs(deps, 500)
  const by = { workerId: newId(), leaseMs: 60_000, engine: deps.engine, clock: deps.clock }
  const times: number[] = []
  for (;;) {
    const began = performance.now()
    const taken = await claim(deps.db, by, 1)
    if (taken.length === 0) break
    times.push(performance.now() - began)
  }
  await addJobs(deps, 0)
  return median(times)
}

/** As little as a queue can do: take one, note that it is done. */
async function bareLoop(deps: Deps): Promise<number> {
  await addJobs(deps, runs)
  const { db, engine, clock } = deps
  const skip = engine === 'postgres' ? sql`for update skip locked` : sql``
  const began = performance.now()
  for (let done = 0; done < runs; done++) {
    const now = nowInstant(clock)
    const { rows } = await sql<{
      id: number
    }>`update jobs set state = 'running', worker_id = 'bare', lease_until = ${now}
      where id = (select id from jobs where state = 'queued' and run_at <= ${now} order by run_at, id limit 1 ${skip})
      returning id`.execute(db)
    await sql`update jobs set state = 'done', finished_at = ${now}, lease_until = null where id = ${rows[0]?.id}`.execute(
      db,
    )
  }
  return (runs * 1000) / (performance.now() - began)
}

async function throughWorker({ deps, signals }: Opened): Promise<number> {
  await addJobs(deps, runs)
  let done = 0
  const all = Promise.withResolvers<void>()
  const work: Work = {
    handlers: {
      'no-op': async () => {
        done += 1
        if (done === runs) all.resolve()
        return { kind: 'done' }
      },
    },
    recurring: [],
  }
  const began = performance.now()
  const worker = startWorker(deps, work, signals.onWake)
  await all.promise
  // The last ones are written down before the worker has stopped.
  await worker.stop()
  return (runs * 1000) / (performance.now() - began)
}

/** From the commit of Queue Request until INPROG is committed and told, sorted. */
async function queueToInProgress({ deps, signals }: Opened): Promise<number[]> {
  const operator: Actor = {
    id: 'OPERATOR01',
    role: 'OPERATOR',
    name: 'Operator 01',
    managingCustomerId: null,
    timeZone: null,
  }
  const assets = await offerNoOp(deps)
  const worker = startWorker(deps, { handlers, recurring }, signals.onWake)
  await worker.ready
  const times: number[] = []
  for (const asset of assets) times.push(await timeOne(deps, operator, asset))
  await worker.stop()
  return times.slice(warmUp).sort((a, b) => a - b)
}

async function offerNoOp({ db, clock }: Deps): Promise<string[]> {
  const now: Instant = nowInstant(clock)
  const { id } = await db
    .insertInto('runbooks')
    .values({ name: `Nothing ${newId()}`, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  const definition = JSON.stringify({
    steps: [{ name: 'Nothing', executor: 'command', argv: ['/bin/true'] }],
  })
  await db
    .insertInto('runbook_versions')
    .values({ runbook_id: id, version: 1, definition, created_by: null, created_at: now })
    .execute()
  const rows = await db
    .selectFrom('assets')
    .select('id')
    .where('class', '=', 'NON_PRODUCTION')
    .orderBy('id')
    .limit(warmUp + watched)
    .execute()
  await db
    .insertInto('asset_actions')
    .values(rows.map(row => ({ asset_id: row.id, action_id: 'restart-application', runbook_id: id })))
    .onConflict(conflict => conflict.doNothing())
    .execute()
  return rows.map(row => row.id)
}

async function timeOne(deps: Deps, actor: Actor, asset: string): Promise<number> {
  const created = await createRequest(deps, actor, {
    requested_start: '',
    requested_zone: 'UTC',
    requested_offset: '',
    target_environment: asset,
    requested_action: 'Restart Asset Management Application',
    summary: 'Measured',
    own: {},
    form_key: newId(),
    copied_from: null,
  })
  if (!created.ok) throw new Error(`No request on ${asset}: ${JSON.stringify(created.problem)}`)
  const inProgress = until(deps, created.value, status => status !== 'NEW' && status !== 'QUEUED')
  const finished = until(deps, created.value, status => status === 'RESOLVED')
  const queued = await queueRequest(deps, actor, created.value)
  const began = performance.now()
  if (!queued.ok) throw new Error(`${asset}: ${JSON.stringify(queued.problem)}`)
  const at = await inProgress
  await finished
  return at - began
}

/** When it was heard that the request has such a status. */
function until(deps: Deps, request: number, wanted: (status: string) => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const stop = deps.listen(`request:${request}`, () => {
      const heard = performance.now()
      statusOf(deps, request).then(status => {
        if (!wanted(status)) return
        stop()
        resolve(heard)
      }, reject)
    })
  })
}

async function statusOf({ db }: Deps, request: number): Promise<string> {
  const row = await db
    .selectFrom('service_requests')
    .select('status')
    .where('id', '=', request)
    .executeTakeFirstOrThrow()
  return row.status
}
