import type { Row } from '../../db/schema.ts'
import { customerGranted } from '../../views/emails/customer-granted.ts'
import { record } from '../audit/record.ts'
import { issueLink } from '../auth/links.ts'
import { tellStreams } from '../auth/sessions.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueueMail } from '../mail/outbox.ts'
import { paths } from '../paths.ts'
import { type Actor, isOperator } from '../policy.ts'
import { invalid, ok, type Result } from '../result.ts'
import { findCustomer } from './customer-queries.ts'
import { customerToGive, listCustomer, personOfLogin, unusableWords } from './give-customer.ts'
import { lockPersons } from './lock-persons.ts'
import { recordRoleChange } from './record-role-change.ts'
import { removeCustomers } from './remove-customers.ts'
import { personSubject } from './visible-person.ts'

type Person = Row<'persons'>

/**
 * Yes to “User X exists. Grant user access to customer Y?”: the customer is in their list at once, and an INACTIVE
 * person is ACTIVE again. Saying it twice is harmless.
 */
export async function grantCustomer(
  deps: Deps,
  actor: Actor,
  loginId: string,
  customerId: string,
): Promise<Result<{ id: string; reactivated: boolean }>> {
  const result = await deps.db.transaction().execute(async tx => {
    const seen = await personOfLogin(tx, loginId)
    await lockPersons(tx, deps, [actor.id, ...(seen ? [seen.id] : [])])
    const allowed = await customerToGive(tx, actor, customerId)
    if (!allowed.ok) return allowed
    const person = await personOfLogin(tx, loginId)
    if (!person || person.id !== seen?.id) return invalid({ login_id: nobody })
    if (person.role === 'OPERATOR') return invalid({ login_id: unusableWords })
    return ok(await give(tx, deps, allowed.value, person))
  })
  if (result.ok) tellStreams(deps, result.value.id)
  deps.wake()
  return result
}

const nobody =
  'Nobody has this Login ID. Check it, or fill in the other fields and save to create the person.'

interface Gift {
  present: Actor
  customerId: string
}

async function give(tx: Tx, deps: Deps, { present, customerId }: Gift, person: Person) {
  const reactivated = person.status === 'INACTIVE'
  const added = await listCustomer(tx, deps, person.id, customerId)
  if (!added && !reactivated) return { id: person.id, reactivated }
  await tx
    .updateTable('persons')
    .set({ version: person.version + 1, ...(reactivated && { status: 'ACTIVE' as const }) })
    .where('id', '=', person.id)
    .execute()
  const verb = reactivated ? 'person reactivated and customer granted' : 'customer granted to person'
  const subject = { type: 'person', id: person.id, customerId } as const
  await record(tx, deps.clock, present, verb, subject, { customer: customerId })
  if (reactivated && !isOperator(present)) await leaveOnly(tx, deps, present, person, customerId)
  await tell(tx, deps, person, customerId)
  return { id: person.id, reactivated }
}

/**
 * Brought back by a manager, the person is a user of this one customer: the manager can give neither the customers
 * they had before nor the Role MANAGER. An operator sees all of it, so it stays.
 */
async function leaveOnly(tx: Tx, deps: Deps, actor: Actor, person: Person, customerId: string) {
  const standardUser = { role: 'STD_USER', managing_customer_id: null } as const
  await tx.updateTable('persons').set(standardUser).where('id', '=', person.id).execute()
  await recordRoleChange(tx, deps, actor, person, standardUser)
  const { customers } = await personSubject(tx, person)
  const others = customers.filter(customer => customer !== customerId)
  await removeCustomers(tx, deps, actor, person, others)
}

/** Who has not signed in yet gets, or already has, the mail with the link to do so. */
async function tell(tx: Tx, deps: Deps, person: Person, customerId: string) {
  if (person.status === 'PENDING CREATE') return
  if (person.status === 'INACTIVE' && person.password_hash === null)
    return issueLink(tx, deps, person.id, 'first-sign-in')
  const customer = await findCustomer(tx, customerId)
  await enqueueMail(tx, deps, {
    toAddress: person.primary_email,
    toPerson: person.id,
    template: 'customer-granted',
    ...customerGranted({
      name: person.display_name,
      loginId: person.login_id,
      customer: `${customerId} ${customer?.name ?? ''}`.trim(),
      reactivated: person.status === 'INACTIVE',
      address: `${deps.config.PUBLIC_URL}${paths.person(person.id)}`,
    }),
    about: { type: 'person', id: person.id },
  })
}
