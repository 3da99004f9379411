import { sql } from 'kysely'
import type { DbOrTx } from '../deps.ts'
import { type Actor, isOperator } from '../policy.ts'
import { lowerContains } from './conditions.ts'
import { findCustomer } from './customer-queries.ts'
import { type LoginFound, lookUpLogin } from './new-access.ts'

export interface Customer {
  id: string
  name: string
}

/** What New Access makes of what was typed, before anything is saved. */
export interface Understood {
  /** The customer access is given to; null: not known yet. */
  customer: Customer | null
  /** What is wrong with the customer typed. */
  wrongCustomer: string | null
  /** Whose Login ID it is; null: nothing typed, or no customer to ask about. */
  found: LoginFound | null
}

export async function understandNewAccess(
  db: DbOrTx,
  actor: Actor,
  typed: Readonly<Record<string, string>>,
): Promise<Understood> {
  const looked = isOperator(actor)
    ? await customerTyped(db, typed.customer_id ?? '')
    : { customer: await managedBy(db, actor), wrongCustomer: null }
  const loginId = (typed.login_id ?? '').trim()
  const found =
    loginId !== '' && looked.customer ? await lookUpLogin(db, actor, loginId, looked.customer.id) : null
  return { ...looked, found }
}

async function managedBy(db: DbOrTx, actor: Actor): Promise<Customer | null> {
  const customer =
    actor.managingCustomerId === null ? undefined : await findCustomer(db, actor.managingCustomerId)
  return customer ? { id: customer.id, name: customer.name } : null
}

/** An id, a name, or an unambiguous beginning of either, in any case. */
async function customerTyped(db: DbOrTx, typed: string): Promise<Omit<Understood, 'found'>> {
  const word = typed.trim()
  if (word === '') return { customer: null, wrongCustomer: 'Choose the customer the person gets access to.' }
  const rows = await customersBeginning(db, word)
  const exact =
    rows.find(row => row.id === word.toUpperCase()) ?? onlyOne(rows.filter(row => sameName(row, word)))
  const customer = exact ?? onlyOne(rows)
  if (customer) return { customer, wrongCustomer: null }
  if (rows.length === 0)
    return {
      customer: null,
      wrongCustomer: `No customer in use begins with “${word.slice(0, 40)}”. Type an id or a name, or choose one with the magnifying glass.`,
    }
  const names = rows.slice(0, 5).map(row => `${row.id} ${row.name}`)
  return {
    customer: null,
    wrongCustomer: `Several customers begin like this: ${names.join(', ')}${rows.length > 5 ? ' …' : ''}. Type more of it.`,
  }
}

const onlyOne = <T>(rows: readonly T[]): T | undefined => (rows.length === 1 ? rows[0] : undefined)
const sameName = (row: Customer, word: string) => row.name.toLowerCase() === word.toLowerCase()

const customersBeginning = (db: DbOrTx, word: string): Promise<Customer[]> => {
  const beginning = `${word.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return db
    .selectFrom('customers')
    .where('status', '=', 'ACTIVE')
    .where(
      sql<boolean>`(lower(id) like ${beginning} escape '\\' or lower(name) like ${beginning} escape '\\')`,
    )
    .orderBy('id')
    .limit(6)
    .select(['id', 'name'])
    .execute()
}

const mostRows = 200

/** What Select Value offers for the customer, and whether that is all. */
export async function customerChoices(
  db: DbOrTx,
  filter: string,
): Promise<{ rows: Customer[]; more: boolean }> {
  const found = await db
    .selectFrom('customers')
    .where('status', '=', 'ACTIVE')
    .where(eb =>
      filter.trim() === ''
        ? eb.lit(true)
        : eb.or([lowerContains('customers.id', filter), lowerContains('customers.name', filter)]),
    )
    .orderBy('id')
    .limit(mostRows + 1)
    .select(['id', 'name'])
    .execute()
  return { rows: found.slice(0, mostRows), more: found.length > mostRows }
}
