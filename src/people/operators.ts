import type { Row } from '../../db/schema.ts'
import type { Tx } from '../deps.ts'

/**
 * Whether nobody but this person could operate the portal. All operators' rows are locked first: of two operators
 * who take each other out at the same time, the second one finds the first one gone.
 */
export async function isLastOperator(tx: Tx, person: Pick<Row<'persons'>, 'id' | 'role' | 'status'>) {
  if (person.role !== 'OPERATOR' || person.status !== 'ACTIVE') return false
  await tx
    .updateTable('persons')
    .set(eb => ({ status: eb.ref('status') }))
    .where('role', '=', 'OPERATOR')
    .execute()
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

export const lastOperatorWords = (what: string) =>
  `This is the last active operator and can’t be ${what}: nobody could administer the portal any more. Make another person an operator first.`
