import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import { askForCheck } from './ask-for-check.ts'
import { openAccounts } from './server-queries.ts'
import { onlyOperators, openWords, serverSubject } from './server-words.ts'
import { type DatabaseServer, findServer } from './servers.ts'

/** Of the accounts that stand in the way of retiring it. */
const mostNamed = 20

/** RETIRED: nothing is granted on it any more, and it is left alone. Not while accounts are open on it. */
export async function setServerStatus(
  deps: Deps,
  actor: Actor,
  id: number,
  status: DatabaseServer['status'],
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async (tx): Promise<Result<string>> => {
    const server = await findServer(tx, id)
    if (!server) return notFound()
    if (server.status === status) return conflict(`${server.name} is ${status} already. Nothing was changed.`)
    const open = status === 'RETIRED' ? await openAccounts(tx, { serverId: id }, mostNamed) : null
    if (open && open.total > 0)
      return conflict(`${server.name} can’t be retired: ${openWords(open)} Remove or move them first.`)
    const moved = await moveTo(tx, server, status)
    if (!moved)
      return conflict(`Another operator has just changed ${server.name}. Look at it, then try again.`)
    const verb = status === 'RETIRED' ? 'database-server retired' : 'database-server put back in use'
    await record(tx, deps.clock, actor, verb, serverSubject(id))
    if (status === 'RETIRED') await settleFindings(tx, deps, id)
    if (status === 'ACTIVE') await askForCheck(tx, deps, id, null)
    return ok(server.name)
  })
  deps.wake()
  return result
}

/** The portal leaves the server alone: nothing is to be done about what was found there. */
const settleFindings = (tx: Tx, { clock }: Deps, serverId: number) =>
  tx
    .updateTable('drift_findings')
    .set({
      settled_at: nowInstant(clock),
      settled_how: 'The server was retired.',
      act: null,
      act_error: null,
    })
    .where('server_id', '=', serverId)
    .where('settled_at', 'is', null)
    .execute()

/** Has the server checked in the background, as `gatehouse doctor` does it. */
export async function checkNow(deps: Deps, actor: Actor, id: number): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async (tx): Promise<Result<string>> => {
    const server = await findServer(tx, id)
    if (!server) return notFound()
    if (server.status === 'RETIRED') return conflict(`${server.name} is RETIRED and is not checked.`)
    await askForCheck(tx, deps, id, actor.id)
    await record(tx, deps.clock, actor, 'database-server check asked for', serverSubject(id))
    return ok(server.name)
  })
  deps.wake()
  return result
}

async function moveTo(tx: Tx, server: DatabaseServer, status: DatabaseServer['status']): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('database_servers')
    .set({ status, version: server.version + 1, check_asked_at: null, check_asked_by: null })
    .where('id', '=', server.id)
    .where('version', '=', server.version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
