import type { Row } from '../../db/schema.ts'
import { filledRows, toRows } from '../../views/admin/row-fields.ts'
import type { PersonFacts } from '../people/person-facts.ts'
import type { PersonEdit } from '../people/persons.ts'
import type { FieldErrors } from '../result.ts'
import { firstErrors } from './fields.ts'
import { PersonCode, PersonForm } from './forms.ts'

type Values = Readonly<Record<string, string>>
type Read<T> = ({ ok: true } & T) | { ok: false; errors: FieldErrors }

export function readPerson(values: Values): Read<{ facts: PersonFacts }> {
  const parsed = PersonForm.safeParse(values)
  if (!parsed.success) return { ok: false, errors: firstErrors(parsed.error) }
  const customers = filledRows(values, 'customer', ['id']).map(row => row.values.id.trim().toUpperCase())
  return { ok: true, facts: { ...parsed.data, customers: [...new Set(customers)] } }
}

export function readNewPerson(values: Values): Read<{ id: string; facts: PersonFacts }> {
  const code = PersonCode.safeParse(values)
  const read = readPerson(values)
  if (code.success && read.ok) return { ok: true, id: code.data.id, facts: read.facts }
  return {
    ok: false,
    errors: { ...(code.success ? {} : firstErrors(code.error)), ...(read.ok ? {} : read.errors) },
  }
}

/** A change, with the version it was drawn of. */
export function readPersonEdit(values: Values): Read<{ edit: PersonEdit }> {
  const read = readPerson(values)
  if (!read.ok) return read
  const version = /^\d{1,9}$/.test(values.version ?? '') ? Number(values.version) : undefined
  const customers = values.customers_kept === 'yes' ? null : read.facts.customers
  return { ok: true, edit: { ...read.facts, version, customers } }
}

/** Longer lists are looked after on Person Information, page by page. */
export const mostCustomers = 200

/** The stored person as the fields of the form. */
export const personValues = (person: Row<'persons'>, list: readonly { id: string }[]): Values => ({
  version: String(person.version),
  ...(list.length > mostCustomers && { customers_kept: 'yes' }),
  login_id: person.login_id,
  first_name: person.first_name,
  last_name: person.last_name,
  display_name: person.display_name,
  primary_email: person.primary_email,
  role: person.role,
  managing_customer_id: person.managing_customer_id ?? '',
  ...toRows(
    'customer',
    (list.length > mostCustomers ? [] : list).map(({ id }) => ({ id })),
  ),
})
