import type pg from 'pg'
import { identifyPair } from '../identify-pair.ts'
import type { ServerIdentity } from '../provisioner.ts'
import type { Connections } from './connection.ts'

/** Cluster, timeline and part of both: a promotion, a restore to a point in time or another server changes it. */
export const identify = (connections: Connections): Promise<ServerIdentity> =>
  identifyPair(
    () => connections.asAdmin('primary', identityOf),
    connections.hasStandby ? () => connections.asAdmin('standby', identityOf) : null,
  )

async function identityOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ system: string; part: string; timeline: string }>(`
    select (select system_identifier::text from pg_control_system()) as system,
      case when pg_is_in_recovery() then 'standby' else 'primary' end as part,
      case when pg_is_in_recovery() then '' else substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end as timeline`)
  const [row] = rows
  return [row?.system, row?.part, row?.timeline].filter(Boolean).join(' ')
}
