import { databaseServerSuspended } from '../../views/emails/database-server-suspended.ts'
import type { Deps, Tx } from '../deps.ts'
import { paths } from '../paths.ts'
import { mailOperatorsAboutServer } from './operator-mails.ts'
import { openAccounts } from './server-queries.ts'
import type { DatabaseServer } from './servers.ts'

/** To every operator: it takes one of them to look at the server. */
export async function mailServerSuspended(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  server: DatabaseServer,
  why: string,
): Promise<void> {
  const { total: accounts } = await openAccounts(tx, { serverId: server.id }, 0)
  const address = `${deps.config.PUBLIC_URL}${paths.adminDatabaseServer(server.id)}`
  await mailOperatorsAboutServer(tx, deps, server, 'database-server-suspended', name =>
    databaseServerSuspended({
      name,
      server: server.name,
      host: server.host,
      port: server.port,
      why,
      accounts,
      address,
    }),
  )
}
