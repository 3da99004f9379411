import type { Role } from '../../db/schema.ts'
import { type Actor, can, isOperator, type PersonSubject } from '../policy.ts'

/** What somebody may change on Person Information, and in words why not the rest. */
export interface PersonRights {
  names: boolean
  email: boolean
  whyNotNames: string
  /** The present one and those it may become. */
  roles: readonly Role[]
  whyNotRole: string
  /** Whether the row of a customer may be deleted. */
  mayRemove(customerId: string): boolean
}

export function rightsOn(actor: Actor, subject: PersonSubject): PersonRights {
  const roles: Role[] = [subject.role]
  if (can(actor, 'person.promote', subject)) roles.push('MANAGER')
  if (can(actor, 'person.demote', subject)) roles.push('STD_USER')
  return {
    names: can(actor, 'person.rename', subject),
    email: can(actor, 'person.change-email', subject),
    whyNotNames: `${subject.id} ${subject.customers.length > 1 ? 'has access to other customers as well' : 'had access to another customer before'}, so only they themselves and operators change it.`,
    roles,
    whyNotRole: roles.length > 1 ? '' : whyNotRole(actor, subject),
    mayRemove: customerId => can(actor, 'person.remove-customer', { ...subject, customerId }),
  }
}

function whyNotRole(actor: Actor, subject: PersonSubject): string {
  if (subject.role === 'OPERATOR') return 'Who is an operator is decided under Administration, Persons.'
  if (subject.status === 'INACTIVE')
    return `${subject.id} is INACTIVE. The Role can be changed when the person is ACTIVE again.`
  if (subject.role === 'MANAGER' && (isOperator(actor) || actor.role === 'MANAGER'))
    return `${subject.id} is a manager of another customer. A manager of that customer, or an operator, has to change the Role to STD_USER first; then you can make the person a manager of your customer.`
  return 'Managers of your customer and operators change the Role.'
}
