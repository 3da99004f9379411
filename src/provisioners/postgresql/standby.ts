import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { type Position, ProvisionerError } from '../provisioner.ts'
import type { Connections } from './connection.ts'

/** Milliseconds; it mostly has it at once. */
const pauses = { first: 5, longest: 100 }

/** Waits a little until the standby has replayed a position. */
export async function hasReplayed(connections: Connections, position: Position): Promise<boolean> {
  if (position === null || !connections.hasStandby) return true
  return connections.asAdmin('standby', async standby => {
    let left = connections.options.standbySeconds * 1000
    for (let pause = pauses.first; !(await isAt(standby, position)); ) {
      if (left <= 0) return false
      await wait(pause)
      left -= pause
      pause = Math.min(pause * 2, pauses.longest)
    }
    return true
  })
}

async function isAt(standby: pg.Client, position: string): Promise<boolean> {
  const { rows } = await standby.query<{ recovery: boolean; reached: boolean | null }>(
    'select pg_is_in_recovery() as recovery, pg_last_wal_replay_lsn() >= $1::pg_lsn as reached',
    [position],
  )
  if (rows[0]?.recovery === false)
    throw new ProvisionerError('failed', 'The standby is none any more: it has been promoted.')
  return rows[0]?.reached === true
}

/** Throws `lagging` where it has not got so far. */
export async function untilReplayed(connections: Connections, position: Position): Promise<void> {
  if (!(await hasReplayed(connections, position)))
    throw new ProvisionerError('lagging', 'The standby server has not got so far yet.')
}
