import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { readRunbook, sameRunbook } from './runbook-text.ts'

export interface RunbookFacts {
  name: string
  description: string
  /** JSON, as typed. */
  definition: string
}

const onlyOperators = 'Only operators write runbooks.'

export async function createRunbook(deps: Deps, actor: Actor, facts: RunbookFacts): Promise<Result<number>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const wrong = wrongDefinition(facts.definition)
  if (wrong) return wrong
  return deps.db.transaction().execute(async tx => {
    const added = await tx
      .insertInto('runbooks')
      .values({ name: facts.name, description: facts.description, created_at: nowInstant(deps.clock) })
      .onConflict(conflict => conflict.column('name').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added) return invalid(nameTaken(facts.name))
    await addVersion(tx, deps, actor, added.id, 1, facts.definition)
    const subject = { type: 'runbook', id: added.id } as const
    await record(tx, deps.clock, actor, 'runbook created', subject, { name: facts.name })
    return ok(added.id)
  })
}

/** A changed definition becomes a new version; what is queued keeps the one it was queued with. */
export async function changeRunbook(
  deps: Deps,
  actor: Actor,
  id: number,
  facts: RunbookFacts,
  seenVersion: number,
): Promise<Result<number>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const wrong = wrongDefinition(facts.definition)
  if (wrong) return wrong
  return deps.db.transaction().execute(async tx => {
    const newest = await newestVersion(tx, id)
    if (!newest) return notFound()
    if (newest.version !== seenVersion) return conflict(changedMeanwhile(newest.version, seenVersion))
    if (await isNameTaken(tx, id, facts.name)) return invalid(nameTaken(facts.name))
    await tx
      .updateTable('runbooks')
      .set({ name: facts.name, description: facts.description })
      .where('id', '=', id)
      .execute()
    const changed = !sameRunbook(facts.definition, newest.definition)
    const version = changed ? newest.version + 1 : newest.version
    if (changed && !(await addVersion(tx, deps, actor, id, version, facts.definition)))
      return conflict(changedMeanwhile(version, seenVersion))
    const subject = { type: 'runbook', id } as const
    await record(tx, deps.clock, actor, 'runbook changed', subject, { name: facts.name, version })
    return ok(version)
  })
}

/** Actions performed by a retired runbook are offered nowhere. */
export async function setRunbookStatus(
  deps: Deps,
  actor: Actor,
  id: number,
  status: 'ACTIVE' | 'RETIRED',
): Promise<Result<number>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    if (!(await newestVersion(tx, id))) return notFound()
    const { numUpdatedRows } = await tx
      .updateTable('runbooks')
      .set({ status })
      .where('id', '=', id)
      .where('status', '!=', status)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return conflict(`This runbook is ${status} already. Nothing was changed.`)
    const verb = status === 'ACTIVE' ? 'runbook put back in use' : 'runbook retired'
    await record(tx, deps.clock, actor, verb, { type: 'runbook', id })
    return ok(id)
  })
}

function wrongDefinition(text: string) {
  const read = readRunbook(text)
  return read.ok ? null : invalid({ definition: read.problems.slice(0, 20).join('\n') })
}

const newestVersion = (tx: Tx, id: number) =>
  tx
    .selectFrom('runbook_versions')
    .where('runbook_id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .select(['version', 'definition'])
    .executeTakeFirst()

async function addVersion(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  runbook_id: number,
  version: number,
  definition: string,
): Promise<boolean> {
  const added = await tx
    .insertInto('runbook_versions')
    .values({ runbook_id, version, definition, created_by: actor.id, created_at: nowInstant(deps.clock) })
    .onConflict(conflict => conflict.columns(['runbook_id', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}

async function isNameTaken(tx: Tx, id: number, name: string): Promise<boolean> {
  const twin = await tx
    .selectFrom('runbooks')
    .select('id')
    .where('name', '=', name)
    .where('id', '!=', id)
    .executeTakeFirst()
  return twin !== undefined
}

const nameTaken = (name: string) => ({
  name: `There is another runbook called ${name}. Choose another name.`,
})
const changedMeanwhile = (now: number, seen: number) =>
  `Somebody saved version ${now} of this runbook while you worked on version ${seen}. Nothing was saved. Copy your text, open the runbook again and put your change into the newest version.`
