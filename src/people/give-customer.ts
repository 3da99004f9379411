import type { Row } from '../../db/schema.ts'
import { nowInstant } from '../clock.ts'
import type { DbOrTx, Deps, Tx } from '../deps.ts'
import { type Actor, can, isOperator } from '../policy.ts'
import { forbidden, invalid, ok, type Result } from '../result.ts'
import { findCustomer } from './customer-queries.ts'
import { presentActor } from './lock-persons.ts'
import { loginKey } from './login-id.ts'

export const unusableWords =
  'This Login ID can’t be used here. A Login ID is an e-mail address in ordinary letters and without spaces. If it is right, ask an operator to add the person.'
const onlyManagers = 'Only managers and operators add persons.'

/** Who acts as they are now, and the customer they may give: a manager the one they manage, an operator any in use. */
export async function customerToGive(
  tx: Tx,
  actor: Actor,
  asked: string,
): Promise<Result<{ present: Actor; customerId: string }>> {
  const present = await presentActor(tx, actor)
  if (!present || !can(present, 'person.create')) return forbidden(onlyManagers)
  const customerId = isOperator(present) ? asked.trim().toUpperCase() : present.managingCustomerId
  if (customerId === null) return forbidden(onlyManagers)
  if (!isOperator(present) && asked !== '' && asked !== customerId)
    return forbidden(`You manage customer ${customerId}, so you can give access to no other one.`)
  const customer = await findCustomer(tx, customerId)
  if (customer?.status === 'ACTIVE') return ok({ present, customerId })
  return invalid({
    customer_id: customer
      ? `Customer ${customerId} is INACTIVE. Make it ACTIVE first, or choose another one.`
      : `There is no customer ${customerId.slice(0, 20)}. Type the id of one, such as 10000.`,
  })
}

/** One more row of a Customer Access List. False: it was there. */
export async function listCustomer(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  personId: string,
  customerId: string,
): Promise<boolean> {
  const added = await tx
    .insertInto('customer_access')
    .values({ person_id: personId, customer_id: customerId, created_at: nowInstant(clock) })
    .onConflict(conflict => conflict.doNothing())
    .returning('customer_id')
    .executeTakeFirst()
  return added !== undefined
}

export const personOfLogin = (db: DbOrTx, loginId: string): Promise<Row<'persons'> | undefined> =>
  db.selectFrom('persons').selectAll().where('login_key', '=', loginKey(loginId)).executeTakeFirst()

/** As people name somebody in a form: Login ID or code. */
export const personNamed = (db: DbOrTx, text: string): Promise<Row<'persons'> | undefined> =>
  db
    .selectFrom('persons')
    .selectAll()
    .where(eb => eb.or([eb('login_key', '=', loginKey(text)), eb('id', '=', text.trim().toUpperCase())]))
    .executeTakeFirst()

export const isListed = async (db: DbOrTx, personId: string, customerId: string) =>
  (await db
    .selectFrom('customer_access')
    .select('customer_id')
    .where('person_id', '=', personId)
    .where('customer_id', '=', customerId)
    .executeTakeFirst()) !== undefined
