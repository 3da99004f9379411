import type { z } from 'zod'
import type { FormState } from '../../views/ui/form-state.ts'
import type { FieldErrors } from '../result.ts'
import type { Ctx } from './env.ts'

/** Every field as it was sent, in order; a field sent several times keeps them all. */
export type RawFields = Readonly<Record<string, readonly string[]>>

export type ParsedForm<T> =
  | { ok: true; value: T; values: FormState['values']; errors: FieldErrors; fields: RawFields }
  | { ok: false; values: FormState['values']; errors: FieldErrors; fields: RawFields }

export class UnreadableForm extends Error {}

/** More than any page has; taking apart many thousands would keep everybody else waiting. */
const mostFields = 2000

/**
 * Reads the form against a schema. `values` is what was typed, for redisplay (never passwords);
 * a field sent several times reaches the schema as an array.
 */
export async function parseForm<T>(c: Ctx, schema: z.ZodType<T>): Promise<ParsedForm<T>> {
  const fields = await readFields(c)
  const values = typedValues(fields)
  const unstorable = unstorableFields(fields)
  if (Object.keys(unstorable).length > 0) return { ok: false, values, errors: unstorable, fields }
  const parsed = schema.safeParse(schemaInput(fields), { error: issue => plainWords(issue) })
  if (parsed.success) return { ok: true, value: parsed.data, values, errors: {}, fields }
  return { ok: false, values, errors: firstErrors(parsed.error), fields }
}

const read = new WeakMap<Ctx, Promise<RawFields>>()

/** The fields of a posted form, read once. Throws UnreadableForm for anything but a form without files. */
export function readFields(c: Ctx): Promise<RawFields> {
  const fields = read.get(c) ?? takeApart(c)
  read.set(c, fields)
  return fields
}

async function takeApart(c: Ctx): Promise<RawFields> {
  if (!isForm(c)) return {}
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (const [name, value] of await formData(c)) {
    if (typeof value !== 'string')
      throw new UnreadableForm('This form takes no files. Send it again without the file.')
    const values = fields[name] ?? []
    fields[name] = values
    // Browsers send line ends as CR LF, which would count twice against every limit.
    values.push(value.replace(/\r\n?/g, '\n'))
  }
  return fields
}

/** The method is asked first: only looking for a body costs a GET, which has none, a second request object. */
export const hasBody = (c: Ctx) =>
  c.req.method !== 'GET' && c.req.method !== 'HEAD' && c.req.raw.body !== null

/** A further field of this form, with a message of the domain's own. */
export const withErrors = (form: { values: FormState['values'] }, errors: FieldErrors): FormState => ({
  values: form.values,
  errors,
})

/** Passwords and tokens are never sent back and never kept. */
export const isSecretField = (name: string) => name === 'csrf' || /password/i.test(name)

/** Nothing to read is a form without fields; any other kind of body is none. */
function isForm(c: Ctx): boolean {
  const type = c.req.header('content-type')
  if (type === undefined && c.req.raw.body === null) return false
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(type ?? '')) return true
  throw new UnreadableForm('Only forms are understood here. Use the page’s own form.')
}

async function formData(c: Ctx): Promise<FormData> {
  try {
    assertNotTooMany(Buffer.from(await c.req.arrayBuffer()))
    return await c.req.formData()
  } catch (error) {
    if (error instanceof UnreadableForm) throw error
    throw new UnreadableForm('The form arrived damaged and could not be read. Go back and send it again.')
  }
}

/** Counted before anything is taken apart: fields of a plain form end with “&”, parts of another begin with “\n--”. */
function assertNotTooMany(bytes: Buffer) {
  let count = 0
  for (const separator of ['&', '\n--'])
    for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, at + 1))
      if (++count > mostFields)
        throw new UnreadableForm(`The form has more than ${mostFields} fields. Send it with fewer.`)
}

const typedValues = (fields: RawFields) =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !isSecretField(name))
      .map(([name, values]) => [name, values.at(-1) ?? '']),
  )

const schemaInput = (fields: RawFields) =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => name !== 'csrf')
      .map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  )

/** PostgreSQL stores no NUL, so no field may hold one on either engine. */
function unstorableFields(fields: RawFields): FieldErrors {
  const wrong = Object.entries(fields).filter(([, values]) => values.some(v => v.includes('\u0000')))
  const message = 'This contains a character that can’t be stored (NUL). Remove it, or type the text again.'
  return Object.fromEntries(wrong.map(([name]) => [name, message]))
}

function firstErrors(error: z.ZodError): FieldErrors {
  const errors: Record<string, string> = {}
  for (const issue of error.issues) errors[String(issue.path[0] ?? '')] ??= issue.message
  return errors
}

/** For rules whose schema has no words of its own. */
function plainWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return Array.isArray(issue.input) ? 'Send this field only once.' : 'Fill in this field.'
    case 'too_small':
      return issue.minimum === 1 ? 'Fill in this field.' : `Use at least ${issue.minimum} characters.`
    case 'too_big':
      return `Use at most ${issue.maximum} characters.`
    case 'invalid_value':
      return 'Choose one of the values offered.'
    default:
      return 'This can’t be used as it is. Check it and send the form again.'
  }
}
