import type { Row } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import { issueLink, linksOfLastHour, revokeAccountLinks } from '../auth/links.ts'
import { tellStreams } from '../auth/sessions.ts'
import type { Deps, Tx } from '../deps.ts'
import { type Actor, can, isOperator } from '../policy.ts'
import { conflict, forbidden, ok, type Result } from '../result.ts'
import { holdPerson } from './lock-persons.ts'
import { makeInactive } from './make-inactive.ts'
import { isLastOperator, lastOperatorWords } from './operators.ts'

const onlyOperators = 'Only operators deactivate and reactivate persons here.'

/** The person can't sign in any more, from this moment on, and loses all accesses. */
export async function deactivatePerson(deps: Deps, actor: Actor, id: string): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async tx => {
    const held = await holdPerson(tx, deps, actor, id)
    if (!held.ok) return held
    const { person, actor: present } = held.value
    if (!can(present, 'administration.use')) return forbidden(onlyOperators)
    if (await isLastOperator(tx, person)) return conflict(lastOperatorWords('deactivated'))
    const accesses = await makeInactive(tx, deps, present, person, 'An operator deactivated the account.')
    if (accesses === undefined) return conflict(`${id} is INACTIVE already. Nothing was changed.`)
    await record(tx, deps.clock, present, 'person deactivated', { type: 'person', id }, { accesses })
    return ok(id)
  })
  tellStreams(deps, id)
  deps.wake()
  return result
}

/** ACTIVE again, with the role and the customers they had. Accesses do not come back. */
export async function reactivatePerson(deps: Deps, actor: Actor, id: string): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async tx => {
    const held = await holdPerson(tx, deps, actor, id)
    if (!held.ok) return held
    const { person, subject, actor: present } = held.value
    if (!can(present, 'administration.use')) return forbidden(onlyOperators)
    if (person.status !== 'INACTIVE') return conflict(`${id} is not INACTIVE. Nothing was changed.`)
    if (person.role !== 'OPERATOR' && subject.customers.length === 0)
      return conflict(
        `${id} has no customer any more and would see nothing. Add one to the Customer Access List and save, then reactivate.`,
      )
    await reactivate(tx, person)
    await record(tx, deps.clock, present, 'person reactivated', { type: 'person', id })
    if (person.password_hash === null) await issueLink(tx, deps, id, 'first-sign-in')
    return ok(id)
  })
  deps.wake()
  return result
}

const reactivate = (tx: Tx, person: Row<'persons'>) =>
  tx
    .updateTable('persons')
    .set({ status: 'ACTIVE', version: person.version + 1 })
    .where('id', '=', person.id)
    .execute()

/** A fresh single-use link to the address the portal has; links sent before no longer work. */
export async function sendSignInLink(deps: Deps, actor: Actor, id: string): Promise<Result<string>> {
  const result = await deps.db.transaction().execute(async tx => {
    const held = await holdPerson(tx, deps, actor, id)
    if (!held.ok) return held
    const { person, subject, actor: present } = held.value
    if (!can(present, 'person.send-sign-in-link', subject))
      return forbidden(
        `${person.display_name} is not a user of your customer alone, so only an operator sends them a link. They can ask for one themselves on the sign-in page.`,
      )
    if (person.status !== 'ACTIVE') return conflict(noLink[person.status](id))
    if (!isOperator(present) && (await linksOfLastHour(tx, deps, id, accountLinks)) >= mostLinks)
      return conflict(enoughLinks(person))
    await revokeAccountLinks(tx, deps, id)
    await issueLink(tx, deps, id, person.password_hash === null ? 'first-sign-in' : 'reset')
    const detail = { to: person.primary_email }
    await record(tx, deps.clock, present, 'person sent a sign-in link', { type: 'person', id }, detail)
    return ok(person.primary_email)
  })
  deps.wake()
  return result
}

/** A mistake or two an hour, but nobody's mailbox can be flooded. */
const mostLinks = 5
const accountLinks = ['first-sign-in', 'reset'] as const
const enoughLinks = (person: Row<'persons'>) =>
  `Several links were sent to ${person.display_name} in the last hour. Nothing was sent: use the newest mail, or wait an hour.`

const noLink = {
  INACTIVE: (id: string) =>
    `${id} is INACTIVE, so a sign-in link would not work. Reactivate the person first.`,
  'PENDING CREATE': (id: string) =>
    `${id} is being created. The mail with the sign-in link goes out by itself as soon as that is done.`,
}
