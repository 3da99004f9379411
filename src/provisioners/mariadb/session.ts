import type { Connection } from 'mariadb'
import type { Target } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import type { Plugin } from './verifier.ts'

/** A connection of the portal's own account, and what is known of the server behind it. */
export interface Session {
  client: Connection
  target: Target
  isMariadb: boolean
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

export const asAdmin = <T>(
  connections: Connections,
  target: Target,
  work: (session: Session) => Promise<T>,
): Promise<T> =>
  connections.asAdmin(target, client =>
    work({
      client,
      target,
      isMariadb: client.serverVersion().includes('MariaDB'),
      schema: schemas[target],
    }),
  )

export const query = <R>(
  { client }: Session,
  sql: string,
  values: readonly (string | number | null)[] = [],
): Promise<R[]> => client.query<R[]>(sql, [...values])

/** The best that this server has. */
export async function pluginOf(session: Session): Promise<Plugin> {
  if (!session.isMariadb) return 'caching_sha2_password'
  const active = await query(
    session,
    `select 1 from information_schema.plugins where plugin_name = 'ed25519' and plugin_status = 'ACTIVE'`,
  )
  return active.length > 0 ? 'ed25519' : 'mysql_native_password'
}

export async function serverNow(session: Session): Promise<Date> {
  const [row] = await query<{ now: number | string }>(session, 'select unix_timestamp() as now')
  return new Date(Number(row?.now ?? 0) * 1000)
}
