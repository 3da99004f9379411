import { identifyPair } from '../identify-pair.ts'
import type { ServerIdentity } from '../provisioner.ts'
import { bookId, ensureBook } from './book.ts'
import type { Connections } from './connection.ts'
import { asAdmin, query, type Session } from './session.ts'

/**
 * The number that replication knows it by, its part, and on the primary the number of the portal's book there: a
 * promotion or another server changes it. A restore of the same server from a backup does not.
 */
export const identify = (connections: Connections): Promise<ServerIdentity> =>
  identifyPair(
    () =>
      asAdmin(connections, 'primary', async session => {
        await ensureBook(session)
        return `${await identityOf(session)} ${await bookId(session)}`
      }),
    connections.hasStandby ? () => asAdmin(connections, 'standby', identityOf) : null,
  )

async function identityOf(session: Session): Promise<string> {
  const [row] = await query<{ id: number | string }>(session, session.dialect.identityQuery)
  return `${row?.id ?? ''} ${(await isReadOnly(session)) ? 'standby' : 'primary'}`
}

/** Later versions have words for it. */
export async function isReadOnly(session: Session): Promise<boolean> {
  const [row] = await query<{ value: number | string }>(session, 'select @@global.read_only as value')
  return !['0', 'OFF'].includes(String(row?.value ?? 0).toUpperCase())
}
