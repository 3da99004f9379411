import type { Instant, Row } from '../../db/schema.ts'
import type { DbOrTx } from '../deps.ts'
import { type AccessSubject, type Actor, can } from '../policy.ts'
import type { Access } from './change-access.ts'

/** Somebody who may decide, as far as a mail to them needs it. */
export type Decider = Pick<
  Row<'persons'>,
  'id' | 'display_name' | 'primary_email' | 'time_zone' | 'role' | 'managing_customer_id'
>

export interface Absence {
  person: string
  standIn: string
  until: Instant
}

/** Who may decide about some accesses at a moment, so that many are judged with few queries. */
export interface Deciders {
  /** ACTIVE managers of the access's customer who have no part in it. */
  managersFor(access: Access): Decider[]
  /** ACTIVE operators who have no part in it; whether it was escalated is not asked. */
  operatorsFor(access: Access): Decider[]
  /** Of managers who are away now. */
  absences: readonly Absence[]
}

export async function decidersOf(db: DbOrTx, now: Instant, accesses: readonly Access[]): Promise<Deciders> {
  const customers = [...new Set(accesses.map(access => access.customer_id))]
  const people = customers.length === 0 ? [] : await activeDeciders(db, customers)
  const absences = await presentAbsences(db, now)
  const among = (access: Access, role: Decider['role']) => {
    const subject = subjectAmong(absences, access)
    return people.filter(person => person.role === role && can(actorOf(person), 'access.approve', subject))
  }
  return {
    managersFor: access => among(access, 'MANAGER'),
    operatorsFor: access => among({ ...access, escalated_at: access.escalated_at ?? now }, 'OPERATOR'),
    absences,
  }
}

const activeDeciders = (db: DbOrTx, customers: readonly string[]): Promise<Decider[]> =>
  db
    .selectFrom('persons')
    .select(['id', 'display_name', 'primary_email', 'time_zone', 'role', 'managing_customer_id'])
    .where('status', '=', 'ACTIVE')
    .where(eb =>
      eb.or([
        eb('role', '=', 'OPERATOR'),
        eb.and([eb('role', '=', 'MANAGER'), eb('managing_customer_id', 'in', [...customers])]),
      ]),
    )
    .orderBy('id')
    .execute()

const presentAbsences = (db: DbOrTx, now: Instant): Promise<Absence[]> =>
  db
    .selectFrom('absences')
    .select(['person_id as person', 'stand_in_id as standIn', 'until_at as until'])
    .where('ended_at', 'is', null)
    .where('from_at', '<=', now)
    .where('until_at', '>', now)
    .orderBy('person_id')
    .execute()

/** What `subjectOf` gives, out of absences that were read already. */
const subjectAmong = (absences: readonly Absence[], access: Access): AccessSubject => {
  const parties = [access.person_id, access.requested_by, access.edited_by]
  return {
    customerId: access.customer_id,
    beneficiary: access.person_id,
    requestedBy: access.requested_by,
    editedBy: access.edited_by,
    escalated: access.escalated_at !== null,
    standIns: absences.filter(({ person }) => parties.includes(person)).map(({ standIn }) => standIn),
  }
}

const actorOf = (person: Decider): Actor => ({
  id: person.id,
  role: person.role,
  name: person.display_name,
  managingCustomerId: person.managing_customer_id,
  timeZone: person.time_zone,
})
