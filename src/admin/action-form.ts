import type { z } from 'zod'
import type { Row } from '../../db/schema.ts'
import { actionFieldKeys } from '../../views/admin/action-field-rows.tsx'
import { filledRows, type RowFields, rowName, toRows } from '../../views/admin/row-fields.ts'
import type { ActionFacts } from '../assets/actions.ts'
import type { FieldErrors } from '../result.ts'
import { type ActionField, actionField, actionFields } from '../service-requests/action-fields.ts'
import { commaList, firstErrors } from './fields.ts'
import { ActionForm, ActionId } from './forms.ts'

type Values = Readonly<Record<string, string>>
type Read<T> = ({ ok: true } & T) | { ok: false; errors: FieldErrors }
type FieldRow = RowFields<(typeof actionFieldKeys)[number]>

export function readAction(values: Values): Read<{ facts: ActionFacts }> {
  const parsed = ActionForm.safeParse(values)
  const { fields, errors } = readActionFields(values)
  if (!parsed.success || Object.keys(errors).length > 0)
    return { ok: false, errors: { ...(parsed.success ? {} : firstErrors(parsed.error)), ...errors } }
  const { aliases, products, ...own } = parsed.data
  return {
    ok: true,
    facts: { ...own, aliases: commaList.parse(aliases), products: commaList.parse(products), fields },
  }
}

export function readNewAction(values: Values): Read<{ id: string; facts: ActionFacts }> {
  const id = ActionId.safeParse(values)
  const read = readAction(values)
  if (id.success && read.ok) return { ok: true, id: id.data.id, facts: read.facts }
  return {
    ok: false,
    errors: { ...(id.success ? {} : firstErrors(id.error)), ...(read.ok ? {} : read.errors) },
  }
}

function readActionFields(values: Values): { fields: ActionField[]; errors: Record<string, string> } {
  const rows = filledRows(values, 'field', actionFieldKeys)
  const fields: ActionField[] = []
  const errors: Record<string, string> = {}
  if (rows.length > 20) errors.fields = 'An action can have at most 20 fields of its own. Remove some.'
  for (const row of rows) {
    const parsed = actionField.safeParse(fieldOf(row))
    const wrong = parsed.success ? wrongField(parsed.data, fields) : fieldErrors(parsed.error)
    for (const [key, message] of Object.entries(wrong)) errors[rowName('field', row.index, key)] = message
    if (parsed.success) fields.push(parsed.data)
  }
  return { fields, errors }
}

const fieldOf = ({ values: row }: FieldRow) => ({
  name: row.name.trim(),
  label: row.label.trim(),
  type: row.type,
  required: row.required === 'yes',
  hint: row.hint.trim(),
  default: row.default.trim(),
  options: row.type === 'select' ? optionsOf(row.options) : [],
  ...(row.pattern.trim() !== '' && row.type === 'text' && { pattern: row.pattern.trim() }),
  ...(row.patternHelp.trim() !== '' && { patternHelp: row.patternHelp.trim() }),
  ...(row.maxLength.trim() !== '' && { maxLength: Number(row.maxLength) }),
  ...(row.min.trim() !== '' && { min: Number(row.min) }),
  ...(row.max.trim() !== '' && { max: Number(row.max) }),
})

/** One a line: `value = label`, or a value that is its own label. */
const optionsOf = (text: string) =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => {
      const at = line.indexOf('=')
      return at < 0
        ? { value: line, label: line }
        : { value: line.slice(0, at).trim(), label: line.slice(at + 1).trim() }
    })

/** What binds a field's own settings together, and to the fields before it. */
function wrongField(field: ActionField, before: readonly ActionField[]): FieldErrors {
  if (before.some(other => other.name === field.name))
    return { name: `There are two fields called ${field.name}. Rename one of them.` }
  if (field.type === 'select' && field.options.length === 0) return { options: 'Type at least one choice.' }
  if (field.type === 'select' && field.default !== '' && !field.options.some(o => o.value === field.default))
    return { default: `The default must be one of: ${field.options.map(o => o.value).join(', ')}.` }
  if (field.pattern !== undefined && !isPattern(field.pattern))
    return { pattern: 'This is not a regular expression. Check its brackets.' }
  if (field.min !== undefined && field.max !== undefined && field.min > field.max)
    return { max: 'The largest number is below the smallest one. Swap them, or clear one.' }
  return {}
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u') !== null
  } catch {
    return false
  }
}

const fieldWords: Readonly<Record<string, string>> = {
  name: 'Use small letters, digits and _, beginning with a letter, such as case_id.',
  label: 'Type a label of at most 100 characters.',
  type: 'Choose a type.',
  hint: 'Use at most 300 characters.',
  options: 'Write each choice as value = what is shown.',
  pattern: 'Use at most 200 characters.',
  patternHelp: 'Use at most 200 characters.',
  maxLength: 'Use a whole number from 1 to 4000.',
  min: 'Use a number, such as 0 or 2.5.',
  max: 'Use a number, such as 10 or 99.5.',
}

const fieldErrors = (error: z.ZodError): FieldErrors =>
  Object.fromEntries(
    error.issues.map(issue => {
      const key = String(issue.path[0] ?? 'name')
      return [key, fieldWords[key] ?? issue.message]
    }),
  )

/** The stored action as the fields of the form. */
export const actionValues = (action: Row<'actions'>): Values => ({
  name: action.name,
  description: action.description,
  aliases: (JSON.parse(action.aliases) as string[]).join(', '),
  mode: action.mode,
  production: action.production,
  products: (JSON.parse(action.products) as string[]).join(', '),
  sort: String(action.sort),
  ...toRows(
    'field',
    actionFields.parse(JSON.parse(action.fields)).map(field => ({
      name: field.name,
      label: field.label,
      type: field.type,
      required: field.required ? 'yes' : '',
      hint: field.hint,
      default: field.default,
      options: field.options.map(o => (o.value === o.label ? o.value : `${o.value} = ${o.label}`)).join('\n'),
      pattern: field.pattern ?? '',
      patternHelp: field.patternHelp ?? '',
      maxLength: String(field.maxLength),
      min: field.min === undefined ? '' : String(field.min),
      max: field.max === undefined ? '' : String(field.max),
    })),
  ),
})
