import { z } from 'zod'
import type { Row } from '../../db/schema.ts'
import { emailAddress, firstErrors, line, optionalLine, orNull } from '../admin/fields.ts'
import type { Deps } from '../deps.ts'
import { seal, unseal } from '../http/signing.ts'
import type { Actor } from '../policy.ts'
import type { FieldErrors } from '../result.ts'
import { roles } from './person-states.ts'
import type { PersonChange } from './save-person.ts'

type Values = Readonly<Record<string, string>>
type Read<T> = { ok: true; value: T } | { ok: false; errors: FieldErrors }

const names = {
  first_name: line('Type the first name.', 80),
  last_name: line('Type the last name.', 80),
  primary_email: emailAddress('Type the e-mail address mails are sent to.'),
}

const PersonForm = z.object({
  ...names,
  display_name: optionalLine(160),
  role: z.enum(roles, 'Choose a Role.'),
  managing_customer_id: optionalLine(20).transform(text => orNull(text.toUpperCase())),
  version: z.coerce.number().int().catch(0),
})

/** Person Information as it was sent. */
export function readPerson(values: Values): Read<PersonChange> {
  const parsed = PersonForm.safeParse(values)
  if (!parsed.success) return { ok: false, errors: firstErrors(parsed.error) }
  const { display_name, managing_customer_id, ...person } = parsed.data
  return {
    ok: true,
    value: {
      ...person,
      display_name: display_name || `${person.first_name} ${person.last_name}`,
      managing_customer_id: person.role === 'MANAGER' ? managing_customer_id : null,
      remove_customers: stagedIn(values),
    },
  }
}

/** The stored person as the fields of the form. */
export const personValues = (person: Row<'persons'>, staged: readonly string[] = []): Values => ({
  login_id: person.login_id,
  first_name: person.first_name,
  last_name: person.last_name,
  display_name: person.display_name,
  primary_email: person.primary_email,
  role: person.role,
  managing_customer_id: person.managing_customer_id ?? '',
  version: String(person.version),
  remove: staged.join(),
})

/** Rows of the Customer Access List that are deleted and not saved: one field with their ids. */
export const stagedIn = (values: Values): string[] => [
  ...new Set((values.remove ?? '').split(',').filter(customer => customer !== '')),
]

/** The form with one row more, or less, deleted. */
export function withStaged(values: Values, change: { add?: string; takeBack?: string }): Values {
  const kept = stagedIn(values).filter(customer => customer !== change.takeBack && customer !== change.add)
  return { ...values, remove: [...kept, ...(change.add ? [change.add] : [])].sort().join() }
}

const NewAccessForm = z.object({
  login_id: line('Type the Login ID: an e-mail address.', 254),
  ...names,
  role: z.enum(['STD_USER', 'MANAGER'], 'Choose a Role.'),
})
export type NewAccessFacts = z.infer<typeof NewAccessForm>

/** New Access as it was sent, without the customer. */
export function readNewAccess(values: Values): Read<NewAccessFacts> {
  const parsed = NewAccessForm.safeParse(values)
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, errors: firstErrors(parsed.error) }
}

/** Says in an address which rows are deleted and not saved: signed, so that nobody else can put them there. */
export const stagedToken = (
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  personId: string,
  staged: readonly string[],
) => seal(deps, purposeOf(actor, personId), staged.join())

export async function stagedFromToken(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  personId: string,
  token: string | undefined,
): Promise<string[]> {
  const remove = token && (await unseal(deps, purposeOf(actor, personId), token))
  return remove ? stagedIn({ remove }) : []
}

const purposeOf = (actor: Actor, personId: string) => `staged customers\n${actor.id}\n${personId}`
