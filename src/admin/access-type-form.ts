import { z } from 'zod'
import type { TypeRules, TypeWords } from '../access/access-type-verbs.ts'
import type { AccessType } from '../access/access-types.ts'
import type { FieldErrors } from '../result.ts'
import { commaList, firstErrors, line, optionalLine } from './fields.ts'

type Values = Readonly<Record<string, string>>
type Read<T> = ({ ok: true } & T) | { ok: false; errors: FieldErrors }

const runbook = (which: string) =>
  z
    .string(`Choose the runbook that ${which} the access.`)
    .regex(/^[1-9]\d{0,14}$/, `Choose the runbook that ${which} the access.`)
    .transform(Number)

const WordsForm = z.object({
  name: line('Type a name; people choose the access type by it.', 100),
  description: optionalLine(500),
  aliases: commaList,
  warning: z
    .string()
    .default('')
    .transform(text => text.trim())
    .pipe(z.string().max(2000, 'Use at most 2,000 characters.')),
  sort: z
    .string()
    .default('')
    .transform(text => Number(text.trim() || '100'))
    .pipe(
      z
        .number('Use a whole number.')
        .int('Use a whole number.')
        .min(0, 'Use 0 or more.')
        .max(100_000, 'Use at most 100000.'),
    ),
})
const RulesForm = z.object({
  scope: z.enum(['asset', 'customer'], 'Choose what one access covers.'),
  classes: z.enum(['any', 'NON_PRODUCTION', 'PRODUCTION'], 'Choose where it is offered.'),
  products: commaList,
  grant_runbook_id: runbook('grants'),
  removal_runbook_id: runbook('removes'),
})
const TypeId = z.object({
  id: line('Type an id, such as sftp-account.', 40).refine(
    text => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text !== 'new',
    'Use small letters, digits and hyphens, such as sftp-account (but not “new”).',
  ),
})

export const readTypeWords = (values: Values): Read<{ words: TypeWords }> => {
  const parsed = WordsForm.safeParse(values)
  return parsed.success ? { ok: true, words: parsed.data } : { ok: false, errors: firstErrors(parsed.error) }
}

export function readType(values: Values): Read<{ words: TypeWords; rules: TypeRules }> {
  const words = readTypeWords(values)
  const rules = RulesForm.safeParse(values)
  if (words.ok && rules.success) return { ok: true, words: words.words, rules: rules.data }
  return {
    ok: false,
    errors: { ...(words.ok ? {} : words.errors), ...(rules.success ? {} : firstErrors(rules.error)) },
  }
}

export function readNewType(values: Values): Read<{ id: string; words: TypeWords; rules: TypeRules }> {
  const id = TypeId.safeParse(values)
  const read = readType(values)
  if (id.success && read.ok) return { ...read, id: id.data.id }
  return {
    ok: false,
    errors: { ...(id.success ? {} : firstErrors(id.error)), ...(read.ok ? {} : read.errors) },
  }
}

/** The stored type as the fields of the form. */
export const typeValues = (type: AccessType): Values => ({
  name: type.name,
  description: type.description,
  aliases: type.aliases.join(', '),
  warning: type.warning,
  sort: String(type.sort),
  scope: type.scope,
  classes: type.classes,
  products: type.products.join(', '),
  grant_runbook_id: String(type.grant_runbook_id ?? ''),
  removal_runbook_id: String(type.removal_runbook_id ?? ''),
})
