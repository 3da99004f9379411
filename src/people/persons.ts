import type { Row } from '../../db/schema.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { tellStreams } from '../auth/sessions.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, invalid, ok, type Result } from '../result.ts'
import { enqueueActivation } from './activate-person.ts'
import { askForEmailChange, whyNoEmailChange } from './email-change.ts'
import { changedMeanwhile, type HeldPerson, holdPerson } from './lock-persons.ts'
import { loginKey } from './login-id.ts'
import { isLastOperator, lastOperatorWords } from './operators.ts'
import { type PersonFacts, takenWords, wrongFacts, wrongLogin, wrongLoginId } from './person-facts.ts'
import { openAccesses, personSearchText } from './queries.ts'
import { recordRoleChange } from './record-role-change.ts'
import { removeCustomers } from './remove-customers.ts'

export type { PersonFacts } from './person-facts.ts'

const onlyOperators = 'Only operators set up persons here.'

/** A new person, PENDING CREATE until a worker has made them ACTIVE and mailed them a sign-in link. */
export async function createPerson(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: PersonFacts,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async tx => {
    const wrong = wrongLoginId(facts.login_id) ?? (await wrongFacts(tx, facts, facts.customers))
    if (wrong) return invalid(wrong)
    const { customers, ...own } = facts
    const added = await tx
      .insertInto('persons')
      .values({
        id,
        ...own,
        login_key: loginKey(own.login_id),
        search_text: personSearchText({ id, ...own }),
        status: 'PENDING CREATE',
        created_at: nowInstant(deps.clock),
      })
      .onConflict(conflict => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added) return invalid(await takenWords(tx, id, facts))
    await addCustomers(tx, deps, id, customers)
    await record(tx, deps.clock, actor, 'person created', { type: 'person', id }, { ...facts })
    await enqueueActivation(tx, deps, id)
    return ok(id)
  })
  deps.wake()
  return result
}

/** A change by an operator. */
export interface PersonEdit extends Omit<PersonFacts, 'customers'> {
  /** As it was drawn; a person changed since then is left as they are. */
  version?: number | undefined
  /** null: the Customer Access List stays as it is. */
  customers: readonly string[] | null
}

export interface EditedPerson {
  id: string
  /** A Primary Email that was asked for and waits for its confirmation. */
  pendingEmail: string | null
}

/**
 * Changes a person. Customers taken from the list take the accesses under them along, which the caller has
 * announced beforehand (see `accessesLostBy`).
 */
export async function changePerson(
  deps: Deps,
  actor: Actor,
  id: string,
  edit: PersonEdit,
): Promise<Result<EditedPerson>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async tx => {
    const held = await holdPerson(tx, deps, actor, id)
    if (!held.ok) return held
    const { person, subject, actor: present } = held.value
    if (!can(present, 'administration.use')) return forbidden(onlyOperators)
    if (edit.version !== undefined && edit.version !== person.version)
      return conflict(changedMeanwhile(person))
    const wrong = await wrongEdit(tx, held.value, edit)
    return wrong
      ? invalid(wrong)
      : ok({ id, pendingEmail: await apply(tx, deps, present, person, subject.customers, edit) })
  })
  tellStreams(deps, id)
  deps.wake()
  return result
}

async function wrongEdit(tx: Tx, { person, subject }: HeldPerson, edit: PersonEdit) {
  const emailBlocked = edit.primary_email === person.primary_email ? null : whyNoEmailChange(person)
  if (emailBlocked) return { primary_email: emailBlocked }
  if (edit.role !== 'OPERATOR' && (await isLastOperator(tx, person)))
    return { role: lastOperatorWords('given another Role') }
  return (
    (edit.login_id === person.login_id ? null : wrongLoginId(edit.login_id)) ??
    (await wrongFacts(tx, edit, edit.customers ?? subject.customers, person.status)) ??
    (await wrongLogin(tx, person.id, edit.login_id))
  )
}

async function apply(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  person: Row<'persons'>,
  before: readonly string[],
  { customers, version: _, primary_email, ...own }: PersonEdit,
): Promise<string | null> {
  const after = customers ?? before
  const { role: _role, managing_customer_id: _managing, ...named } = own
  const changes = changesOf({ ...person, customers: before }, { ...named, customers: [...after].sort() })
  const sameRole = person.role === own.role && person.managing_customer_id === own.managing_customer_id
  const newEmail = primary_email !== person.primary_email
  if (Object.keys(changes).length === 0 && sameRole && !newEmail) return null
  await tx
    .updateTable('persons')
    .set({
      ...own,
      login_key: loginKey(own.login_id),
      search_text: personSearchText({ ...person, ...own }),
      version: person.version + 1,
    })
    .where('id', '=', person.id)
    .execute()
  const added = after.filter(customer => !before.includes(customer))
  const removed = before.filter(customer => !after.includes(customer))
  await removeCustomers(tx, deps, actor, person, removed)
  await addCustomers(tx, deps, person.id, added)
  if (Object.keys(changes).length > 0)
    await record(tx, deps.clock, actor, 'person changed', { type: 'person', id: person.id }, changes)
  await recordRoleChange(tx, deps, actor, person, own)
  return newEmail ? askForEmailChange(tx, deps, actor, { ...person, ...own }, primary_email) : null
}

/** Open accesses that saving these customers would revoke; asked before, to say so. */
export async function accessesLostBy(deps: Deps, id: string, customers: readonly string[]) {
  const open = await openAccesses(deps.db, id)
  return open.filter(access => !customers.includes(access.customer_id))
}

async function addCustomers(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  personId: string,
  customers: readonly string[],
) {
  if (customers.length === 0) return
  const created_at = nowInstant(deps.clock)
  await tx
    .insertInto('customer_access')
    .values(customers.map(customer_id => ({ person_id: personId, customer_id, created_at })))
    .onConflict(conflict => conflict.doNothing())
    .execute()
}
