import type { Role, Row } from '../../db/schema.ts'
import type { Deps, Tx } from '../deps.ts'
import { can, isOperator } from '../policy.ts'
import { type FieldErrors, forbidden, invalid, ok, type Result } from '../result.ts'
import { emailProblem, whyNoEmailChange, whyNotYet } from './email-change.ts'
import type { HeldPerson } from './lock-persons.ts'
import { isLastManager, lastManagerWords } from './managers.ts'
import { nameErrors } from './name-errors.ts'

/** Person Information as it is sent. */
export interface PersonChange {
  /** As it was drawn. */
  version: number
  first_name: string
  last_name: string
  display_name: string
  primary_email: string
  role: Role
  /** Which customer a new manager manages; operators name it, a manager's is their own. */
  managing_customer_id?: string | null
  /** Rows of the Customer Access List that were deleted. */
  remove_customers: readonly string[]
}

type Names = Pick<Row<'persons'>, 'first_name' | 'last_name' | 'display_name'>
type Standing = Pick<Row<'persons'>, 'role' | 'managing_customer_id'>

/** What saving would do, allowed and complete. */
export interface PersonPlan extends Standing {
  names: Names
  /** Another Primary Email; null: it stays. */
  email: string | null
  removed: readonly string[]
}

/** Asks every rule before anything is changed. What may not be changed at all may be sent as it is. */
export async function planChange(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  held: HeldPerson,
  change: PersonChange,
): Promise<Result<PersonPlan>> {
  const removed = removalOf(held, change)
  if (!removed.ok) return removed
  const standing = standingOf(held, change, removed.value)
  if (!standing.ok) return standing
  const wrong = { ...wrongNames(held, change), ...(await wrongEmail(tx, deps, held, change)) }
  if (Object.keys(wrong).length > 0) return invalid(wrong)
  const last = await lastManager(tx, held, standing.value, removed.value)
  if (last) return invalid(last)
  const { first_name, last_name, display_name } = change
  return ok({
    ...standing.value,
    names: { first_name, last_name, display_name },
    email: change.primary_email === held.person.primary_email ? null : change.primary_email,
    removed: removed.value,
  })
}

const sharedWords = ({ person }: HeldPerson) =>
  `You can’t change this: ${person.display_name} is not a user of your customer alone. They can change it themselves, or an operator can.`

function wrongNames(held: HeldPerson, change: PersonChange): FieldErrors {
  const { actor, person, subject } = held
  const fields = (['first_name', 'last_name', 'display_name'] as const).filter(
    field => change[field] !== person[field],
  )
  if (can(actor, 'person.rename', subject))
    return nameErrors(Object.fromEntries(fields.map(field => [field, change[field]])))
  return Object.fromEntries(fields.map(field => [field, sharedWords(held)]))
}

async function wrongEmail(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  held: HeldPerson,
  change: PersonChange,
): Promise<FieldErrors> {
  const { actor, person, subject } = held
  if (change.primary_email === person.primary_email) return {}
  const wrong = can(actor, 'person.change-email', subject)
    ? (emailProblem(change.primary_email) ?? whyNoEmailChange(person) ?? (await whyNotYet(tx, deps, person)))
    : sharedWords(held)
  return wrong === null ? {} : { primary_email: wrong }
}

/** Rows that may be deleted; one that the viewer does not see is not there. */
function removalOf({ actor, person, subject }: HeldPerson, change: PersonChange): Result<readonly string[]> {
  const removed = [...new Set(change.remove_customers)].sort()
  const seesAll = isOperator(actor) || actor.id === person.id
  for (const customerId of removed) {
    const seen =
      subject.customers.includes(customerId) && (seesAll || customerId === actor.managingCustomerId)
    if (!seen)
      return invalid({
        customers: `There is no customer ${customerId.slice(0, 20)} in this Customer Access List. Open the page again and look at what is there now.`,
      })
    if (!can(actor, 'person.remove-customer', { ...subject, customerId }))
      return forbidden(
        'Only a manager of the customer, or an operator, removes it from a Customer Access List.',
      )
  }
  return ok(removed)
}

/** Role and managing customer as they are to be. */
function standingOf(held: HeldPerson, change: PersonChange, removed: readonly string[]): Result<Standing> {
  const { actor, person } = held
  if (change.role !== person.role && [change.role, person.role].includes('OPERATOR'))
    return isOperator(actor)
      ? invalid({ role: 'The Role OPERATOR is given and taken under Administration › Persons.' })
      : forbidden('Only operators give or take the Role OPERATOR.')
  if (change.role === 'MANAGER')
    return person.role === 'MANAGER' ? remainManager(held, change, removed) : promoted(held, change, removed)
  return person.role === 'MANAGER' ? demoted(held, removed) : ok(standing(person))
}

const standing = ({ role, managing_customer_id }: Standing): Standing => ({ role, managing_customer_id })
const standardUser: Standing = { role: 'STD_USER', managing_customer_id: null }

function promoted(held: HeldPerson, change: PersonChange, removed: readonly string[]): Result<Standing> {
  const { actor, person, subject } = held
  if (person.status === 'INACTIVE')
    return invalid({ role: `${person.id} is INACTIVE. Reactivate the person first.` })
  if (!can(actor, 'person.promote', subject))
    return forbidden('Only a manager of the customer, or an operator, makes somebody a manager.')
  return managing(held, isOperator(actor) ? change.managing_customer_id : actor.managingCustomerId, removed)
}

function managing({ subject }: HeldPerson, customer: string | null | undefined, removed: readonly string[]) {
  if (!customer)
    return invalid({ managing_customer_id: 'A manager manages exactly one customer. Choose which one.' })
  if (!subject.customers.includes(customer) || removed.includes(customer))
    return invalid({
      managing_customer_id: `${customer.slice(0, 20)} is not in the Customer Access List. Choose one that is.`,
    })
  return ok<Standing>({ role: 'MANAGER', managing_customer_id: customer })
}

/** Still MANAGER: of the same customer, or, for operators, of another one. Without the customer they are STD_USER. */
function remainManager(held: HeldPerson, change: PersonChange, removed: readonly string[]): Result<Standing> {
  const { actor, person } = held
  const wanted = change.managing_customer_id ?? person.managing_customer_id
  if (wanted !== person.managing_customer_id)
    return isOperator(actor)
      ? managing(held, wanted, removed)
      : invalid({ managing_customer_id: 'Only operators choose another customer for a manager.' })
  return ok(losesManaged(person, removed) ? standardUser : standing(person))
}

function demoted(held: HeldPerson, removed: readonly string[]): Result<Standing> {
  const { actor, person, subject } = held
  if (losesManaged(person, removed) || can(actor, 'person.demote', subject)) return ok(standardUser)
  return invalid({
    role: `${person.display_name} is a manager of another customer. Only a manager of that customer, or an operator, can make them STD_USER; after that you can make them a manager of yours.`,
  })
}

const losesManaged = (person: Standing, removed: readonly string[]) =>
  person.managing_customer_id !== null && removed.includes(person.managing_customer_id)

async function lastManager(
  tx: Tx,
  { actor, person }: HeldPerson,
  after: Standing,
  removed: readonly string[],
): Promise<FieldErrors | null> {
  if (isOperator(actor) || after.managing_customer_id === person.managing_customer_id) return null
  if (!(await isLastManager(tx, person))) return null
  return losesManaged(person, removed)
    ? { customers: lastManagerWords(person, 'removed') }
    : { role: lastManagerWords(person, 'demoted') }
}
