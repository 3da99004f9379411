import { isUniqueViolation } from '../../db/errors.ts'
import type { Row } from '../../db/schema.ts'
import { record } from '../audit/record.ts'
import type { Deps, Tx } from '../deps.ts'
import { isListed, personNamed } from '../people/give-customer.ts'
import { lockPersons, presentActor } from '../people/lock-persons.ts'
import { type Actor, can, shownName } from '../policy.ts'
import { conflict, forbidden, invalid, notFound, ok, type Result } from '../result.ts'
import { type Access, accessSubject, tellAccesses } from './change-access.ts'
import { findVisibleAccess } from './find-access.ts'
import { justificationError } from './justification.ts'
import { lockAccesses } from './lock-access.ts'
import { requestAccount } from './request-account.ts'

export interface TransferAsk {
  /** Login ID or code of who is to have it. */
  to: string
  justification: string
}

/**
 * Transfer Access: asks the managers to give a service account to another person of the customer. Until they have
 * decided, and the account has a new password, it stays with who has it.
 */
export async function transferAccess(
  deps: Deps,
  actor: Actor,
  accessId: number,
  ask: TransferAsk,
): Promise<Result<string>> {
  const recipient = await personNamed(deps.db, ask.to)
  const attempt = deps.db.transaction().execute(async (tx): Promise<Result<string>> => {
    const before = await findVisibleAccess(tx, deps, actor, accessId)
    if (!before) return notFound()
    await lockPersons(tx, deps, [actor.id, before.access.person_id, recipient?.id ?? actor.id])
    const present = await presentActor(tx, actor)
    if (!present) return forbidden(`${shownName(actor)} is not active any more. Nothing was changed.`)
    await lockAccesses(tx, deps, [accessId])
    const found = await findVisibleAccess(tx, deps, present, accessId)
    if (!found) return notFound()
    if (!can(present, 'access.transfer', found.subject)) return forbidden(onlyConcerned)
    const why = whyNotTransferred(found.access)
    if (why) return conflict(why)
    return within(tx, deps, present, found.access, ask)
  })
  const done = await attempt.catch(error => {
    if (isUniqueViolation(error)) return conflict(askedAlready)
    throw error
  })
  if (done.ok) tellAccesses(deps)
  return done
}

const onlyConcerned =
  'Only the person who has an access, a manager of its customer or an operator may transfer it.'
const askedAlready =
  'A transfer of this account has been asked for already, and waits for its decision. Nothing was changed.'

/** Null: it can be. */
export function whyNotTransferred(access: Access): string | null {
  if (access.access_type !== serviceAccount) return 'Only service accounts can be transferred.'
  if (access.status !== 'APPROVED')
    return `Only an account in use can be transferred; this access is ${access.status}.`
  return null
}

export const serviceAccount = 'database-service-account'

async function within(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  access: Access,
  { to, justification }: TransferAsk,
): Promise<Result<string>> {
  const person = await personNamed(tx, to)
  const wrong = {
    ...(await wrongRecipient(tx, access, person, to)),
    ...wrongJustification(justification),
  }
  if (Object.keys(wrong).length > 0 || !person) return invalid(wrong)
  const { database_account: account, database_server_id: serverId } = access
  if (account === null || serverId === null) throw new Error(`Access ${access.id} is of no database account.`)
  const detail = {
    account,
    asset: access.asset_id,
    person: access.person_id,
    transferTo: person.id,
  }
  await record(tx, deps.clock, actor, 'access transfer asked for', accessSubject(access), detail)
  await requestAccount(tx, deps, actor, {
    person: person.id,
    asset: { id: access.asset_id, customer_id: access.customer_id },
    type: access.access_type,
    account,
    serverId,
    transferOf: { access: access.id, person: access.person_id },
    // An access that was to end does not become one without an end by changing hands.
    ends: { ends_on: access.ends_on, ends_at: access.ends_at },
    justification,
  })
  return ok(`${account} is to go to ${person.display_name}: the managers of the customer decide.`)
}

/** Whoever is not of the customer is nobody here. */
async function wrongRecipient(
  tx: Tx,
  access: Access,
  person: Row<'persons'> | undefined,
  to: string,
): Promise<{ to?: string }> {
  if (to.trim() === '') return { to: 'Say who is to have it: a Login ID, or the code of a person.' }
  const listed = person && (await isListed(tx, person.id, access.customer_id))
  if (!person || !listed || person.role === 'OPERATOR' || person.status !== 'ACTIVE')
    return {
      to: `There is no active user “${to.trim().slice(0, 60)}” with access to customer ${access.customer_id}. Ask its managers whom it can go to.`,
    }
  if (person.id === access.person_id) return { to: `${person.display_name} has the account already.` }
  return {}
}

function wrongJustification(text: string): { justification?: string } {
  const justification = justificationError(text)
  return justification ? { justification } : {}
}
