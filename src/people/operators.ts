import type { Row } from '../../db/schema.ts'
import type { Tx } from '../deps.ts'

/**
 * Whether nobody but this person could operate the portal. All operators' rows are locked first: of two operators
 * who take each other out at the same time, the second one finds the first one gone.
 */
export async function isLastOperator(tx: Tx, person: Pick<Row<'persons'>, 'id' | 'role' | 'status'>) {
  if (person.role !== 'OPERATOR' || person.status !== 'ACTIVE') return false
  await lockOperators(tx)
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

/** One by one in one order: a statement over all of them takes them in any, and two such block each other. */
async function lockOperators(tx: Tx) {
  const operators = tx.selectFrom('persons').select('id').where('role', '=', 'OPERATOR').orderBy('id')
  for (const { id } of await operators.execute())
    await tx
      .updateTable('persons')
      .set(eb => ({ status: eb.ref('status') }))
      .where('id', '=', id)
      .execute()
}

export const lastOperatorWords = (what: string) =>
  `This is the last active operator and can’t be ${what}: nobody could administer the portal any more. Make another person an operator first.`
