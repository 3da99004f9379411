import { certificateNotBelieved } from '../../views/emails/database-certificate-not-believed.ts'
import type { Deps, Tx } from '../deps.ts'
import { paths } from '../paths.ts'
import { mailOperatorsAboutServer } from './operator-mails.ts'
import type { DatabaseServer } from './servers.ts'

/** To every operator: what the server shows is not what they have stored. */
export const mailCertificateNotBelieved = (
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  server: DatabaseServer,
  reason: string,
  accounts: number,
): Promise<void> =>
  mailOperatorsAboutServer(tx, deps, server, 'database-certificate-not-believed', name =>
    certificateNotBelieved({
      name,
      server: server.name,
      reason,
      accounts,
      address: `${deps.config.PUBLIC_URL}${paths.adminDatabaseServer(server.id)}`,
    }),
  )
