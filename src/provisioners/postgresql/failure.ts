import pg from 'pg'
import { ProvisionerError, type ProvisionerProblem } from '../provisioner.ts'
import { isNetworkError, isTlsError, tlsWords } from '../tls.ts'

/** What PostgreSQL, TLS or the network say, as something that can be expected. Anything else stays a surprise. */
export function asExpected(error: unknown, where: string): unknown {
  if (error instanceof ProvisionerError || !(error instanceof Error)) return error
  const code = sqlState(error)
  if (code !== null)
    return new ProvisionerError(
      kindOf(code),
      `${where}: ${cleaned(error.message)}${what(error, code)} (${code})`,
    )
  if (isTlsError(error)) return new ProvisionerError('untrusted', `${where}: ${cleaned(tlsWords(error))}`)
  if (/does not support SSL/.test(error.message))
    return new ProvisionerError('untrusted', `${where}: the server refuses TLS.`)
  if (error.name === 'AbortError')
    return new ProvisionerError('unreachable', `${where}: the connection was given up.`)
  if (/^SASL: /.test(error.message))
    return new ProvisionerError('denied', `${where}: ${cleaned(error.message)}.`)
  if (isNetworkError(error) || /timeout|terminated|not queryable|Connection ended/i.test(error.message))
    return new ProvisionerError('unreachable', `${where}: ${cleaned(error.message)}.`)
  return error instanceof pg.DatabaseError ? strange(error, where) : error
}

/** The same for what comes up while connecting: whatever it is, that is the server's doing. */
export function asRefused(error: unknown, where: string): unknown {
  const expected = asExpected(error, where)
  return expected instanceof Error && !(expected instanceof ProvisionerError)
    ? strange(expected, where)
    : expected
}

const strange = (error: Error, where: string) =>
  new ProvisionerError('failed', `${where}: ${cleaned(error.message)}.`)

/** Five characters, such as 28P01; null: it is no error of the server. */
export function sqlState(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object)
    ? code
    : null
}

/** What still depends on a role: the server says it apart. */
function what(error: Error, code: string): string {
  const detail = code === '2BP01' && 'detail' in error ? error.detail : null
  return typeof detail === 'string' ? `: ${cleaned(detail.split('\n').join('; '))}` : ''
}

function kindOf(code: string): ProvisionerProblem {
  if (/^(28|42501)/.test(code)) return 'denied'
  // A lock that is held too long, no room, going down, starting up; two at the same row of a catalog.
  if (/^(55P03|57014|53|57P|08|40)/.test(code)) return 'unreachable'
  return 'failed'
}

/** One line without control characters. */
const cleaned = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 300)
