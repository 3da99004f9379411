import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { type FieldErrors, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { findCustomer } from './customer-queries.ts'

export interface CustomerFacts {
  name: string
  parent_id: string | null
  status: 'ACTIVE' | 'INACTIVE'
}

const operatorsOnly = 'Only operators set up customers.'

export async function createCustomer(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: CustomerFacts,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(operatorsOnly)
  return deps.db.transaction().execute(async tx => {
    const wrongParent = await wrongParentOf(tx, id, facts.parent_id)
    if (wrongParent) return invalid({ parent_id: wrongParent })
    const added = await tx
      .insertInto('customers')
      .values({ id, ...facts, created_at: nowInstant(deps.clock) })
      .onConflict(conflict => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added)
      return invalid({ id: `There is a customer ${id} already. Choose another id, or open that one.` })
    await record(
      tx,
      deps.clock,
      actor,
      'customer created',
      { type: 'customer', id, customerId: id },
      { ...facts },
    )
    return ok(id)
  })
}

export async function changeCustomer(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: CustomerFacts,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(operatorsOnly)
  return deps.db.transaction().execute(async tx => {
    const seen = await findCustomer(tx, id)
    if (!seen) return notFound()
    const wrong = await wrongChange(tx, id, facts)
    if (wrong) return invalid(wrong)
    const changes = changesOf(seen, facts)
    if (Object.keys(changes).length === 0) return ok(id)
    await tx.updateTable('customers').set(facts).where('id', '=', id).execute()
    await record(tx, deps.clock, actor, 'customer changed', { type: 'customer', id, customerId: id }, changes)
    return ok(id)
  })
}

async function wrongChange(tx: Tx, id: string, facts: CustomerFacts): Promise<FieldErrors | null> {
  const parent_id = await wrongParentOf(tx, id, facts.parent_id)
  if (parent_id) return { parent_id }
  if (facts.status === 'ACTIVE') return null
  const assets = await tx
    .selectFrom('assets')
    .select('id')
    .where('customer_id', '=', id)
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .limit(4)
    .execute()
  if (assets.length === 0) return null
  const names = assets.slice(0, 3).map(asset => asset.id)
  return {
    status: `Customer ${id} still has assets in use (${names.join(', ')}${assets.length > 3 ? ' …' : ''}). Retire them first.`,
  }
}

/** A parent exists, and no customer stands above itself. */
async function wrongParentOf(tx: Tx, id: string, parentId: string | null): Promise<string | null> {
  let above = parentId
  for (const passed = new Set([id]); above !== null; ) {
    if (passed.has(above))
      return above === parentId && above === id
        ? `A customer can’t be its own parent.`
        : `${parentId} stands below ${id} already, so it can’t be its parent as well.`
    passed.add(above)
    const parent = await findCustomer(tx, above)
    if (!parent) return `There is no customer ${above}. Type the id of one, or leave this empty.`
    above = parent.parent_id
  }
  return null
}
