import { SqlError } from 'mariadb'
import { ProvisionerError, type ProvisionerProblem } from '../provisioner.ts'
import { isNetworkError, isTlsError, tlsWords } from '../tls.ts'

/**
 * What MariaDB, TLS or the network say, as something that can be expected. Never the driver's own text: that repeats
 * the statement.
 */
export function asExpected(error: unknown, where: string): unknown {
  if (error instanceof ProvisionerError || !(error instanceof Error)) return error
  for (const one of [error, error.cause]) {
    if (isTlsError(one)) return new ProvisionerError('untrusted', `${where}: ${cleaned(tlsWords(one))}`)
    if (isNetworkError(one)) return new ProvisionerError('unreachable', `${where}: ${cleaned(one.message)}.`)
  }
  if (error instanceof SqlError) return fromServer(error, where)
  return error
}

function fromServer(error: SqlError, where: string): ProvisionerError {
  const { errno } = error
  const said = `${where}: ${errno === syntaxError ? 'the server does not understand the statement' : cleaned(error.sqlMessage ?? '')}`
  if (refusesTls.has(errno)) return new ProvisionerError('untrusted', `${where}: the server refuses TLS.`)
  if (asksOtherwise(error)) return new ProvisionerError('denied', `${said}.`)
  if (isDriversOwn(errno)) return new ProvisionerError('unreachable', `${said}.`)
  return new ProvisionerError(kindOf(errno), `${said} (${errno})`)
}

/** What the server numbers an error; null: it is none of the server. */
export const serverError = (error: unknown): number | null =>
  error instanceof SqlError && !isDriversOwn(error.errno) ? error.errno : null

/** MySQL asks for a user that it does not have by any plugin, so that nobody learns who is there; ours has one. */
export const asksOtherwise = (error: unknown): boolean => error instanceof SqlError && error.errno === 45_047

const isDriversOwn = (errno: number) => errno <= 0 || (errno > 45_000 && errno < 46_000)
const refusesTls = new Set([45_023])
/** Its text quotes from the statement. */
const syntaxError = 1064

const denied = new Set([1044, 1045, 1130, 1142, 1143, 1227, 1370, 1410, 1698, 1862, 1820, 3118, 4151])
/** Full, busy, going down, a lock that is held too long, no room on the disk: later it may be otherwise. */
const later = new Set([
  1021, 1026, 1030, 1040, 1041, 1053, 1114, 1129, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1226, 1317, 1836,
  1927, 1969, 2006, 2013, 3024, 3032, 3168, 3169, 4031,
])
const refused = new Set([1819, 3638])

function kindOf(errno: number): ProvisionerProblem {
  if (denied.has(errno)) return 'denied'
  if (later.has(errno)) return 'unreachable'
  return refused.has(errno) ? 'refused' : 'failed'
}

/** One line without control characters. */
const cleaned = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 300)
