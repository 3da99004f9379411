import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { loginKey } from './login-id.ts'
import { personSearchText } from './queries.ts'

/** What the first operator says of themselves. */
export interface FirstOperator {
  login_id: string
  first_name: string
  last_name: string
}

export const hasPersons = async (tx: Tx): Promise<boolean> =>
  (await tx.selectFrom('persons').select('id').limit(1).executeTakeFirst()) !== undefined

/** The person who sets up everything else: the only one nobody has added. */
export async function addFirstOperator(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  facts: FirstOperator,
  passwordHash: string,
) {
  const now = nowInstant(deps.clock)
  const person = {
    ...facts,
    id: 'OPERATOR01',
    display_name: `${facts.first_name} ${facts.last_name}`,
    primary_email: facts.login_id,
  }
  await tx
    .insertInto('persons')
    .values({
      ...person,
      login_key: loginKey(facts.login_id),
      role: 'OPERATOR',
      status: 'ACTIVE',
      password_hash: passwordHash,
      password_changed_at: now,
      search_text: personSearchText(person),
      created_at: now,
    })
    .execute()
  return { id: person.id, role: 'OPERATOR' } as const
}
