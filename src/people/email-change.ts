import type { Row } from '../../db/schema.ts'
import { confirmEmail as confirmText } from '../../views/emails/confirm-email.ts'
import { emailToChange } from '../../views/emails/email-to-change.ts'
import { record } from '../audit/record.ts'
import { findLink, issueLink, linksOfLastHour, newLink, revokeAccountLinks, useUp } from '../auth/links.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueueMail } from '../mail/outbox.ts'
import { type Actor, can, isOperator } from '../policy.ts'
import { notFound, ok, type Result } from '../result.ts'
import { lockPersons } from './lock-persons.ts'
import { findPerson } from './queries.ts'
import { personSubject } from './visible-person.ts'

type Person = Row<'persons'>

/** What is wrong with a Primary Email, in words; null when mails can be sent there. */
export function emailProblem(email: string): string | null {
  if (email === '') return 'Type the e-mail address mails are sent to.'
  if (email.length > 254) return 'Use at most 254 characters.'
  return /^[^\s\p{Cc}@<>()",;:\\]+@[^\s\p{Cc}@<>()",;:\\]+\.[^\s\p{Cc}@<>()",;:\\]+$/u.test(email)
    ? null
    : 'Use an e-mail address, such as name@example.com.'
}

/** Why the address of this person can't be changed now; null when it can. */
export const whyNoEmailChange = (person: Pick<Person, 'id' | 'status'>): string | null =>
  person.status === 'INACTIVE'
    ? `${person.id} is INACTIVE, so a link to confirm the address would not work. Reactivate the person first.`
    : null

/** Links to whatever address is typed, an hour: a mistake or two, but nobody can be flooded. */
const mostAsked = 5

/** Why no further link is sent now; null when one is. */
export async function whyNotYet(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  person: Pick<Person, 'id'>,
): Promise<string | null> {
  return (await linksOfLastHour(tx, deps, person.id, ['confirm-email'])) < mostAsked
    ? null
    : 'The address was changed several times in the last hour. Wait an hour before you change it again.'
}

/**
 * Another Primary Email, in the transaction of the act that asks for it. Of a person who is not ACTIVE yet it is put
 * right at once, before their first mail goes out. Else it counts when the link sent to it was used, and the old
 * address is told now. Gives the address that waits. Call deps.wake() after the commit.
 */
export async function askForEmailChange(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  actor: Actor,
  person: Person,
  email: string,
): Promise<string | null> {
  const detail = { from: person.primary_email, to: email }
  const subject = { type: 'person', id: person.id, customerId: actor.managingCustomerId } as const
  if (person.status === 'PENDING CREATE') {
    await tx.updateTable('persons').set({ primary_email: email }).where('id', '=', person.id).execute()
    // Links of an earlier time may have gone to the wrong address.
    await revokeAccountLinks(tx, deps, person.id)
    await record(tx, deps.clock, actor, 'Primary Email changed', subject, detail)
    return null
  }
  // Whoever reads mails at a wrong address must not be the first to sign in.
  if (person.password_hash === null) await revokeAccountLinks(tx, deps, person.id)
  await sendBoth(tx, deps, actor, person, email)
  await record(tx, deps.clock, actor, 'Primary Email change asked for', subject, detail)
  return email
}

async function sendBoth(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  actor: Actor,
  person: Person,
  email: string,
) {
  const about = { type: 'person', id: person.id } as const
  const link = await newLink(tx, deps, person.id, 'confirm-email', { newEmail: email, askedBy: actor.id })
  await enqueueMail(tx, deps, {
    toAddress: email,
    toPerson: person.id,
    template: 'confirm-email',
    ...confirmText(person.display_name, person.login_id),
    link,
    about,
  })
  await enqueueMail(tx, deps, {
    toAddress: person.primary_email,
    toPerson: person.id,
    template: 'email-to-change',
    ...emailToChange(person.display_name, person.login_id, email, askerWords(actor, person)),
    about,
  })
}

const askerWords = (actor: Actor, person: Person) => {
  if (actor.id === person.id) return 'Somebody signed in as you'
  return isOperator(actor) ? 'An operator' : actor.name
}

/**
 * Uses a confirmation link up: the address counts from now on, if who asked for it still may. Somebody can have come
 * to share the person with another customer meanwhile.
 */
export async function confirmEmail(
  deps: Deps,
  token: string,
  requestId: string,
): Promise<Result<{ email: string }>> {
  const link = await findLink(deps.db, deps, token)
  if (link?.purpose !== 'confirm-email') return notFound()
  const { person: of, newEmail, askedBy } = link
  if (!of || newEmail === null || askedBy === null) return notFound()
  const result = await deps.db.transaction().execute(async tx => {
    await lockPersons(tx, deps, [of.id, askedBy])
    const person = await findPerson(tx, of.id)
    if (person?.status !== 'ACTIVE' || !(await useUp(tx, deps, token))) return notFound()
    const subject = { type: 'person', id: person.id } as const
    const detail = { from: person.primary_email, to: newEmail, asked_by: askedBy }
    if (!(await mayStillAsk(tx, askedBy, person))) {
      await record(tx, deps.clock, person, 'Primary Email not confirmed', subject, detail, requestId)
      return notFound()
    }
    await takeOver(tx, deps, person, newEmail)
    await record(tx, deps.clock, person, 'Primary Email confirmed', subject, detail, requestId)
    return ok({ email: newEmail })
  })
  deps.wake()
  return result
}

async function mayStillAsk(tx: Tx, askedBy: string, person: Person): Promise<boolean> {
  const asker = await findPerson(tx, askedBy)
  if (asker?.status !== 'ACTIVE') return false
  const actor: Actor = {
    id: asker.id,
    role: asker.role,
    name: asker.display_name,
    managingCustomerId: asker.managing_customer_id,
    timeZone: asker.time_zone,
  }
  return can(actor, 'person.change-email', await personSubject(tx, person))
}

/** Links that went to the old address open nothing any more; who never had a password gets theirs at the new one. */
async function takeOver(tx: Tx, deps: Deps, person: Person, email: string) {
  await tx
    .updateTable('persons')
    .set({ primary_email: email, version: person.version + 1 })
    .where('id', '=', person.id)
    .execute()
  await revokeAccountLinks(tx, deps, person.id)
  if (person.password_hash === null) await issueLink(tx, deps, person.id, 'first-sign-in')
}
