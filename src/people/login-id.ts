/**
 * The form in which Login IDs are compared: sign-in and uniqueness look at nothing else.
 * Compatibility forms are one (full-width letters are letters), case does not count.
 */
export const loginKey = (loginId: string) => loginId.normalize('NFKC').trim().toLowerCase()

/** What is wrong with a Login ID for a new person, in words; null when it can be used. */
export function loginIdProblem(loginId: string): string | null {
  const key = loginKey(loginId)
  if (key === '') return 'Fill in the Login ID.'
  if (key.length > 254) return 'A Login ID has at most 254 characters.'
  // Invisible characters and spaces make two Login IDs look the same.
  if (/[\s\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(key)) return 'A Login ID has no spaces or invisible characters.'
  if (mixesAlphabets(key))
    return 'This Login ID mixes letters of several alphabets that look alike. Use letters of one alphabet.'
  if (!/^[^@]+@[^@]+\.[^@.]+$/.test(key)) return 'A Login ID is an e-mail address, such as name@example.com.'
  return null
}

/** Latin, Greek and Cyrillic have letters that can't be told apart: `раypal` is half Cyrillic. */
const mixesAlphabets = (key: string) =>
  [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u].filter(script => script.test(key))
    .length > 1
