import { z } from 'zod'
import { isTimeZone } from '../people/time-zones.ts'

/** A single line that has to be filled in. */
export const line = (fillIn: string, max: number) =>
  z
    .string(fillIn)
    .transform(oneLine)
    .pipe(z.string().min(1, fillIn).max(max, `Use at most ${max} characters.`))

/** A single line that may stay empty. */
export const optionalLine = (max: number) =>
  z
    .string()
    .default('')
    .transform(oneLine)
    .pipe(z.string().max(max, `Use at most ${max} characters.`))

/** '' is null. */
export const orNull = (text: string): string | null => (text === '' ? null : text)

export const emailAddress = (fillIn: string) =>
  line(fillIn, 254).refine(
    text => /^[^\s@<>()",;:\\]+@[^\s@<>()",;:\\]+\.[^\s@<>()",;:\\]+$/.test(text),
    'Use an e-mail address, such as name@example.com.',
  )

/** An id as operators choose them: capitals, digits and hyphens. Typed in any case. */
export const upperId = (what: string, example: string, max: number) =>
  line(`Type ${what}, such as ${example}.`, max)
    .transform(text => text.toUpperCase())
    .refine(
      text => /^[A-Z0-9](?:[A-Z0-9_-]*[A-Z0-9])?$/.test(text),
      `Use letters, digits, - and _, such as ${example}.`,
    )

export const optionalWebAddress = optionalLine(500)
  .refine(
    text => text === '' || /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
    'Use a full address, such as https://app.example.com, or leave it empty.',
  )
  .transform(orNull)

export const timeZone = line('Choose a time zone, such as Europe/Berlin or UTC.', 60).refine(
  isTimeZone,
  'There is no such time zone. Use a name such as Europe/Berlin, America/New_York or UTC.',
)

export const commaList = z
  .string()
  .default('')
  .transform(text => [
    ...new Set(
      text
        .split(/[,\n]/)
        .map(oneLine)
        .filter(part => part !== ''),
    ),
  ])

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
}

/** The first message of each field. */
export function firstErrors(
  error: z.ZodError,
  nameOf = (path: readonly PropertyKey[]) => String(path[0] ?? ''),
) {
  const errors: Record<string, string> = {}
  for (const issue of error.issues) errors[nameOf(issue.path)] ??= issue.message
  return errors
}
