import { ProvisionerError } from '../provisioner.ts'

/** Quoted for a statement. */
export const quoted = (name: string): string => {
  if (name === '' || hasNul(name) || [...name].length > 64)
    throw new ProvisionerError('failed', `“${name.slice(0, 40)}” can’t be a name in MariaDB.`)
  return `\`${name.replaceAll('`', '``')}\``
}

/** For sessions whose backslashes mean themselves, as all of ours (see the connection). */
export const literal = (text: string): string => {
  if (hasNul(text)) throw new ProvisionerError('failed', 'A text with a NUL character can’t be sent.')
  return `'${text.replaceAll("'", "''")}'`
}

/** An account of ours can be used from everywhere. */
export const accountOf = (name: string): string => {
  if (name === '' || [...name].length > 80)
    throw new ProvisionerError('failed', `“${name.slice(0, 40)}” can’t be an account in MariaDB.`)
  return `${literal(name)}@'%'`
}

/** As information_schema writes an account. */
export const granteeOf = (name: string, host = '%') => `'${name}'@'${host}'`

/** In a grant on a database `_` and `%` stand for other characters: `app_1` would be `appX1` too. */
export const databasePattern = (database: string): string => database.replace(/[\\_%]/g, '\\$&')

/** Held on the server while an account is worked on, so that a later process finds who is doing it. */
export const lockName = (mark: number | 'check') => `gatehouse:${mark}`

const hasNul = (text: string) => text.includes('\0')
