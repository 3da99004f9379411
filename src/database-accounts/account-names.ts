import { fold } from '../search-text.ts'

export const namePrefixes = { service: 'dbsrv_', user: 'dbusr_' } as const
export const longestAccountName = 18

/** Names that mean something to a database server, or to the portal itself, whatever their prefix. */
const reserved = new Set([
  'postgres',
  'root',
  'mysql',
  'mariadb',
  'db2inst1',
  'public',
  'dbsrv_gatehouse',
  'dbusr_gatehouse',
])

/** What is wrong with a name given for a service account, in words; null: it complies with the naming restrictions. */
export function serviceNameProblem(typed: string): string | null {
  const { service } = namePrefixes
  if (!typed.startsWith(service)) return `The Database Account ID must begin with ${service}`
  if (!/^[a-z0-9_]*$/.test(typed) || typed.slice(service.length).includes('_'))
    return `After ${service} the Database Account ID can only contain numbers and lowercase letters.`
  if (typed.length > longestAccountName)
    return `The Database Account ID has ${typed.length} characters. Use at most ${longestAccountName}, ${service} included.`
  if (typed === service) return `Enter at least one number or lowercase letter after ${service}`
  return null
}

/** Whether nobody may have that name on a server, of which the portal's own account is given. */
export const isReservedName = (name: string, adminName: string): boolean =>
  reserved.has(name) || name === adminName.toLowerCase()

/** The name of a person's account: out of their code, with a number if that is taken. */
export function userAccountName(personId: string, isTaken: (name: string) => boolean): string {
  const { user } = namePrefixes
  const code = codeOf(personId)
  const room = longestAccountName - user.length
  if (!isTaken(user + code.slice(0, room))) return user + code.slice(0, room)
  for (let n = 2; ; n++) {
    const name = user + numbered(code, n, room)
    if (!isTaken(name)) return name
  }
}

/** How all names begin that a person's account may get. */
export const userNamesBegin = (personId: string) => `${namePrefixes.user}${codeOf(personId).slice(0, 8)}`

const codeOf = (personId: string) => fold(personId).replace(/[^a-z0-9]/g, '') || 'person'

/** USER01's second account is not called like the first one of USER012. */
function numbered(code: string, n: number, room: number): string {
  const number = /\d$/.test(code.slice(0, room - String(n).length)) ? `x${n}` : String(n)
  return code.slice(0, room - number.length) + number
}
