import { Temporal } from 'temporal-polyfill'
import type { FieldErrors } from '../result.ts'
import type { ActionField, FieldValues } from './action-fields.ts'
import { matchesWhole } from './bounded-pattern.ts'

/** Name of an action's own field in the form. */
const formName = (field: Pick<ActionField, 'name'>) => `field_${field.name}`

/** Checks what was typed into an action's own fields; errors by the form's names. */
export function readFieldValues(
  fields: readonly ActionField[],
  typed: Readonly<Record<string, string>>,
): { values: FieldValues; errors: FieldErrors } {
  const values: Record<string, string> = {}
  const errors: Record<string, string> = {}
  for (const field of fields) {
    const value = normal(field, typed[formName(field)] ?? '')
    const error = value === '' ? missing(field) : wrong(field, value)
    values[field.name] = value
    if (error) errors[formName(field)] = error
  }
  return { values, errors }
}

/** Stored values as the form sends them. */
export const typedFields = (values: FieldValues): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [formName({ name }), value]))

const normal = (field: ActionField, typed: string) =>
  field.type === 'checkbox' ? (typed ? 'yes' : '') : field.type === 'textarea' ? typed : typed.trim()

function missing(field: ActionField): string | undefined {
  if (!field.required) return undefined
  return field.type === 'checkbox' ? `Tick “${field.label}” to go on.` : `Fill in “${field.label}”.`
}

function wrong(field: ActionField, value: string): string | undefined {
  switch (field.type) {
    case 'text':
    case 'textarea':
      return wrongText(field, value)
    case 'number':
      return wrongNumber(field, value)
    case 'select':
      return field.options.some(option => option.value === value)
        ? undefined
        : `Choose one of: ${field.options.map(option => option.label).join(', ')}.`
    case 'date':
      return isDay(value)
        ? undefined
        : `“${value.slice(0, 40)}” is not a day. Write it like 2026-03-29 (year-month-day).`
    case 'checkbox':
      return undefined
  }
}

function wrongText(field: ActionField, value: string): string | undefined {
  if (value.length > field.maxLength)
    return `${field.label} has ${value.length} characters. Use at most ${field.maxLength}.`
  const matches = field.pattern === undefined ? 'yes' : matchesWhole(field.pattern, value)
  if (matches === 'yes') return undefined
  if (matches === 'takes too long')
    return `${field.label} can’t be checked in a reasonable time. Type it differently, and tell whoever operates the portal.`
  return (
    field.patternHelp ?? `${field.label} is not written as expected.${field.hint ? ` ${field.hint}` : ''}`
  )
}

function wrongNumber({ label, min, max }: ActionField, value: string): string | undefined {
  const number = /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : Number.NaN
  if (Number.isNaN(number)) return `“${value.slice(0, 40)}” is not a number. Write it like 12 or 12.5.`
  if (min !== undefined && number < min) return `${label} must be at least ${min}.`
  if (max !== undefined && number > max) return `${label} must be at most ${max}.`
  return undefined
}

function isDay(value: string): boolean {
  try {
    return (
      /^\d{4}-\d{2}-\d{2}$/.test(value) && Temporal.PlainDate.from(value, { overflow: 'reject' }) !== null
    )
  } catch {
    return false
  }
}
