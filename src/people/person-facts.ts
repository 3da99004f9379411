import type { PersonStatus, Role } from '../../db/schema.ts'
import type { Tx } from '../deps.ts'
import type { FieldErrors } from '../result.ts'
import { loginIdProblem, loginKey } from './login-id.ts'

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

export function wrongLoginId(loginId: string): FieldErrors | null {
  const login_id = loginIdProblem(loginId)
  return login_id === null ? null : { login_id }
}

/** The rules that bind role, managing customer and Customer Access List together. */
export async function wrongFacts(
  tx: Tx,
  { role, managing_customer_id: managing }: Pick<PersonFacts, 'role' | 'managing_customer_id'>,
  customers: readonly string[],
  status?: PersonStatus,
): Promise<FieldErrors | null> {
  if (role === 'OPERATOR') {
    if (customers.length > 0)
      return {
        customers:
          'An operator has no Customer Access List: operators see every customer. Empty it, or choose another Role.',
      }
    if (managing !== null) return { managing_customer_id: onlyManagers }
    return null
  }
  // Who lost the last customer is INACTIVE, and can still be looked after.
  if (customers.length === 0 && status !== 'INACTIVE')
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
  if (ids.length === 0) return []
  const found = await tx
    .selectFrom('customers')
    .select('id')
    .where('id', 'in', [...ids])
    .execute()
  return ids.filter(id => !found.some(customer => customer.id === id))
}

export async function takenWords(tx: Tx, id: string, facts: PersonFacts): Promise<FieldErrors> {
  const login = await wrongLogin(tx, id, facts.login_id)
  return login ?? { id: `There is a person ${id} already. Choose another code, or open that one.` }
}

export async function wrongLogin(tx: Tx, id: string, loginId: string): Promise<FieldErrors | null> {
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
