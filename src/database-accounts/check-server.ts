import { z } from 'zod'
import { type AuditActor, record, systemActor } from '../audit/record.ts'
import { after, minutes, nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import type { JobHandler, JobOutcome } from '../jobs/handler.ts'
import type { Lease } from '../jobs/lease.ts'
import type { ServerIdentity } from '../provisioners/provisioner.ts'
import { eachActiveServer } from './active-servers.ts'
import { askForCheck, enqueueServerWork } from './ask-for-check.ts'
import { type Examined, examineServer, glanceAt, hasFailed, isAnother } from './examine-server.ts'
import { mailServerSuspended } from './server-mails.ts'
import { checkStateOf } from './server-states.ts'
import { settleSuspension } from './server-suspension.ts'
import { serverSubject } from './server-words.ts'
import { type DatabaseServer, findServer } from './servers.ts'

const payloadOf = z.object({ serverId: z.number().int() })

/** Recurring: a glance at every server in use, in a job each: one that hangs keeps hardly any other waiting. */
export const lookAtDatabaseServers = (deps: Deps): Promise<void> => eachActiveServer(deps, enqueueServerWork)

/** The job of a server: checks it if that was asked for, else glances at it; then does what follows for its accounts. */
export const workOnServer: JobHandler = async (deps, { payload, lease }): Promise<JobOutcome> => {
  const { serverId } = payloadOf.parse(payload)
  const server = await findServer(deps.db, serverId)
  if (!server || server.status === 'RETIRED') return { kind: 'done' }
  if (server.check_asked_at === null) await look(deps, server, lease)
  else await checkServer(deps, server, { accept: server.check_asked_by !== null, lease })
  await settleSuspension(deps, serverId, lease)
  const now = await findServer(deps.db, serverId)
  const again = now?.status === 'ACTIVE' && now.check_asked_at !== null
  return again ? { kind: 'again', at: nowInstant(deps.clock) } : { kind: 'done' }
}

interface CheckWay {
  /** An operator asked for it: when it passes, the server counts as what it says it is, and is suspended no longer. */
  accept: boolean
  lease?: Lease
  /** Who is written down; the portal itself if nobody is given. */
  by?: AuditActor
  /** Milliseconds it may take. */
  limit?: number
}

/** A whole check, with its result written down, unless the server was changed meanwhile. */
export async function checkServer(deps: Deps, server: DatabaseServer, way: CheckWay): Promise<Examined> {
  const found = await examineServer(deps, server, way.limit)
  await deps.db.transaction().execute(async tx => {
    if (await storeCheck(tx, deps, server, found)) await conclude(tx, deps, server, found, way)
    await way.lease?.guard(tx)
  })
  deps.wake()
  return found
}

async function storeCheck(
  tx: Tx,
  deps: Deps,
  { id, version, check_asked_at }: DatabaseServer,
  { lines }: Examined,
): Promise<boolean> {
  const now = nowInstant(deps.clock)
  const { numUpdatedRows } = await tx
    .updateTable('database_servers')
    .set({ check_result: JSON.stringify(lines), checked_at: now, looked_at: now, look_error: null })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return false
  // What was asked for while it ran is still to be done.
  if (check_asked_at !== null)
    await tx
      .updateTable('database_servers')
      .set({ check_asked_at: null, check_asked_by: null })
      .where('id', '=', id)
      .where('check_asked_at', '=', check_asked_at)
      .execute()
  return true
}

async function conclude(
  tx: Tx,
  deps: Deps,
  server: DatabaseServer,
  { lines, identity }: Examined,
  { accept, by }: CheckWay,
): Promise<void> {
  if (identity === null) return
  const passed = !hasFailed(lines)
  const another = isAnother(server.identity, identity)
  if (another && !(passed && accept)) return suspend(tx, deps, server, identity)
  if (!passed) return
  await tx
    .updateTable('database_servers')
    .set({ identity: JSON.stringify(identity) })
    .where('id', '=', server.id)
    .execute()
  if (accept) await lift(tx, deps, server, by ?? (await askerOf(tx, server)))
}

/** What it says of itself, now: nothing is changed on it, nothing is tried. */
async function look(deps: Deps, server: DatabaseServer, lease: Lease): Promise<void> {
  const glance = await glanceAt(deps, server)
  await deps.db.transaction().execute(async tx => {
    const { numUpdatedRows } = await tx
      .updateTable('database_servers')
      .set({ looked_at: nowInstant(deps.clock), look_error: glance.error })
      .where('id', '=', server.id)
      .where('version', '=', server.version)
      .executeTakeFirst()
    const { identity } = glance
    if (numUpdatedRows === 1n && identity !== null && isAnother(server.identity, identity))
      await suspend(tx, deps, server, identity)
    if (numUpdatedRows === 1n && glance.error === null && isToBeCheckedAgain(deps, server))
      await askForCheck(tx, deps, server.id, null)
    await lease.guard(tx)
  })
  deps.wake()
}

/** What a check found while the server was away need not be so any more: it heals without anybody. */
const isToBeCheckedAgain = ({ clock }: Deps, server: DatabaseServer): boolean =>
  checkStateOf(server) === 'failed' && (server.checked_at ?? '') <= after(clock.now(), -minutes(10))

const why = 'it was promoted, restored from a backup or replaced'

/** Once: nothing is granted on it, and its accounts are suspended, until a check that an operator asked for passes. */
async function suspend(tx: Tx, deps: Deps, server: DatabaseServer, found: ServerIdentity): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('database_servers')
    .set({ suspended_at: nowInstant(deps.clock), suspended_why: why })
    .where('id', '=', server.id)
    .where('version', '=', server.version)
    .where('suspended_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return
  const detail = { why, known: JSON.parse(server.identity ?? 'null') as unknown, found }
  await record(tx, deps.clock, systemActor, 'database-server suspended', serverSubject(server.id), detail)
  await mailServerSuspended(tx, deps, server, why)
}

/** `suspended_why` stays until every access has been asked back: see settleSuspension. */
async function lift(tx: Tx, deps: Deps, server: DatabaseServer, by: AuditActor): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('database_servers')
    .set({ suspended_at: null })
    .where('id', '=', server.id)
    .where('suspended_at', 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return
  await record(tx, deps.clock, by, 'database-server suspension lifted', serverSubject(server.id))
  await enqueueServerWork(tx, deps, server.id)
}

async function askerOf(tx: Tx, { check_asked_by }: DatabaseServer): Promise<AuditActor> {
  if (check_asked_by === null) return systemActor
  const person = await tx
    .selectFrom('persons')
    .select(['id', 'role'])
    .where('id', '=', check_asked_by)
    .executeTakeFirst()
  return person ?? systemActor
}
