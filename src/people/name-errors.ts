import type { FieldErrors } from '../result.ts'

const limits = { first_name: 80, last_name: 80, display_name: 160 } as const
const fillIn = {
  first_name: 'Type the first name.',
  last_name: 'Type the last name.',
  display_name: 'Type the name to be shown.',
} as const

type Names = Partial<Record<keyof typeof limits, string>>

/** What is wrong with the names of a person, by field. */
export function nameErrors(names: Names): FieldErrors {
  const errors: Record<string, string> = {}
  for (const field of Object.keys(limits) as (keyof typeof limits)[]) {
    const name = names[field]
    if (name === undefined) continue
    if (name.trim() === '') errors[field] = fillIn[field]
    else if (name.length > limits[field]) errors[field] = `Use at most ${limits[field]} characters.`
    else if (/\p{Cc}/u.test(name)) errors[field] = 'Use a single line.'
  }
  return errors
}
