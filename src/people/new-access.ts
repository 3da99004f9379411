import { record } from '../audit/record.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { type FieldErrors, invalid, ok, type Result } from '../result.ts'
import { enqueueActivation } from './activate-person.ts'
import { emailProblem } from './email-change.ts'
import { customerToGive, isListed, listCustomer, personOfLogin, unusableWords } from './give-customer.ts'
import { lockPersons } from './lock-persons.ts'
import { loginIdProblem, loginKey } from './login-id.ts'
import { nameErrors } from './name-errors.ts'
import { freeCode } from './person-code.ts'
import { personSearchText } from './queries.ts'

/** What New Access finds out about a Login ID before anything is saved. */
export type LoginFound =
  | { kind: 'free' }
  | { kind: 'exists'; personId: string; displayName: string; inactive: boolean }
  /** Has this customer already. */
  | { kind: 'listed'; personId: string }
  /** The words are the same whatever the reason: operators are no persons to managers. */
  | { kind: 'unusable'; words: string }

export interface NewPersonFacts {
  login_id: string
  first_name: string
  last_name: string
  primary_email: string
  role: 'STD_USER' | 'MANAGER'
  /** A manager's is always the one they manage. */
  customer_id: string
}

/** Whether a Login ID is free for a new person, or whose it is. Changes nothing. */
export async function lookUpLogin(
  db: DbOrTx,
  actor: Actor,
  loginId: string,
  customerId: string,
): Promise<LoginFound> {
  const unusable = { kind: 'unusable', words: unusableWords } as const
  if (!can(actor, 'person.create')) return unusable
  const person = await personOfLogin(db, loginId)
  if (!person) return loginIdProblem(loginId) === null ? { kind: 'free' } : unusable
  if (person.role === 'OPERATOR') return unusable
  const inactive = person.status === 'INACTIVE'
  if (!inactive && (await isListed(db, person.id, customerId))) return { kind: 'listed', personId: person.id }
  return { kind: 'exists', personId: person.id, displayName: person.display_name, inactive }
}

/**
 * A new person, PENDING CREATE until a worker has made them ACTIVE and mailed them a sign-in link. The customer is in
 * their Customer Access List from the start; a MANAGER manages it.
 */
export async function createByManager(
  deps: Deps,
  actor: Actor,
  facts: NewPersonFacts,
): Promise<Result<{ id: string }>> {
  const result = await deps.db.transaction().execute(async tx => {
    await lockPersons(tx, deps, [actor.id])
    const allowed = await customerToGive(tx, actor, facts.customer_id)
    if (!allowed.ok) return allowed
    const { customerId, present } = allowed.value
    const wrong = wrongFacts(facts) ?? (await takenLogin(tx, facts.login_id, customerId))
    if (wrong) return invalid(wrong)
    const id = await addPerson(tx, deps, facts, customerId)
    if (id === null) return invalid((await takenLogin(tx, facts.login_id, customerId)) ?? tryAgain)
    await record(
      tx,
      deps.clock,
      present,
      'person created',
      { type: 'person', id, customerId },
      { ...facts, customer_id: customerId },
    )
    await enqueueActivation(tx, deps, id)
    return ok({ id })
  })
  deps.wake()
  return result
}

const tryAgain = { '': 'Several persons were added at the same moment. Save once more.' }

const wrongFacts = (facts: NewPersonFacts): FieldErrors | null => {
  const login_id = loginIdProblem(facts.login_id)
  const primary_email = emailProblem(facts.primary_email)
  const errors = {
    ...nameErrors(facts),
    ...(login_id !== null && { login_id }),
    ...(primary_email !== null && { primary_email }),
  }
  return Object.keys(errors).length > 0 ? errors : null
}

/** Null also when somebody took the code at this very moment, several times over. */
async function addPerson(tx: Tx, deps: Deps, facts: NewPersonFacts, customerId: string) {
  const { customer_id: _, login_id, ...own } = facts
  const now = nowInstant(deps.clock)
  for (let tries = 0; tries < 5; tries++) {
    const id = await freeCode(tx, login_id)
    const person = {
      id,
      ...own,
      login_id: login_id.trim(),
      display_name: `${own.first_name} ${own.last_name}`,
    }
    const added = await tx
      .insertInto('persons')
      .values({
        ...person,
        login_key: loginKey(login_id),
        search_text: personSearchText(person),
        status: 'PENDING CREATE',
        managing_customer_id: own.role === 'MANAGER' ? customerId : null,
        created_at: now,
      })
      .onConflict(conflict => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added) {
      await listCustomer(tx, deps, id, customerId)
      return id
    }
    if (await personOfLogin(tx, login_id)) return null
  }
  return null
}

async function takenLogin(tx: Tx, loginId: string, customerId: string): Promise<FieldErrors | null> {
  const person = await personOfLogin(tx, loginId)
  if (!person) return null
  if (person.role === 'OPERATOR') return { login_id: unusableWords }
  if (person.status !== 'INACTIVE' && (await isListed(tx, person.id, customerId)))
    return { login_id: `${person.login_id} has access to customer ${customerId} already: ${person.id}.` }
  return {
    login_id: `User ${person.login_id} exists. Grant user access to customer ${customerId} instead of creating a new one.`,
  }
}

export { grantCustomer } from './grant-customer.ts'
