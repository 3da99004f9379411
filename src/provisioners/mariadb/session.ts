import type { Connection } from 'mariadb'
import type { Target } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import type { Ask, Dialect, Version } from './dialect.ts'
import { mariadbDialect } from './mariadb-dialect.ts'
import { mysqlDialect } from './mysql-dialect.ts'

/** A connection of the portal's own account, and what is known of the server behind it. */
export interface Session {
  client: Connection
  target: Target
  dialect: Dialect
  ask: Ask
  /** The schema that the portal keeps its book in. */
  schema: string
}

/**
 * The standby's book has a schema of its own: what is written there stays there, and a row of the primary's that came
 * by replication must never meet one of it.
 */
export const schemas: Readonly<Record<Target, string>> = {
  primary: 'gatehouse',
  standby: 'gatehouse_replica',
}

export const dialects: readonly [Dialect, Dialect] = [mariadbDialect, mysqlDialect]

const dialectOf = (serverVersion: string) => dialects[serverVersion.includes('MariaDB') ? 0 : 1]

export const asAdmin = <T>(
  connections: Connections,
  target: Target,
  work: (session: Session) => Promise<T>,
): Promise<T> =>
  connections.asAdmin(target, client =>
    work({
      client,
      target,
      dialect: dialectOf(client.serverVersion()),
      ask: (sql, values = []) => client.query(sql, [...values]),
      schema: schemas[target],
    }),
  )

export const query = <R>(
  { ask }: Session,
  sql: string,
  values: readonly (string | number | null)[] = [],
): Promise<R[]> => ask<R>(sql, values)

/** "10.11.2-MariaDB" is 10.11.2. */
export function versionOf({ client }: Session): Version {
  const [major = 0, minor = 0, patch = 0] =
    /\d+(\.\d+)+/.exec(client.serverVersion())?.[0].split('.').map(Number) ?? []
  return [major, minor, patch]
}

export async function serverNow(session: Session): Promise<Date> {
  const [row] = await query<{ now: number | string }>(session, 'select unix_timestamp() as now')
  return new Date(Number(row?.now ?? 0) * 1000)
}
