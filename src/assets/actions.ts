import type { ActionMode, Row } from '../../db/schema.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import type { Deps } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import type { ActionField } from '../service-requests/action-fields.ts'

/** What operators set of an action. */
export interface ActionFacts {
  name: string
  description: string
  aliases: readonly string[]
  mode: ActionMode
  production: Row<'actions'>['production']
  /** Empty: any product. */
  products: readonly string[]
  fields: readonly ActionField[]
  sort: number
}

const onlyOperators = 'Only operators define actions.'

export async function createAction(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: ActionFacts,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const added = await tx
      .insertInto('actions')
      .values({ id, ...columnsOf(facts) })
      .onConflict(conflict => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added) {
      const taken = await tx.selectFrom('actions').select('id').where('id', '=', id).executeTakeFirst()
      return invalid(
        taken ? { id: `There is an action ${id} already. Choose another id.` } : nameTaken(facts),
      )
    }
    await record(tx, deps.clock, actor, 'action created', { type: 'action', id }, { ...facts })
    return ok(id)
  })
}

/** Requests saved before keep the words they were saved with; a queued one runs what was frozen. */
export async function changeAction(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: ActionFacts,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const action = await tx.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirst()
    if (!action) return notFound()
    const twin = await tx
      .selectFrom('actions')
      .select('id')
      .where('name', '=', facts.name)
      .where('id', '!=', id)
      .executeTakeFirst()
    if (twin) return invalid(nameTaken(facts))
    const columns = columnsOf(facts)
    const changes = changesOf(action, columns)
    if (Object.keys(changes).length === 0) return ok(id)
    await tx.updateTable('actions').set(columns).where('id', '=', id).execute()
    await record(tx, deps.clock, actor, 'action changed', { type: 'action', id }, changes)
    return ok(id)
  })
}

/** A withdrawn action is offered nowhere; what is queued for it fails when it is picked up. */
export async function setActionStatus(
  deps: Deps,
  actor: Actor,
  id: string,
  status: 'ACTIVE' | 'WITHDRAWN',
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const action = await tx.selectFrom('actions').select('id').where('id', '=', id).executeTakeFirst()
    if (!action) return notFound()
    const { numUpdatedRows } = await tx
      .updateTable('actions')
      .set({ status })
      .where('id', '=', id)
      .where('status', '!=', status)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return conflict(`This action is ${status} already. Nothing was changed.`)
    const verb = status === 'ACTIVE' ? 'action offered again' : 'action withdrawn'
    await record(tx, deps.clock, actor, verb, { type: 'action', id })
    return ok(id)
  })
}

const nameTaken = (facts: ActionFacts) => ({
  name: `There is another action called ${facts.name}. Choose another name.`,
})

const columnsOf = (facts: ActionFacts) => ({
  ...facts,
  aliases: JSON.stringify(facts.aliases),
  products: JSON.stringify(facts.products),
  fields: JSON.stringify(facts.fields),
})
