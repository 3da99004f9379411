import { databaseServerSuspended } from '../../views/emails/database-server-suspended.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueueMails } from '../mail/outbox.ts'
import { paths } from '../paths.ts'
import { openAccounts } from './server-queries.ts'
import type { DatabaseServer } from './servers.ts'

/** To every operator: it takes one of them to look at the server. */
export async function mailServerSuspended(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  server: DatabaseServer,
  why: string,
): Promise<void> {
  const operators = await tx
    .selectFrom('persons')
    .select(['id', 'display_name', 'primary_email'])
    .where('role', '=', 'OPERATOR')
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute()
  const { total: accounts } = await openAccounts(tx, { serverId: server.id }, 0)
  const address = `${deps.config.PUBLIC_URL}${paths.adminDatabaseServer(server.id)}`
  await enqueueMails(
    tx,
    deps,
    operators.map(operator => ({
      ...databaseServerSuspended({
        name: operator.display_name,
        server: server.name,
        host: server.host,
        port: server.port,
        why,
        accounts,
        address,
      }),
      toAddress: operator.primary_email,
      toPerson: operator.id,
      template: 'database-server-suspended',
      about: { type: 'database-server', id: server.id },
    })),
  )
}
