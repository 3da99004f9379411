import { ProvisionerError } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import { asAdmin, query, type Session } from './session.ts'

/** What the primary has done so far, as its global transaction ids; empty: it numbers nothing. */
export async function positionOf(session: Session): Promise<string> {
  const [row] = await query<{ position: string | null }>(session, session.dialect.positionQuery)
  return row?.position ?? ''
}

const seconds = 2

/** Waits a little until the standby has done the same. Throws `lagging` where it has not got so far. */
export async function untilReached(session: Session, position: string): Promise<void> {
  if (position === '')
    throw new ProvisionerError(
      'failed',
      `The primary gives its transactions no ids (GTID), so that nobody can tell how far the standby is. ${session.dialect.howToNumber}`,
    )
  const [row] = await query<{ late: number | null }>(session, session.dialect.waitQuery(seconds), [position])
  if (row?.late !== 0) throw new ProvisionerError('lagging', 'The standby server has not got so far yet.')
}

/** The standby has all that the primary has done, as far as that can be told. Throws `lagging`. */
export async function caughtUp(connections: Connections): Promise<void> {
  const position = await asAdmin(connections, 'primary', positionOf)
  if (position !== '') await asAdmin(connections, 'standby', standby => untilReached(standby, position))
}
