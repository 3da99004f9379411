export const JUSTIFICATION_LENGTH = 4000

/** As it is stored. */
export const tidyJustification = (typed: string) => typed.trim()

/** What is wrong with a Justification, in words; null when nothing is missing or wrong. */
export function justificationError(typed: string): string | null {
  const text = tidyJustification(typed)
  if (text === '') return 'Fill in the Justification: why the access is needed.'
  if (text.length <= JUSTIFICATION_LENGTH) return null
  return `Justification has ${text.length.toLocaleString('en-US')} characters. Use at most ${JUSTIFICATION_LENGTH.toLocaleString('en-US')}.`
}
