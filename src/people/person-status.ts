import { record } from '../audit/record.ts'
import { issueLink, revokeLinks } from '../auth/links.ts'
import { endSessions, tellStreams } from '../auth/sessions.ts'
import type { Deps } from '../deps.ts'
import { type Actor, can } from '../policy.ts'
import { conflict, forbidden, notFound, ok, type Result } from '../result.ts'
import { isLastOperator, lastOperatorWords } from './operators.ts'
import { findPerson, openAccesses } from './queries.ts'
import { revokeAccesses } from './revoke-accesses.ts'

const onlyOperators = 'Only operators deactivate, reactivate and invite persons here.'

/** The person can't sign in any more, from this moment on, and loses all accesses. */
export async function deactivatePerson(deps: Deps, actor: Actor, id: string): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async tx => {
    const person = await findPerson(tx, id)
    if (!person) return notFound()
    if (await isLastOperator(tx, person)) return conflict(lastOperatorWords('deactivated'))
    const { numUpdatedRows } = await tx
      .updateTable('persons')
      .set({ status: 'INACTIVE' })
      .where('id', '=', id)
      .where('status', '!=', 'INACTIVE')
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return conflict(`${id} is INACTIVE already. Nothing was changed.`)
    await endSessions(tx, deps.clock, id)
    await revokeLinks(tx, deps, id)
    const accesses = await openAccesses(tx, id)
    await revokeAccesses(tx, deps, actor, accesses)
    const detail = { accesses: accesses.length }
    await record(tx, deps.clock, actor, 'person deactivated', { type: 'person', id }, detail)
    return ok(id)
  })
  tellStreams(deps, id)
  return result
}

/** Back to where they were: ACTIVE, or waiting for a first sign-in. Accesses do not come back. */
export async function reactivatePerson(deps: Deps, actor: Actor, id: string): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  return deps.db.transaction().execute(async tx => {
    const person = await findPerson(tx, id)
    if (!person) return notFound()
    const { numUpdatedRows } = await tx
      .updateTable('persons')
      .set({ status: person.password_hash === null ? 'PENDING CREATE' : 'ACTIVE' })
      .where('id', '=', id)
      .where('status', '=', 'INACTIVE')
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return conflict(`${id} is not INACTIVE. Nothing was changed.`)
    await record(tx, deps.clock, actor, 'person reactivated', { type: 'person', id })
    return ok(id)
  })
}

/** A fresh single-use link; links sent before no longer work. */
export async function sendSignInLink(deps: Deps, actor: Actor, id: string): Promise<Result<string>> {
  if (!can(actor, 'administration.use')) return forbidden(onlyOperators)
  const result = await deps.db.transaction().execute(async tx => {
    const person = await findPerson(tx, id)
    if (!person) return notFound()
    if (person.status === 'INACTIVE')
      return conflict(`${id} is INACTIVE, so a sign-in link would not work. Reactivate the person first.`)
    await revokeLinks(tx, deps, id)
    await issueLink(tx, deps, id, person.password_hash === null ? 'first-sign-in' : 'reset')
    const detail = { to: person.primary_email }
    await record(tx, deps.clock, actor, 'person sent a sign-in link', { type: 'person', id }, detail)
    return ok(person.primary_email)
  })
  deps.wake()
  return result
}
