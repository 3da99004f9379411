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
  if (hasLookAlikes(key))
    return 'This Login ID has characters that look like ordinary ones. Use ordinary letters, digits and signs.'
  // What begins with a sign is taken for something else elsewhere: an option of a command, a formula of a spreadsheet.
  if (!/^[\p{L}\p{N}_]/u.test(key)) return 'A Login ID begins with a letter or a digit.'
  if (!/^[^@]+@[^@]+\.[^@.]+$/.test(key)) return 'A Login ID is an e-mail address, such as name@example.com.'
  return null
}

/** What can be typed in place of a Latin letter: `раypal` is half Cyrillic. */
const alphabets = ['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Cherokee', 'Coptic', 'Lisu', 'Deseret'].map(
  name => new RegExp(`\\p{Script=${name}}`, 'u'),
)

const mixesAlphabets = (key: string) => alphabets.filter(alphabet => alphabet.test(key)).length > 1

/**
 * Within an alphabet: Latin letters made for phonetics (`ɑ`) or without a dot (`ı`), signs and digits of other
 * scripts (`‐`, `٠`), and marks on what has none.
 */
const hasLookAlikes = (key: string) =>
  /[\u0131\u0237\u0250-\u02ff\u1d00-\u1dbf\ua720-\ua7ff\uab30-\uab6f]/u.test(key) ||
  /[^\p{L}\p{M}\p{N}\x21-\x7e]/u.test(key) ||
  /[^0-9\P{Nd}]/u.test(key) ||
  /[\x21-\x7e]\p{M}/u.test(key)
