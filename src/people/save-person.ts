import type { Row } from '../../db/schema.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { tellStreams } from '../auth/sessions.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Actor } from '../policy.ts'
import { conflict, ok, type Result } from '../result.ts'
import { askForEmailChange } from './email-change.ts'
import { changedMeanwhile, type HeldPerson, holdPerson } from './lock-persons.ts'
import { makeInactive } from './make-inactive.ts'
import { type PersonChange, type PersonPlan, planChange } from './person-plan.ts'
import { personSearchText } from './queries.ts'
import { recordRoleChange } from './record-role-change.ts'
import { removalWords, removeCustomers } from './remove-customers.ts'

export type { PersonChange } from './person-plan.ts'

export interface SavedPerson {
  id: string
  /** False: nothing was different. */
  changed: boolean
  /** The last customer went: the person is INACTIVE. */
  becameInactive: boolean
  /** A Primary Email that was asked for and waits for its confirmation. */
  pendingEmail: string | null
  /** How many accesses are being removed. */
  accessesEnded: number
}

/** Saves Person Information: names, address, role and deleted rows of the Customer Access List, all or none. */
export async function savePerson(
  deps: Deps,
  actor: Actor,
  id: string,
  change: PersonChange,
): Promise<Result<SavedPerson>> {
  const result = await deps.db.transaction().execute(async tx => {
    const held = await holdPerson(tx, deps, actor, id)
    if (!held.ok) return held
    if (held.value.person.version !== change.version) return conflict(changedMeanwhile(held.value.person))
    const plan = await planChange(tx, deps, held.value, change)
    return plan.ok ? ok(await apply(tx, deps, held.value, plan.value)) : plan
  })
  if (result.ok && result.value.changed) tellStreams(deps, id)
  deps.wake()
  return result
}

async function apply(tx: Tx, deps: Deps, held: HeldPerson, plan: PersonPlan): Promise<SavedPerson> {
  const { actor, person } = held
  const changed = await changeOwn(tx, deps, held, plan)
  const removal = await endCustomers(tx, deps, held, plan.removed)
  await recordRoleChange(tx, deps, actor, person, plan)
  const pendingEmail =
    plan.email === null
      ? null
      : await askForEmailChange(tx, deps, actor, { ...person, ...plan.names }, plan.email)
  return {
    id: person.id,
    changed: changed || plan.removed.length > 0 || plan.email !== null,
    pendingEmail,
    ...removal,
  }
}

/** Names and role. The version grows with whatever is saved. */
async function changeOwn(
  tx: Tx,
  deps: Deps,
  { actor, person }: HeldPerson,
  plan: PersonPlan,
): Promise<boolean> {
  const { names, role, managing_customer_id } = plan
  const changes = changesOf(namesOf(person), names)
  const newRole = role !== person.role || managing_customer_id !== person.managing_customer_id
  const renamed = Object.keys(changes).length > 0
  if (!renamed && !newRole && plan.removed.length === 0 && plan.email === null) return false
  await tx
    .updateTable('persons')
    .set({
      ...names,
      role,
      managing_customer_id,
      search_text: personSearchText({ ...person, ...names }),
      version: person.version + 1,
    })
    .where('id', '=', person.id)
    .execute()
  if (renamed) await record(tx, deps.clock, actor, 'person changed', personOf(actor, person), changes)
  return renamed || newRole
}

/** A manager's change stands in what their customer sees of the history. */
const personOf = (actor: Actor, { id }: Row<'persons'>) =>
  ({ type: 'person', id, customerId: actor.managingCustomerId }) as const

const namesOf = ({ first_name, last_name, display_name }: Row<'persons'>) => ({
  first_name,
  last_name,
  display_name,
})

/** Customers take the accesses under them along; with the last one the person is INACTIVE. */
async function endCustomers(
  tx: Tx,
  deps: Deps,
  { actor, person, subject }: HeldPerson,
  removed: readonly string[],
): Promise<Pick<SavedPerson, 'becameInactive' | 'accessesEnded'>> {
  const ended = await removeCustomers(tx, deps, actor, person, removed)
  const stays = { becameInactive: false, accessesEnded: ended }
  if (removed.length === 0 || subject.customers.length > removed.length) return stays
  const others = await makeInactive(tx, deps, actor, person, removalWords(actor, removed))
  if (others === undefined) return stays
  const detail = { why: 'No customer is left.', accesses: ended + others }
  await record(tx, deps.clock, actor, 'person deactivated', { type: 'person', id: person.id }, detail)
  return { becameInactive: true, accessesEnded: ended + others }
}
