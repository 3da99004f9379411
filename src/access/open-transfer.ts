import { sql } from 'kysely'
import type { DbOrTx } from '../deps.ts'
import { openStatuses } from './access-states.ts'

/** To whom a service account is on its way. */
export interface OpenTransfer {
  /** Of the request. */
  id: number
  person_id: string
  display_name: string
  /** It waits for its decision, and can be withdrawn. */
  undecided: boolean
}

/** undefined: no transfer of this access's account waits for its decision or its work. */
export async function openTransfer(db: DbOrTx, accessId: number): Promise<OpenTransfer | undefined> {
  const found = await db
    .selectFrom('accesses')
    .innerJoin('persons', 'persons.id', 'accesses.person_id')
    .where('accesses.transfer_of', '=', accessId)
    .where('accesses.status', 'in', [...openStatuses])
    .select(['accesses.id', 'accesses.person_id', 'accesses.decision', 'persons.display_name'])
    .executeTakeFirst()
  if (!found) return undefined
  const { decision, ...transfer } = found
  return { ...transfer, undecided: decision === null }
}

export const openTransferWords = ({ display_name, undecided }: OpenTransfer) =>
  `A transfer to ${display_name} has been asked for, and ${undecided ? 'waits for its decision' : 'is under way'}.`

const open = sql.join(openStatuses.map(status => sql.lit(status)))

/** The name of whom its account is on its way to; null: nobody. For queries that select from `accesses`. */
export const transferTo = sql<string | null>`(select persons.display_name from accesses as transfers
  join persons on persons.id = transfers.person_id
  where transfers.transfer_of = accesses.id and transfers.status in (${open}))`
