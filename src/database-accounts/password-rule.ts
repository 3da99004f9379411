/** The four kinds of characters that the password of a database account is made of. */
export const passwordKinds = [
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789',
  '%^*_+',
] as const

export const passwordLength = { min: 15, max: 64, generated: 24 } as const
const kindsAtLeast = 2

/** As every page that asks for one says it. */
export const passwordHint =
  'Reset the password used to connect to the database. Enter a new password or leave blank for a password to be generated for you. Password must be a minimum of 15 characters and contain a mix of at least two character types (uppercase, lowercase, numbers, and the special characters %^*_+).'

/** What is wrong with a password that somebody chose, in words that hold nothing of it; null: it can be used. */
export function checkPassword(text: string): string | null {
  const characters = [...text]
  if (characters.some(character => kindOf(character) === undefined))
    return 'The password holds a character that is not allowed. Use only A–Z, a–z, 0–9 and %^*_+, without spaces.'
  if (characters.length < passwordLength.min)
    return `The password has ${characters.length} characters. Use at least ${passwordLength.min}.`
  if (characters.length > passwordLength.max)
    return `The password has ${characters.length} characters. Use at most ${passwordLength.max}.`
  if (new Set(characters.map(kindOf)).size < kindsAtLeast)
    return 'The password is made of one character type. Mix at least two: uppercase, lowercase, numbers, and the special characters %^*_+.'
  return null
}

/** Which of the kinds a character is of; undefined: none, so it is not allowed. */
export const kindOf = (character: string): string | undefined =>
  passwordKinds.find(kind => kind.includes(character))
