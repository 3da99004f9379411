import { type Account, ProvisionerError } from '../provisioner.ts'

/** Db2 keeps names of persons, roles and schemas in upper case. */
export const authId = (name: string): string => {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name))
    throw new ProvisionerError('failed', `“${name.slice(0, 40)}” can’t be a name in Db2.`)
  return name.toUpperCase()
}

/** A database is named in statements that know no quotes. */
export const databaseName = (name: string): string => {
  if (!/^[A-Za-z@#$][A-Za-z0-9@#$_]{0,7}$/.test(name))
    throw new ProvisionerError(
      'failed',
      `“${name.slice(0, 40)}” can’t be a database of Db2: 8 characters at most.`,
    )
  return name.toUpperCase()
}

const roleOf = ({ group, readOnly }: Pick<Account, 'group' | 'readOnly'>) =>
  authId(`GATEHOUSE_${group}_${readOnly ? 'RO' : 'RW'}`)

const inSchema = { ro: 'SELECTIN', rw: 'SELECTIN, INSERTIN, UPDATEIN, DELETEIN, EXECUTEIN' }

/** The role of the asset with its rights on every schema of an owner, and the account in it. Repeating it does no harm. */
export function grantStatements(account: Account): string[] {
  const role = roleOf(account)
  const rights = account.readOnly ? inSchema.ro : inSchema.rw
  return [
    // Made once: an error that says it is there already is what one wants to hear.
    `CREATE ROLE ${role}`,
    `GRANT CONNECT ON DATABASE TO ROLE ${role}`,
    ...account.owners.map(owner => `GRANT ${rights} ON SCHEMA ${authId(owner)} TO ROLE ${role}`),
    `GRANT ROLE ${role} TO USER ${authId(account.name)}`,
  ]
}

export const revokeStatements = (account: Account): string[] => [
  `REVOKE ROLE ${roleOf({ ...account, readOnly: false })} FROM USER ${authId(account.name)}`,
  `REVOKE ROLE ${roleOf({ ...account, readOnly: true })} FROM USER ${authId(account.name)}`,
  `REVOKE CONNECT ON DATABASE FROM USER ${authId(account.name)}`,
]

/** One handle a line. */
export const sessionsQuery = (name: string) =>
  `SELECT APPLICATION_HANDLE FROM TABLE(MON_GET_CONNECTION(CAST(NULL AS BIGINT), -1)) WHERE SESSION_AUTH_ID = '${authId(name)}'`

export const forceStatement = (handles: readonly string[]) =>
  `CALL SYSPROC.ADMIN_CMD('FORCE APPLICATION (${handles.join(', ')})')`

/** `"SCHEMA"."TABLE"`, one a line, quoted by the server: their owners may have put dots and quotes into the names. */
export const ownedQuery = (name: string) =>
  `SELECT '"' CONCAT REPLACE(RTRIM(TABSCHEMA), '"', '""') CONCAT '"."' CONCAT REPLACE(TABNAME, '"', '""') CONCAT '"' FROM SYSCAT.TABLES WHERE OWNER = '${authId(name)}' AND TYPE = 'T'`

const quotedTable = /^"(?:[^"]|"")+"\."(?:[^"]|"")+"$/

export const transferStatement = (table: string, to: string) => {
  // Such as one with a line break: the rest of it would be read as another table.
  if (!quotedTable.test(table))
    throw new ProvisionerError(
      'failed',
      `A table that it owns has a name that can’t be passed on: ${table.slice(0, 100)}. Rename or drop it.`,
    )
  return `TRANSFER OWNERSHIP OF TABLE ${table} TO USER ${authId(to)} PRESERVE PRIVILEGES`
}

/** Rights it has besides those of its role. */
export const directRightsQuery = (name: string) =>
  `SELECT 'rights on ' CONCAT RTRIM(TABSCHEMA) CONCAT '.' CONCAT TABNAME FROM SYSCAT.TABAUTH WHERE GRANTEE = '${authId(name)}' AND GRANTEETYPE = 'U'`
