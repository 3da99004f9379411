import type { Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'

type Manager = Pick<Row<'persons'>, 'id' | 'role' | 'status' | 'managing_customer_id'>

/** Whether the customer would have no active manager without this person. Its managers are held (`holdPerson`). */
export async function isLastManager(tx: DbOrTx, person: Manager): Promise<boolean> {
  const customer = person.managing_customer_id
  if (person.role !== 'MANAGER' || person.status !== 'ACTIVE' || customer === null) return false
  const other = await tx
    .selectFrom('persons')
    .select('id')
    .where('role', '=', 'MANAGER')
    .where('status', '=', 'ACTIVE')
    .where('managing_customer_id', '=', customer)
    .where('id', '!=', person.id)
    .limit(1)
    .executeTakeFirst()
  return other === undefined
}

export const lastManagerWords = (person: Pick<Manager, 'managing_customer_id'>, what: string) =>
  `This is the last manager of customer ${person.managing_customer_id} and can’t be ${what}: nobody could decide its access requests any more. Make another person a manager first, or ask an operator.`
