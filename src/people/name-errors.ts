import type { FieldErrors } from '../result.ts'

const limits = { first_name: 80, last_name: 80, display_name: 160 } as const
const fillIn = {
  first_name: 'Type the first name.',
  last_name: 'Type the last name.',
  display_name: 'Type the name to be shown.',
} as const

/** They make a name look like another one, or swallow what stands behind it. */
const turns = 'Leave out the invisible characters that change the direction of the text.'

type Names = Partial<Record<keyof typeof limits, string>>

/** What is wrong with the names of a person, by field. */
export function nameErrors(names: Names): FieldErrors {
  const errors: Record<string, string> = {}
  for (const field of Object.keys(limits) as (keyof typeof limits)[]) {
    const name = names[field]
    if (name === undefined) continue
    if (name.trim() === '') errors[field] = fillIn[field]
    else if (name.length > limits[field]) errors[field] = `Use at most ${limits[field]} characters.`
    else if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) errors[field] = 'Use a single line.'
    else if (/[\u202a-\u202e\u2066-\u2069]/.test(name)) errors[field] = turns
  }
  return errors
}
