import type { Deps, Tx } from '../deps.ts'
import type { Access } from './change-access.ts'

type Needed = Pick<Deps, 'engine'>

/** An access and its person, with others who have a part in it, as they are now until the end of the transaction. */
export async function lockAccess(
  tx: Tx,
  deps: Needed,
  id: number,
  others: readonly string[] = [],
): Promise<Access | undefined> {
  const access = await tx.selectFrom('accesses').selectAll().where('id', '=', id).executeTakeFirst()
  if (!access || deps.engine !== 'postgres') return access
  // A row that is mentioned by a new one, such as a mail's, must not be waited for: hence no key.
  await tx
    .selectFrom('persons')
    .select('id')
    .where('id', 'in', [access.person_id, ...others])
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  const [locked] = await lockAccesses(tx, deps, [id])
  return locked
}

/** Accesses as they are now, locked in one order, whatever was seen of them before. */
export async function lockAccesses(tx: Tx, { engine }: Needed, ids: readonly number[]): Promise<Access[]> {
  if (ids.length === 0) return []
  const query = tx
    .selectFrom('accesses')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('id')
  return (engine === 'postgres' ? query.forNoKeyUpdate() : query).execute()
}
