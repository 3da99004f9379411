import type { Tx } from '../deps.ts'
import { fold } from '../search-text.ts'

/** The part of an address before the @ in capitals and digits: `anna.smith@…` becomes ANNASMITH. */
export function codeFrom(loginId: string): string {
  const local = fold(loginId.split('@')[0] ?? '')
  const code = local
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 24)
  // NEW is the address of New Access.
  return code === '' || code === 'NEW' ? `PERSON${code}` : code
}

/** A code that nobody has, as far as this moment tells: with a number behind it if it is taken. */
export async function freeCode(tx: Tx, loginId: string): Promise<string> {
  const code = codeFrom(loginId)
  // ':' comes right after '9': what is between begins with the code and goes on with a digit, or is the code.
  const taken = await tx
    .selectFrom('persons')
    .select('id')
    .where('id', '>=', code)
    .where('id', '<', `${code}:`)
    .execute()
  const codes = new Set(taken.map(({ id }) => id))
  if (!codes.has(code)) return code
  for (let n = 2; ; n++) if (!codes.has(`${code}${n}`)) return `${code}${n}`
}
