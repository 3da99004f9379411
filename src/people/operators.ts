import type { Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'

/** Whether nobody but this person could operate the portal. All operators are held (`holdPerson`). */
export async function isLastOperator(tx: DbOrTx, person: Pick<Row<'persons'>, 'id' | 'role' | 'status'>) {
  if (person.role !== 'OPERATOR' || person.status !== 'ACTIVE') return false
  const other = await tx
    .selectFrom('persons')
    .select('id')
    .where('role', '=', 'OPERATOR')
    .where('status', '=', 'ACTIVE')
    .where('id', '!=', person.id)
    .limit(1)
    .executeTakeFirst()
  return other === undefined
}

/** Who mails to operators go to. */
export const activeOperators = (db: DbOrTx) =>
  db
    .selectFrom('persons')
    .select(['id', 'display_name', 'primary_email', 'time_zone'])
    .where('role', '=', 'OPERATOR')
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute()

export const lastOperatorWords = (what: string) =>
  `This is the last active operator and can’t be ${what}: nobody could administer the portal any more. Make another person an operator first.`
