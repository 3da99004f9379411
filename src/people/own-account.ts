import type { Row } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import { tellStreams } from '../auth/sessions.ts'
import type { DbOrTx, Deps } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, ok, type Result } from '../result.ts'
import { holdPerson } from './lock-persons.ts'
import { makeInactive } from './make-inactive.ts'
import { isLastManager, lastManagerWords } from './managers.ts'
import { isLastOperator, lastOperatorWords } from './operators.ts'

/** Why the portal or a customer can't do without the person; null: they can be deactivated. */
export async function whyStillNeeded(db: DbOrTx, person: Row<'persons'>): Promise<string | null> {
  if (await isLastOperator(db, person)) return lastOperatorWords('deactivated')
  return (await isLastManager(db, person)) ? lastManagerWords(person, 'deactivated') : null
}

/** Deactivates one's own account: sessions and links end at once, accesses are removed in the background. */
export async function deactivateSelf(deps: Deps, actor: Actor): Promise<Result<void>> {
  const result = await deps.db.transaction().execute(async tx => {
    const held = await holdPerson(tx, deps, actor, actor.id)
    if (!held.ok) return held
    const { person, subject, actor: present } = held.value
    if (!can(present, 'person.deactivate-self', subject))
      return forbidden('You can deactivate only your own account.')
    const needed = await whyStillNeeded(tx, person)
    if (needed !== null) return conflict(needed)
    const accesses = await makeInactive(tx, deps, present, person, 'The account was deactivated.')
    await record(
      tx,
      deps.clock,
      present,
      'person deactivated',
      { type: 'person', id: person.id },
      { accesses: accesses ?? 0, by: 'themselves' },
    )
    return ok(undefined)
  })
  tellStreams(deps, actor.id)
  deps.wake()
  return result
}
