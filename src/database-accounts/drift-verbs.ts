import { isUniqueViolation } from '../../db/errors.ts'
import { byOperator, endAccesses, resumeAccess, suspendAccess } from '../access/end-accesses.ts'
import { requestAccount } from '../access/request-account.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueue } from '../jobs/queue.ts'
import { isListed, personNamed } from '../people/give-customer.ts'
import { lockPersons } from '../people/lock-persons.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { askForComparison } from './compare-accounts.ts'
import { assetsWithDatabaseOn, type Finding, findFinding } from './drift-queries.ts'
import { DRIFT_ACT_JOB, isAdoptable, isBeingAdopted } from './drift-words.ts'

const onlyOperators = 'Only operators look after drift.'

/** Has every server compared now. */
export async function compareNow(deps: Deps, actor: Actor): Promise<Result<number>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const servers = await deps.db.transaction().execute(async tx => {
    const rows = await tx
      .selectFrom('database_servers')
      .select('id')
      .where('status', '=', 'ACTIVE')
      .orderBy('id')
      .execute()
    for (const { id } of rows) await askForComparison(tx, deps, id)
    return rows.length
  })
  deps.wake()
  return ok(servers)
}

export interface AdoptAsk {
  /** Login ID or code of who is to have it. */
  to: string
  asset: string
  justification: string
}

/** An account that nobody owns is requested for somebody, and taken over when the managers have approved. */
export const adoptOrphan = (deps: Deps, actor: Actor, id: number, ask: AdoptAsk): Promise<Result<string>> =>
  onOrphan(deps, actor, id, async (tx, finding) => {
    if (finding.act === 'disable' || finding.act === 'drop')
      return conflict(`${beingEnded(finding.name, finding.act)} Nothing was changed.`)
    const person = await personNamed(tx, ask.to)
    const asset = (await assetsWithDatabaseOn(tx, finding.server_id)).find(one => one.id === ask.asset)
    const wrong: Record<string, string> = {}
    if (!asset) wrong.asset = `Choose an asset with a database on ${finding.server}.`
    if (!person || person.role === 'OPERATOR' || person.status !== 'ACTIVE')
      wrong.to = 'There is no such user who is ACTIVE. Type a Login ID or the code of a person.'
    else if (asset && !(await isListed(tx, person.id, asset.customer_id)))
      wrong.to = `Customer ${asset.customer_id} is not in the Customer Access List of ${person.display_name}.`
    if (ask.justification.trim() === '') wrong.justification = 'Say why; who decides reads it.'
    if (!isAdoptable(finding)) wrong[''] = 'Its name is not one that the portal gives.'
    if (!asset || !person || Object.keys(wrong).length > 0) return invalid(wrong)
    await lockPersons(tx, deps, [actor.id, person.id])
    const access = await requestAccount(tx, deps, actor, {
      person: person.id,
      asset,
      type: finding.name.startsWith('dbsrv_') ? 'database-service-account' : 'database-user-account',
      account: finding.name,
      serverId: finding.server_id,
      transferOf: null,
      ends: null,
      justification: ask.justification,
    })
    await note(tx, deps, actor, finding, 'adopt', { adopt_access_id: access.id })
    return ok(
      `${finding.name} goes to ${person.display_name} when the managers of ${asset.customer_id} approve.`,
    )
  })

/** disable: it can't sign in any more. drop: it is removed, with its sessions. In the background. */
export const endOrphan = (
  deps: Deps,
  actor: Actor,
  id: number,
  act: 'disable' | 'drop',
): Promise<Result<string>> =>
  onOrphan(deps, actor, id, async (tx, finding) => {
    if (finding.act === act) return ok(beingEnded(finding.name, act))
    await note(tx, deps, actor, finding, act, {})
    await enqueue(tx, deps.clock, {
      name: DRIFT_ACT_JOB,
      payload: { findingId: finding.id },
      uniqueKey: `drift:${finding.id}`,
    })
    return ok(beingEnded(finding.name, act))
  })

const beingEnded = (name: string, act: 'disable' | 'drop') =>
  `${name} is being ${act === 'drop' ? 'dropped' : 'disabled'}.`

async function onOrphan(
  deps: Deps,
  actor: Actor,
  id: number,
  act: (tx: Tx, finding: Finding) => Promise<Result<string>>,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const done = await deps.db
    .transaction()
    .execute(async (tx): Promise<Result<string>> => {
      const finding = await held(tx, deps, id)
      if (!finding) return notFound()
      if (finding.kind !== 'ORPHAN' || finding.settled_at !== null) return conflict(settledMeanwhile)
      if (isBeingAdopted(finding))
        return conflict(`${finding.name} is about to be adopted. Nothing was changed.`)
      return act(tx, finding)
    })
    .catch(error => {
      if (isUniqueViolation(error))
        return conflict(
          'Somebody has that account, or one of that type on that asset, already. Nothing was changed.',
        )
      throw error
    })
  if (done.ok) deps.wake()
  return done
}

const settledMeanwhile = 'This finding has been settled meanwhile. Nothing was changed.'

async function held(tx: Tx, { engine }: Pick<Deps, 'engine'>, id: number): Promise<Finding | undefined> {
  if (engine === 'postgres')
    await tx.selectFrom('drift_findings').select('id').where('id', '=', id).forNoKeyUpdate().execute()
  return findFinding(tx, id)
}

async function note(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  finding: Finding,
  act: 'adopt' | 'disable' | 'drop',
  also: { adopt_access_id?: number },
): Promise<void> {
  await tx
    .updateTable('drift_findings')
    .set({ act, act_by: actor.id, act_at: nowInstant(deps.clock), act_error: null, ...also })
    .where('id', '=', finding.id)
    .execute()
  const subject = { type: 'database-server', id: finding.server_id } as const
  await record(tx, deps.clock, actor, `database server account to ${act}`, subject, {
    account: finding.name,
    ...also,
  })
}

/** What an operator does about an account that an access has: take the access away, for good or for now, or give it back. */
export async function actOnAccess(
  deps: Deps,
  actor: Actor,
  id: number,
  act: 'suspend' | 'resume' | 'remove',
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const done = await deps.db.transaction().execute(async (tx): Promise<Result<string>> => {
    const finding = await findFinding(tx, id)
    if (!finding) return notFound()
    if (finding.access_id === null || finding.settled_at !== null) return conflict(settledMeanwhile)
    const access = { id: finding.access_id }
    const why = `${byOperator}: portal and ${finding.server} said different things of ${finding.name}.`
    const changed = await {
      remove: async () => (await endAccesses(tx, deps, actor, [access], why)) > 0,
      suspend: () => suspendAccess(tx, deps, access, why),
      resume: () => resumeAccess(tx, deps, access),
    }[act]()
    if (!changed) return conflict(`The access is ${finding.access_status}. Nothing was changed.`)
    const subject = { type: 'database-server', id: finding.server_id } as const
    await record(tx, deps.clock, actor, `database server drift: access to ${act}`, subject, {
      account: finding.name,
      access: finding.access_id,
    })
    return ok(
      `The access of ${finding.person} is being ${{ suspend: 'suspended', resume: 'given back', remove: 'removed' }[act]}.`,
    )
  })
  if (done.ok) deps.wake()
  return done
}
