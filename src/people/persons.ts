import type { Role, Row } from '../../db/schema.ts'
import { changesOf } from '../audit/changes.ts'
import { record } from '../audit/record.ts'
import { issueLink, revokeLinks } from '../auth/links.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { type FieldErrors, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { loginIdProblem, loginKey } from './login-id.ts'
import { isLastOperator, lastOperatorWords } from './operators.ts'
import { customerAccessList, findPerson, openAccesses, personSearchText } from './queries.ts'
import { revokeAccesses } from './revoke-accesses.ts'

/** What operators set of a person. */
export interface PersonFacts {
  login_id: string
  first_name: string
  last_name: string
  display_name: string
  primary_email: string
  role: Role
  managing_customer_id: string | null
  /** The Customer Access List. */
  customers: readonly string[]
}

const onlyOperators = 'Only operators set up persons here.'

/** A new person, PENDING CREATE until they have used the link of the mail that goes out with it. */
export async function createPerson(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: PersonFacts,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async tx => {
    const wrong = wrongLoginId(facts.login_id) ?? (await wrongFacts(tx, facts))
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
    await issueLink(tx, deps, id, 'first-sign-in')
    return ok(id)
  })
  deps.wake()
  return result
}

/**
 * Changes a person. Customers taken from the list take the accesses under them along, which the caller has
 * announced beforehand (see `accessesLostBy`).
 */
export async function changePerson(
  deps: Deps,
  actor: Actor,
  id: string,
  facts: PersonFacts,
): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async tx => {
    const person = await findPerson(tx, id)
    if (!person) return notFound()
    const newLogin = facts.login_id !== person.login_id
    const wrong =
      (newLogin ? wrongLoginId(facts.login_id) : null) ??
      (await wrongFacts(tx, facts)) ??
      (await wrongLogin(tx, id, facts.login_id))
    if (wrong) return invalid(wrong)
    if (facts.role !== 'OPERATOR' && (await isLastOperator(tx, person)))
      return invalid({ role: lastOperatorWords('given another Role') })
    const { customers, ...own } = facts
    const before = (await customerAccessList(tx, id)).map(customer => customer.id)
    const changes = changesOf({ ...person, customers: before }, { ...own, customers: [...customers].sort() })
    if (Object.keys(changes).length === 0) return ok(id)
    await tx
      .updateTable('persons')
      .set({ ...own, login_key: loginKey(own.login_id), search_text: personSearchText({ id, ...own }) })
      .where('id', '=', id)
      .execute()
    const removed = before.filter(customer => !customers.includes(customer))
    await revokeAccesses(tx, deps, actor, await accessesUnder(tx, id, removed))
    await removeCustomers(tx, id, removed)
    await addCustomers(
      tx,
      deps,
      id,
      customers.filter(customer => !before.includes(customer)),
    )
    if (facts.primary_email !== person.primary_email) await readdressLinks(tx, deps, person)
    await record(tx, deps.clock, actor, 'person changed', { type: 'person', id }, changes)
    return ok(id)
  })
  deps.wake()
  return result
}

/** Links that went to the old address open nothing any more; who has not signed in yet gets a new one. */
async function readdressLinks(tx: Tx, deps: Deps, person: Pick<Row<'persons'>, 'id' | 'status'>) {
  await revokeLinks(tx, deps, person.id)
  if (person.status === 'PENDING CREATE') await issueLink(tx, deps, person.id, 'first-sign-in')
}

function wrongLoginId(loginId: string): FieldErrors | null {
  const login_id = loginIdProblem(loginId)
  return login_id === null ? null : { login_id }
}

/** Open accesses that saving these customers would revoke; asked before, to say so. */
export async function accessesLostBy(deps: Deps, id: string, customers: readonly string[]) {
  const before = await customerAccessList(deps.db, id)
  const removed = before.map(customer => customer.id).filter(customer => !customers.includes(customer))
  return accessesUnder(deps.db, id, removed)
}

const accessesUnder = async (db: Deps['db'] | Tx, id: string, customers: readonly string[]) =>
  customers.length === 0 ? [] : openAccesses(db, id, customers)

/** The rules that bind role, managing customer and Customer Access List together. */
async function wrongFacts(tx: Tx, facts: PersonFacts): Promise<FieldErrors | null> {
  const { role, customers, managing_customer_id: managing } = facts
  if (role === 'OPERATOR') {
    if (customers.length > 0)
      return {
        customers:
          'An operator has no Customer Access List: operators see every customer. Empty it, or choose another Role.',
      }
    if (managing !== null) return { managing_customer_id: onlyManagers }
    return null
  }
  if (customers.length === 0)
    return { customers: `A person with the Role ${role} needs at least one customer, or they see nothing.` }
  const unknown = await unknownCustomers(tx, customers)
  if (unknown.length > 0)
    return {
      customers: `There is no customer ${unknown.join(', ')}. Type the id of one, such as 10000.`,
    }
  if (role === 'STD_USER') return managing === null ? null : { managing_customer_id: onlyManagers }
  if (managing === null)
    return { managing_customer_id: 'A manager manages exactly one customer. Choose which one.' }
  if (!customers.includes(managing))
    return {
      managing_customer_id: `${managing} is not in the Customer Access List. Add it there, or choose one that is.`,
    }
  return null
}

const onlyManagers =
  'Only a person with the Role MANAGER manages a customer. Leave this empty, or choose MANAGER.'

async function unknownCustomers(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const found = await tx
    .selectFrom('customers')
    .select('id')
    .where('id', 'in', [...ids])
    .execute()
  return ids.filter(id => !found.some(customer => customer.id === id))
}

async function takenWords(tx: Tx, id: string, facts: PersonFacts): Promise<FieldErrors> {
  const login = await wrongLogin(tx, id, facts.login_id)
  return login ?? { id: `There is a person ${id} already. Choose another code, or open that one.` }
}

async function wrongLogin(tx: Tx, id: string, loginId: string): Promise<FieldErrors | null> {
  const other = await tx
    .selectFrom('persons')
    .select('id')
    .where('login_key', '=', loginKey(loginId))
    .where('id', '!=', id)
    .executeTakeFirst()
  return other
    ? { login_id: `${other.id} has this Login ID already. Choose another one, or open ${other.id}.` }
    : null
}

async function addCustomers(tx: Tx, deps: Deps, personId: string, customers: readonly string[]) {
  if (customers.length === 0) return
  const created_at = nowInstant(deps.clock)
  await tx
    .insertInto('customer_access')
    .values(customers.map(customer_id => ({ person_id: personId, customer_id, created_at })))
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

async function removeCustomers(tx: Tx, personId: string, customers: readonly string[]) {
  if (customers.length === 0) return
  await tx
    .deleteFrom('customer_access')
    .where('person_id', '=', personId)
    .where('customer_id', 'in', [...customers])
    .execute()
}
